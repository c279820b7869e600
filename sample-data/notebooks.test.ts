import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditFile } from '../engine/audit/audit';
import { auditedFile, planAudit } from '../engine/audit/audit-plan';
import type { Catalog } from '../engine/catalog/model';
import { decodeColumns } from '../engine/database/rows';
import { describeSource, loadSource } from '../engine/database/source-loader';
import { openNodeHost, type NodeHost } from '../engine/node/host';
import { analyse, type Analysis } from '../engine/notebook/analysis';
import { parseNotebook } from '../engine/notebook/parse';
import { skewMismatches } from '../engine/skew/mismatches';
import type { BuiltSkew } from '../engine/skew/skew';
import { compareCase } from '../engine/testing/skew-case';
import { buildTrainingSet } from '../engine/training/training-set';
import { makeSample, type Sample } from './sample';
import { Production, type ServedRow } from './serving-log';
import type { TheirRow } from './their-training';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

function read(name: string): Analysis {
  return analyse([parseNotebook(readFileSync(`${FOLDER}${name}`, 'utf8'), name).document]);
}

it('the notebooks have nothing to complain about', () => {
  expect(read('streamrec.plumb.md').diagnostics).toEqual([]);
  expect(read('flights.plumb.md').diagnostics).toEqual([]);
  expect(read('stream.plumb.md').diagnostics).toEqual([]);
});

describe('the StreamRec tour', () => {
  let host: NodeHost;
  let catalog: Catalog;
  let skew: BuiltSkew;
  let sample: Sample;
  beforeAll(async () => {
    sample = makeSample();
    host = await openNodeHost(FOLDER);
    catalog = read('streamrec.plumb.md').catalog;
    for (const source of catalog.sources.values())
      await loadSource(host.database, host.files, host.reader, source);
    const set = catalog.trainingSets.get('train');
    const check = catalog.skews.get('serving');
    if (!set || !check) throw new Error('the notebook lacks train or serving');
    await buildTrainingSet(host.database, catalog, set, { sample: null });
    skew = await compareCase(host.database, catalog, check, { causes: true });
  }, 300_000);
  afterAll(() => host.close());

  it('has training values that equal those of a second implementation, bit for bit', async () => {
    const defined = new Production(sample.interactions, sample.userDays, sample.itemDays, false);
    const expected = sample.starts.map((start) => defined.answer(start));
    const bytes = await host.database.query('SELECT * FROM _plumb.training_train ORDER BY __row');
    const columns = new Map(decodeColumns(bytes).map(({ name, values }) => [name, values]));
    expect(columns.get('user_id')).toEqual(expected.map((row) => row.user));
    expect(columns.get('event_timestamp')).toEqual(expected.map((row) => BigInt(row.at)));
    for (const { column } of catalog.trainingSets.get('train')?.features ?? []) {
      const found = columns.get(column)?.map((value) => (typeof value === 'bigint' ? Number(value) : value));
      expect(found, column).toEqual(expected.map((row) => row[column as keyof typeof row]));
    }
  }, 300_000);

  it('differs from the serving log in the four known features and in no other', () => {
    const differing = skew.result.features.filter((feature) => feature.mismatches > 0);
    expect(differing.map((feature) => feature.column)).toEqual([
      'user_7d_completion_rate',
      'user_7d_items',
      'user_last_category',
      'user_sessions_30d',
    ]);
    for (const feature of skew.result.features) {
      expect(feature.compared, feature.ref).toBeGreaterThan(12_000);
      if (feature.mismatches > 0) continue;
      expect(feature.max_abs_diff ?? 0, feature.ref).toBe(0);
      expect([feature.psi ?? 0, feature.ks ?? 0], feature.ref).toEqual([0, 0]);
    }
  });

  it('names the four planted causes, each for every row that differs', () => {
    const found = skew.result.features.flatMap(({ column, attribution }) =>
      attribution ? [[column, attribution.verdict, attribution.remaining]] : [],
    );
    expect(found).toEqual([
      ['user_7d_completion_rate', 'boundary:closed', 0],
      ['user_7d_items', 'zone:+5h', 0],
      ['user_last_category', 'default:null', 0],
      ['user_sessions_30d', 'stale:1d', 0],
    ]);
  });

  it('finds a NULL in the log wherever the training set has the default category', async () => {
    const category = skew.result.features.find((feature) => feature.column === 'user_last_category');
    const page = { limit: skew.mismatches, offset: 0 };
    const rows = (await skewMismatches(host.database, skew, page)).filter(
      (row) => row['feature'] === 'user_last_category',
    );
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.every((row) => row['left'] === 'unknown' && row['right'] === null)).toBe(true);
    expect(category?.null_rate).toEqual([0, rows.length / (category?.compared ?? 0)]);
  });

  it('finds in the other team’s training file what is known to be in it', async () => {
    const check = catalog.audits.get('theirs');
    if (!check) throw new Error('the notebook lacks the audit');
    const columns = await describeSource(host.database, host.files, host.reader, auditedFile(check));
    const { plan } = planAudit(catalog, check, columns);
    const { result } = await auditFile(host, catalog, plan!);
    const defined = new Production(sample.interactions, sample.userDays, sample.itemDays, false);
    const right = sample.theirs.map((row) => defined.answer(row));
    const differing = (pick: (row: TheirRow) => unknown, name: keyof ServedRow) =>
      sample.theirs.filter((row, index) => pick(row) !== right[index]![name]).length;
    const wrong = (column: string) => {
      const feature = result.features.find((one) => one.column === column);
      return feature === undefined ? null : result.rows - feature.right;
    };
    expect(result.rows).toBe(sample.theirs.length);
    expect(wrong('completion_rate')).toBe(differing((row) => row.completion_rate, 'user_7d_completion_rate'));
    expect(wrong('user_tier')).toBe(differing((row) => row.user_tier, 'user_tier'));
    expect(wrong('user_sessions_30d')).toBe(differing((row) => row.user_sessions_30d, 'user_sessions_30d'));
    expect(wrong('user_avg_rating')).toBe(differing((row) => row.user_avg_rating, 'user_avg_rating'));
    expect([wrong('item_7d_completion_rate'), wrong('item_1d_views')]).toEqual([0, 0]);
    const [rate, tier] = result.features;
    expect(rate).toMatchObject({
      stale: 0,
      wrong: 0,
      not_decidable: 0,
      ahead: { median_us: 1, max_us: 1 },
      reasons: [{ reason: 'closed_window' }],
    });
    expect(tier?.equals_naive).toBe(wrong('user_tier'));
    expect(result.percent_not_right).toBeLessThan(check.limit);
  }, 300_000);
});
