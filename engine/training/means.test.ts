import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DefaultPolicy, Feature, FeatureView } from '../catalog/model';
import { halfOpen } from '../catalog/window';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { buildTrainingSet, type BuiltTrainingSet } from './training-set';

const DAY = 86_400_000_000n;
const MEAN: DefaultPolicy = { kind: 'global_mean' };
const BY_TIER: DefaultPolicy = { kind: 'category_mean', by: 'tier' };
const column = (name: string, type: Feature['type'], policy: DefaultPolicy): Feature => ({
  ...aFeature(name, type, { kind: 'column', column: name }),
  default: policy,
});
const tier = column('tier', 'string', { kind: 'constant', value: 'free' });

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
  // Rows: key, day of January 2025, value, tier. What happens on day 10 or later may count in no mean.
  await db.query(`CREATE TABLE _plumb.source_ev AS
    SELECT user_id, TIMESTAMP '2025-01-01' + to_days(d - 1) AS ts, TIMESTAMP '2025-01-01' + to_days(k - 1) AS known,
      amount, TRY_CAST(floor(amount) AS BIGINT) AS points, CAST(amount / 3 AS FLOAT) AS small, tier, __order
    FROM (VALUES (1, 1, 1, 1.0, 'gold', 0), (1, 2, 2, 2.0, 'gold', 1), (2, 3, 3, 6.0, 'free', 2), (3, 4, 4, NULL, 'gold', 3),
      (4, 5, 12, 100.0, 'gold', 4), (5, 6, 6, 'NaN'::DOUBLE, 'gold', 5), (6, 7, 7, 5.5, NULL, 6), (7, 10, 10, 900.0, 'gold', 7),
      (8, 8, 8, NULL, 'new', 8), (9, 9, 9, NULL, NULL, 9)) e(user_id, d, k, amount, tier, __order)`);
});
afterAll(() => db.close());

const SPINE = `SELECT user_id, TIMESTAMP '2025-01-01' + to_days(d - 1) AS ts FROM (VALUES
  (3, 20), (1, 20), (77, 10), (8, 20), (9, 20), (NULL, 20), (7, NULL)) s(user_id, d)`;

async function build(
  view: FeatureView,
  availableAt: string | null = null,
  features = view.features.map(({ name }) => name),
  spine = SPINE,
): Promise<{ built: BuiltTrainingSet; rows: Record<string, unknown>[] }> {
  const set = { ...aSet(spine, [view]) };
  set.features = set.features.filter(({ feature }) => features.includes(feature));
  const catalog = catalogOf({ views: [view], sources: ['ev'], sets: [set] });
  const ev = { ...catalog.sources.get('ev')!, availableAt };
  const built = await buildTrainingSet(db, { ...catalog, sources: new Map([['ev', ev]]) }, set, {
    sample: 3,
  });
  return { built, rows: await queryRows(db, 'SELECT * FROM main.train') };
}

