import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog, Feature, FeatureView, TrainingSet } from '../catalog/model';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { openTestDatabase } from '../testing/test-database';
import { buildTrainingSet } from './training-set';
import { halfOpen } from '../catalog/window';

const HOUR = 3_600_000_000n;
const feature = (
  name: string,
  type: Feature['type'],
  definition: Feature['definition'],
  zero = false,
): Feature => ({
  name,
  type,
  definition,
  default: zero ? { kind: 'zero' } : { kind: 'none' },
  missingIndicator: false,
  description: '',
});
const view = (name: string, kind: FeatureView['kind'], source: string, features: Feature[]): FeatureView => ({
  name,
  kind,
  entities: ['user'],
  source,
  timestamp: 'ts',
  validity: null,
  createdTimestamp: null,
  ttl: kind === 'table' ? 2n * HOUR : null,
  features,
  description: '',
  tags: {},
});
const set: TrainingSet = {
  name: 'train',
  spineSql: 'SELECT * FROM spine_rows -- all of them',
  timestamp: 'ts',
  label: 'label',
  features: [
    { view: 'act', feature: 'n', column: 'n' },
    { view: 'prof', feature: 'tier', column: 'tier' },
    { view: 'act', feature: 'rate', column: 'rate' },
    { view: 'act', feature: 'expr', column: 'expr' },
  ],
  export: null,
};
const all = { fn: 'count', of: '*', where: null } as const;
const catalog: Catalog = {
  sources: new Map(),
  entities: new Map([['user', { name: 'user', joinKeys: [{ name: 'u', type: 'int64' }], description: '' }]]),
  views: new Map([
    [
      'act',
      view('act', 'aggregate', 'ev', [
        feature('n', 'int64', { kind: 'aggregation', window: halfOpen(2n * HOUR), aggregation: all }),
        feature(
          'rate',
          'float64',
          {
            kind: 'ratio',
            window: halfOpen(4n * HOUR),
            of: { fn: 'count', of: '*', where: 'v > 1' },
            over: all,
          },
          true,
        ),
        feature('expr', 'float64', {
          kind: 'expression',
          window: halfOpen(4n * HOUR),
          expression: 'sum(v) / count(*)',
        }),
      ]),
    ],
    ['prof', view('prof', 'table', 'pr', [feature('tier', 'string', { kind: 'column', column: 't' })])],
  ]),
  trainingSets: new Map([['train', set]]),
  skews: new Map(),
  drifts: new Map(),
  onDemandViews: new Map(),
  audits: new Map(),
  materializations: new Map(),
  backfills: new Map(),
  replays: new Map(),
  lookups: new Map(),
  queries: new Map(),
  charts: new Map(),
};

describe('buildTrainingSet', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`
      CREATE TABLE _plumb.source_ev AS SELECT u, TIMESTAMP '2025-01-01' + to_hours(h) AS ts, v, i AS __order
        FROM (VALUES (1, 0, 1, 0), (1, 1, 2, 1), (1, 3, 3, 2), (2, 1, 5, 3), (NULL, 1, 5, 4)) e(u, h, v, i);
      CREATE TABLE _plumb.source_pr AS SELECT u, TIMESTAMP '2025-01-01' + to_hours(h) AS ts, t, i AS __order
        FROM (VALUES (1, 0, 'a', 0), (1, 2, NULL, 1), (1, 2, 'b', 2), (2, 0, 'c', 3)) e(u, h, t, i);
      CREATE TABLE spine_rows AS SELECT u, TIMESTAMP '2025-01-01' + to_hours(h) AS ts, l AS label
        FROM (VALUES (1, 3, 1), (1, 2, 0), (2, 1, 0), (2, 5, 1), (NULL, 2, 1), (9, 2, 0), (1, 3, 1), (1, NULL, 1)) e(u, h, l)`);
  });
  afterAll(() => db.close());

  it('gives the spine’s rows in order with values, statuses and leaks', async () => {
    const built = await buildTrainingSet(db, catalog, set, { sample: null });
    expect(built.rows).toBe(8);
    expect(built.columns.map((column) => column.name)).toEqual([
      'u',
      'ts',
      'label',
      'n',
      'tier',
      'rate',
      'expr',
    ]);
    const rows = await queryRows(db, 'SELECT * FROM _plumb.training_train ORDER BY __row');
    const shown = rows.map((row) => [row['u'], row['n'], row['tier'], row['rate'], row['expr']]);
    expect(shown).toEqual([
      [1, 1n, 'b', 0.5, 1.5],
      [1, 2n, 'b', 0.5, 1.5],
      [2, 0n, 'c', 0, null],
      [2, 0n, null, 1, 5],
      [null, 0n, null, 0, null],
      [9, 0n, null, 0, null],
      [1, 1n, 'b', 0.5, 1.5],
      [1, 0n, null, 0, null],
    ]);
    const statuses = rows.map((row) => [0, 1, 2, 3].map((i) => row[`__status_${i}`]).join(' '));
    expect(statuses).toEqual([
      'present present present present',
      'present present present present',
      'missing present missing missing',
      'expired expired present present',
      'missing missing missing missing',
      'missing missing missing missing',
      'present present present present',
      'missing missing missing missing',
    ]);
    expect(rows.map((row) => [row['__naive_0'], row['__leaks_0'], row['__leaks_1']])).toEqual([
      [1n, false, false],
      [1n, true, false],
      [0n, false, false],
      [0n, false, false],
      [0n, false, false],
      [0n, false, false],
      [1n, false, false],
      [1n, false, false],
    ]);
    expect(built.warnings).toEqual([
      'prof: 3 rows take their value from several rows of pr that tie on ts; the last one in file order was used.',
    ]);
    expect(await queryRows(db, 'SELECT count(*) AS n FROM main.train')).toEqual([{ n: 8n }]);
  });
});
