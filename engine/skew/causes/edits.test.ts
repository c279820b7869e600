import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { Catalog } from '../../catalog/model';
import { analyse } from '../../notebook/analysis';
import { parseNotebook } from '../../notebook/parse';
import { queryRows } from '../../database/rows';
import type { Database } from '../../database/database';
import { withDefault } from '../../sql/default-value';
import { prepareView } from '../../sql/view-facts';
import { valuesSql } from '../../sql/view-values';
import { answers, ask } from '../../testing/serving/attribution-case';
import { servedFeatures } from '../../testing/serving/features';
import { loadWorld } from '../../testing/serving/load';
import { differ } from '../../testing/serving/log';
import { mistakesOf, Service, type Served } from '../../testing/serving/service';
import { makeWorld } from '../../testing/serving/world';
import { openTestDatabase } from '../../testing/test-database';
import type { CauseEdit } from './attribution';

const WORLD = makeWorld(7, { users: 30, requests: 500 });
const SERVICE = new Service(WORLD);

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
  await loadWorld(db, WORLD);
});
afterAll(() => db.close());

const ACTS = `features:
  different_7d: { type: int64, window: 7d, count_distinct: n }
  sum_7d: { type: float64, window: 7d, sum: x, default: zero }
  max_7d: { type: int32, window: 7d, max: n, default: -1 }
  avg_1d: { type: float64, window: 1d, avg: x }
`;
const CELLS: Record<string, string> = {
  acts: `entity: user\nsource: acts_source\n${ACTS}`,
  late_acts: `entity: user\nsource: late_acts\n${ACTS}`,
  made_facts: `entity: user\nsource: facts_source\nttl: 2d\ncreated_timestamp: made\nfeatures:\n  n: { type: int32 }\n`,
  facts: `entity: user\nsource: facts_source\nttl: 2d\nfeatures:\n  n: { type: int32 }\n  x: { type: float64, default: zero }\n`,
};

/** The view by itself, and the source that it reads where that has another name in the catalog of the tests. */
function catalogWith(view: string, edits: readonly CauseEdit[]): Catalog {
  const source = { acts: 'acts', late_acts: 'late_acts', facts: 'facts', made_facts: 'facts' }[view]!;
  const cells: Record<string, string> = {
    [view]: CELLS[view]!.replace(/source: .*/, 'source: origin'),
    origin: `files: a.parquet\ntimestamp: ts\n${view === 'late_acts' ? 'available_at: known\n' : ''}`,
  };
  for (const edit of edits) {
    const cell = edit.path[0] === 'available_at' ? 'origin' : view;
    const yaml = parseDocument(cells[cell]!);
    if ('remove' in edit) yaml.deleteIn(edit.path);
    else if ('rename' in edit) {
      const place = [...edit.path.slice(0, -1), edit.rename];
      yaml.setIn(place, yaml.getIn(edit.path));
      yaml.deleteIn(edit.path);
    } else yaml.setIn(edit.path, edit.value);
    cells[cell] = String(yaml);
  }
  const text = [
    '---\nplumbline: 1\n---\n',
    '```yaml entity user\njoin_keys: { user_id: int64 }\n```\n',
    `\`\`\`yaml source origin\n${cells['origin']}\`\`\`\n`,
    `\`\`\`yaml view ${view}\n${cells[view]}\`\`\`\n`,
  ].join('\n');
  const analysis = analyse([parseNotebook(new TextEncoder().encode(text), 'a.plumb.md').document]);
  expect(analysis.diagnostics).toEqual([]);
  const { catalog } = analysis;
  const own = { ...catalog.views.get(view)!, source };
  const origin = { ...catalog.sources.get('origin')!, name: source };
  return { ...catalog, views: new Map([[view, own]]), sources: new Map([[source, origin]]) };
}

async function valuesOf(catalog: Catalog, view: string, feature: string): Promise<Served[]> {
  const compiled = await prepareView(db, catalog, view, [feature]);
  const points = { sql: 'SELECT "__row", "__t", user_id AS "__k0" FROM _plumb.source_log' };
  const values = valuesSql(compiled, points, { keepKeys: false, ignoreTtl: false, keepExpired: false });
  const rows = await queryRows(
    db,
    `SELECT ${withDefault(compiled.features[0]!.feature, '"__v0"')} AS v FROM (${values}) ORDER BY "__row"`,
  );
  return rows.map(({ v }) => (typeof v === 'bigint' ? Number(v) : (v as Served)));
}

it.each([
  ['acts:sum_7d', 'boundary:closed', ['boundary']],
  ['acts:sum_7d', 'length:x2', ['window']],
  ['acts:avg_1d', 'length:x1/24', ['window']],
  ['acts:sum_7d', 'zone:+5.5h', ['offset']],
  ['acts:max_7d', 'stale:1d', ['offset']],
  ['acts:different_7d', 'duplicates:counted', ['count_distinct']],
  ['acts:max_7d', 'default:null', ['default']],
  ['acts:avg_1d', 'default:-7', ['default']],
  ['acts:avg_1d', 'cast:float32', ['type']],
  ['acts:avg_1d', 'cast:rounded', ['type']],
  ['late_acts:max_7d', 'late', ['available_at']],
  ['facts:n', 'ttl', ['ttl']],
  ['made_facts:n', 'ties:last', ['created_timestamp']],
  ['acts:sum_7d', 'boundary:closed + length:x2', ['boundary', 'window']],
])('%s: the edits for %s make both sides agree', async (ref, cause, keys) => {
  const [view, name] = ref.split(':') as [string, string];
  const feature = servedFeatures().find((one) => one.view === view && one.name === name)!;
  const left = answers(SERVICE, WORLD, feature, {});
  const right = answers(SERVICE, WORLD, feature, mistakesOf(cause.split(' + ')));
  const { causes, verdict } = await ask(db, WORLD, feature, left, right);
  expect(verdict).toBe(cause);
  const [named] = causes;
  expect(named!.edits.map(({ path }) => path.at(-1))).toEqual(keys);
  expect(named!.hint).toBeNull();
  const edited = await valuesOf(catalogWith(view, named!.edits), view, name);
  const plain = await valuesOf(catalogWith(view, []), view, name);
  const apart = (values: Served[], others: Served[]): number =>
    values.filter((value, row) => differ(value, others[row]!)).length;
  expect(apart(plain, left)).toBe(0);
  expect(apart(edited, right)).toBe(0);
});

it.each([
  ['acts:sum_7d', 'zone:-5h'],
  ['facts:n', 'stale:1d'],
  ['facts:n', 'ties:first'],
  ['late_acts:last_7d', 'ties:first'],
  ['acts:sum_7d', 'refresh:1d'],
  ['acts:avg_1d', 'cast:truncated'],
])('%s: no definition says %s, so that there is a hint instead', async (ref, cause) => {
  const [view, name] = ref.split(':') as [string, string];
  const feature = servedFeatures().find((one) => one.view === view && one.name === name)!;
  const right = answers(SERVICE, WORLD, feature, mistakesOf([cause]));
  const { causes } = await ask(db, WORLD, feature, answers(SERVICE, WORLD, feature, {}), right);
  const named = causes.find((one) => one.cause === cause || one.alike.includes(cause))!;
  expect(named.explains).toBe(1);
  if (named.cause === cause) expect([named.edits, named.hint === null]).toEqual([[], false]);
});