describe('means of a feature table', () => {
  it('are taken over finite values before the earliest time of the whole spine, not of the sample', async () => {
    const { built, rows } = await build(aView('v', 'table', 'ev', [column('amount', 'float64', MEAN)]));
    expect(built.means).toEqual([
      {
        ref: 'v:amount',
        before: '2025-01-10T00:00:00.000000Z',
        mean: 114.5 / 5,
        rows: 5,
        by: null,
        categories: [],
      },
    ]);
    expect(rows.map((row) => row['amount'])).toEqual([22.9, 22.9, 22.9]);
  });

  it('leave out rows that were not known before it', async () => {
    const { built } = await build(aView('v', 'table', 'ev', [column('amount', 'float64', MEAN)]), 'known');
    expect(built.means[0]).toMatchObject({ mean: 14.5 / 4, rows: 4 });
  });

  it('round half away from zero for whole numbers, without loss beyond 2^53', async () => {
    await db.query(`CREATE OR REPLACE TABLE _plumb.source_big AS SELECT 1 AS user_id, TIMESTAMP '2025-01-01' AS ts, a, b, c, i AS __order
      FROM (VALUES (-1::BIGINT, 9007199254740993::BIGINT, 3::INTEGER, 0), (-2, 9007199254740993, 4, 1)) e(a, b, c, i)`);
    const features = ['a', 'b', 'c'].map((name) => column(name, name === 'c' ? 'int32' : 'int64', MEAN));
    const view = aView('v', 'table', 'big', features);
    const set = aSet(`SELECT 9 AS user_id, TIMESTAMP '2025-01-02' AS ts`, [view]);
    const built = await buildTrainingSet(db, catalogOf({ views: [view], sets: [set] }), set, {
      sample: null,
    });
    expect(built.means.map(({ mean }) => mean)).toEqual([-2, '9007199254740993', 4]);
    const [row] = await queryRows(db, 'SELECT a, b, c FROM main.train');
    expect(row).toEqual({ a: -2n, b: 9_007_199_254_740_993n, c: 4 });
  });

  it('by category fall back to the mean of all where the category is NULL or unseen; its own default has no say', async () => {
    const view = aView('v', 'table', 'ev', [column('amount', 'float64', BY_TIER), tier]);
    const { built } = await build(view, null, ['amount']);
    expect(built.means[0]).toMatchObject({
      mean: 22.9,
      by: 'tier',
      categories: [
        { value: 'free', mean: 6, rows: 1 },
        { value: 'gold', mean: 103 / 3, rows: 3 },
      ],
    });
    const set = aSet(SPINE, [view]);
    set.features = set.features.filter(({ feature }) => feature === 'amount');
    await buildTrainingSet(db, catalogOf({ views: [view], sets: [set] }), set, { sample: null });
    const rows = await queryRows(db, 'SELECT user_id, amount FROM main.train');
    expect(rows.map((row) => [row['user_id'], row['amount']])).toEqual([
      [3, 103 / 3],
      [1, 2],
      [77, 22.9],
      [8, 22.9],
      [9, 22.9],
      [null, 22.9],
      [7, 22.9],
    ]);
    expect(rows[0]).not.toHaveProperty('tier');
  });

  it('refuse more categories than a set can carry, and take as many as it can', async () => {
    await db.query(`CREATE OR REPLACE TABLE _plumb.source_many AS SELECT i AS user_id, TIMESTAMP '2025-01-01' AS ts,
      CAST(i AS DOUBLE) AS amount, 't' || i AS tier, i AS __order FROM range(10001) r(i)`);
    const view = aView('v', 'table', 'many', [column('amount', 'float64', BY_TIER), tier]);
    const set = aSet(`SELECT 9 AS user_id, TIMESTAMP '2025-01-02' AS ts`, [view]);
    const building = () =>
      buildTrainingSet(db, catalogOf({ views: [view], sets: [set] }), set, { sample: null });
    await expect(building()).rejects.toMatchObject({
      code: 'catalog.not_supported',
      message: 'v:amount would have means of 10001 categories; at most 10000 are supported',
    });
    await db.query('DELETE FROM _plumb.source_many WHERE user_id = 10000');
    const built = await building();
    expect(built.means[0]!.categories).toHaveLength(10_000);
  });

  it('stand in for float32 as float32, and each SQL text holds the number', async () => {
    const { built, rows } = await build(aView('v', 'table', 'ev', [column('small', 'float32', MEAN)]));
    expect(rows[0]!['small']).toBe(Math.fround(built.means[0]!.mean as number));
    const result = built.sqlTexts.find(({ name }) => name === 'result')!.sql;
    expect(result).toContain(String(built.means[0]!.mean));
    expect(built.sqlTexts.map(({ name }) => name)).toContain('mean of v:small');
  });

  it('leave NULL where nothing was visible, or the spine has no time', async () => {
    const view = aView('v', 'table', 'ev', [column('amount', 'float64', MEAN)]);
    const early = await build(view, null, ['amount'], `SELECT 3 AS user_id, TIMESTAMP '2024-01-01' AS ts`);
    expect(early.built.means[0]).toMatchObject({ mean: null, rows: 0 });
    expect(early.rows[0]!['amount']).toBeNull();
    const never = await build(view, null, ['amount'], 'SELECT 3 AS user_id, NULL::TIMESTAMP AS ts');
    expect(never.built.means[0]).toMatchObject({ before: null, mean: null, rows: 0 });
    expect(never.rows[0]!['amount']).toBeNull();
  });
});

describe('means of other views', () => {
  it('are over the snapshot of all entities for windows', async () => {
    const sum = aFeature('total', 'float64', {
      kind: 'aggregation',
      window: halfOpen(30n * DAY),
      aggregation: { fn: 'max', of: 'amount', where: 'NOT isnan(amount)' },
    });
    const { built, rows } = await build(aView('v', 'aggregate', 'ev', [{ ...sum, default: MEAN }]));
    expect(built.means[0]).toMatchObject({ mean: (2 + 6 + 100 + 5.5) / 4, rows: 4 });
    expect(rows.map((row) => row['total'])).toEqual([28.375, 28.375, 28.375]);
  });

  it('are over the rows that had begun for a dimension', async () => {
    await db.query(`CREATE OR REPLACE TABLE _plumb.source_dim AS SELECT ts AS since, ts + to_days(1) AS until, * EXCLUDE (ts)
      FROM _plumb.source_ev`);
    const view = aView('v', 'dimension', 'dim', [column('points', 'int64', MEAN)], {
      timestamp: 'since',
      validity: { from: 'since', to: 'until' },
    });
    const set = aSet(SPINE, [view]);
    const built = await buildTrainingSet(
      db,
      catalogOf({ views: [view], sources: ['dim'], sets: [set] }),
      set,
      { sample: null },
    );
    expect(built.means[0]).toMatchObject({ mean: 23, rows: 5, by: null });
  });
});

describe('missing indicators', () => {
  const flagged = (policy: DefaultPolicy): Feature => ({
    ...column('amount', 'float64', policy),
    missingIndicator: true,
  });

  it('stand right after their feature and tell where it was NULL before the default', async () => {
    const { built, rows } = await build(aView('v', 'table', 'ev', [flagged({ kind: 'zero' }), tier]));
    expect(built.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'user_id INTEGER',
      'ts TIMESTAMP',
      'amount DOUBLE',
      'amount__missing BOOLEAN',
      'tier VARCHAR',
    ]);
    expect(rows.map((row) => [row['amount'], row['amount__missing']])).toEqual([
      [0, true],
      [0, true],
      [0, true],
    ]);
    expect(built.features.map(({ column: name }) => name)).toEqual(['amount', 'tier']);
  });

  it('may not take the name of another column', async () => {
    const other = aFeature('amount__missing', 'string', { kind: 'column', column: 'tier' });
    const failure = build(aView('v', 'table', 'ev', [flagged({ kind: 'none' }), other]));
    await expect(failure).rejects.toMatchObject({ code: 'catalog.name_collision' });
  });
});
