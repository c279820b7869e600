import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog, FeatureView, TrainingSet } from '../catalog/model';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { compileView } from '../sql/compiled-view';
import { featureRowsSql } from '../sql/feature-rows';
import { requireDisjoint } from '../sql/interval-overlap';
import { snapshotSql } from '../sql/snapshot';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { buildTrainingSet } from './training-set';

const tier = aFeature('tier', 'string', { kind: 'column', column: 'tier' });
const plans = (more: Partial<FeatureView> = {}): FeatureView =>
  aView('plans', 'dimension', 'dim', [tier], {
    timestamp: 'since',
    validity: { from: 'since', to: 'until' },
    ...more,
  });

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

/** Rows of key, valid_from, valid_to, when known, tier: times as days of January 2025, in file order. */
async function source(rows: string): Promise<void> {
  await db.query(`CREATE OR REPLACE TABLE _plumb.source_dim AS
    SELECT user_id, day(f) AS since, day(u) AS until, day(k) AS known, tier, __order
    FROM (VALUES ${rows}) e(user_id, f, u, k, tier, __order)`);
}
function setOf(spine: string): TrainingSet {
  return aSet(`SELECT user_id, day(d) AS ts FROM (VALUES ${spine}) s(user_id, d)`, [plans()]);
}
const catalogWith = (set?: TrainingSet, availableAt: string | null = null): Catalog => {
  const catalog = catalogOf({ views: [plans()], sources: ['dim'], sets: set ? [set] : [] });
  const [dim] = catalog.sources.values();
  return { ...catalog, sources: new Map([['dim', { ...dim!, timestamp: null, availableAt }]]) };
};
async function build(spine: string, availableAt: string | null = null): Promise<unknown[][]> {
  const set = setOf(spine);
  await buildTrainingSet(db, catalogWith(set, availableAt), set, { sample: null });
  const rows = await queryRows(db, 'SELECT * FROM _plumb.training_train ORDER BY __row');
  return rows.map((row) => [row['tier'], row['__status_0'], row['__naive_0'], row['__leaks_0']]);
}

beforeAll(async () => {
  await db.query(`CREATE OR REPLACE MACRO day(d) AS
    TIMESTAMP '2025-01-01' + to_microseconds(CAST(round((d - 1) * 86400000000) AS BIGINT))`);
});

describe('a dimension at a spine row', () => {
  beforeEach(() =>
    source(`(1, 2.0, 5.0, 2.0, 'free', 0), (1, 5.0, NULL, 9.0, 'gold', 1), (2, 2.0, 4.0, 2.0, NULL, 2),
      (2, 4.0, 4.0, 4.0, 'never', 3), (2, 6.0, 5.0, 6.0, 'backwards', 4), (3, NULL, NULL, 1.0, 'no start', 5),
      (NULL, 1.0, NULL, 1.0, 'nobody', 6), (NULL, 1.0, NULL, 1.0, 'nobody', 7)`),
  );

  it('takes the row with valid_from <= t < valid_to, to the microsecond', async () => {
    const spine = `(1, 1.9999999999), (1, 2.0), (1, 4.99999999999), (1, 5.0), (1, 30.0), (2, 3.0), (2, 4.0), (2, 6.0),
      (3, 9.0), (NULL, 3.0), (9, 3.0), (1, NULL)`;
    expect(await build(spine)).toEqual([
      [null, 'missing', 'gold', true],
      ['free', 'present', 'gold', true],
      ['free', 'present', 'gold', true],
      ['gold', 'present', 'gold', false],
      ['gold', 'present', 'gold', false],
      [null, 'null', 'backwards', true],
      [null, 'expired', 'backwards', true],
      [null, 'expired', 'backwards', false],
      [null, 'missing', null, false],
      [null, 'missing', null, false],
      [null, 'missing', null, false],
      [null, 'missing', 'gold', false],
    ]);
  });

  it('sees a row only from when it was known', async () => {
    expect(await build('(1, 2.0), (1, 6.0), (1, 9.0), (2, 3.0)', 'known')).toEqual([
      ['free', 'present', 'gold', true],
      [null, 'expired', 'gold', true],
      ['gold', 'present', 'gold', false],
      [null, 'null', 'backwards', true],
    ]);
  });

  it('is materialized as a spine row at the end would see it', async () => {
    for (const [at, expected] of [
      [1, []],
      [
        3,
        [
          [1, 2, 'free'],
          [2, 2, null],
        ],
      ],
      [
        4,
        [
          [1, 2, 'free'],
          [2, 4, null],
        ],
      ],
      [
        7,
        [
          [1, 5, 'gold'],
          [2, 6, null],
        ],
      ],
    ] as const) {
      const micros = BigInt(Date.UTC(2025, 0, at)) * 1000n;
      const rows = await queryRows(db, snapshotSql(compileView(catalogWith(), 'plans'), micros, null));
      const days = rows.map((row) => [
        Number(row['user_id']),
        new Date(Number(row['__event_ts']) / 1000).getUTCDate(),
        row['tier'],
      ]);
      expect(days).toEqual(expected);
      const spine = [1, 2, 3].map((user) => `(${user}, ${at}.0)`).join(', ');
      const trained = (await build(spine)).map(([value]) => value);
      expect(trained).toEqual(
        [1, 2, 3].map((user) => rows.find((row) => Number(row['user_id']) === user)?.['tier'] ?? null),
      );
    }
  });

  it('reads as a table of all its rows, with both ends', async () => {
    const rows = await queryRows(db, featureRowsSql(compileView(catalogWith(), 'plans')));
    expect(rows).toHaveLength(8);
    expect(Object.keys(rows[0]!)).toEqual(['user_id', 'since', 'until', 'tier']);
  });

  it('keeps apart composite keys that would be one text', async () => {
    await db.query(`CREATE OR REPLACE TABLE _plumb.source_dim AS SELECT a, b, day(1) AS since, NULL::TIMESTAMP AS until,
      a || '+' || b AS tier, __order FROM (VALUES ('a', 'bc', 0), ('ab', 'c', 1)) e(a, b, __order)`);
    const set = aSet(
      `SELECT a, b, day(d) AS ts FROM (VALUES ('ab', 'c', 2), ('a', 'bc', 2), ('abc', '', 2)) s(a, b, d)`,
      [plans()],
    );
    const keys = ['a', 'b'].map((name) => ({ name, type: 'string' as const }));
    const catalog = catalogOf({ views: [plans()], sets: [set], joinKeys: keys });
    await buildTrainingSet(db, catalog, set, { sample: null });
    const rows = await queryRows(db, 'SELECT tier FROM main.train');
    expect(rows.map((row) => row['tier'])).toEqual(['ab+c', 'a+bc', null]);
  });
});

describe('overlapping intervals', () => {
  const check = () => requireDisjoint(db, compileView(catalogWith(), 'plans'));

  it('are refused before values are computed, with keys counted and examples in file order', async () => {
    await source(`(1, 4.0, 6.0, 1.0, 'x', 0), (2, 1.0, 2.0, 1.0, 'y', 1), (1, 2.0, 5.0, 1.0, 'z', 2), (2, 2.0, 3.0, 1.0, 'w', 3),
      (3, 1.0, NULL, 1.0, 'p', 4), (3, 8.0, NULL, 1.0, 'q', 5), (4, 1.0, 9.0, 1.0, 'p', 6), (4, 1.0, 9.0, 1.0, 'q', 7),
      (5, 1.0, 9.0, 1.0, 'p', 8), (5, 2.0, 3.0, 1.0, 'q', 9)`);
    await expect(check()).rejects.toMatchObject({
      code: 'data.overlap',
      message:
        'dim holds overlapping intervals for 4 keys of plans, for instance ' +
        'user_id 1: row 1 from 2025-01-04 00:00:00 to 2025-01-06 00:00:00 and row 3 from 2025-01-02 00:00:00 to 2025-01-05 00:00:00; ' +
        'user_id 3: row 5 from 2025-01-01 00:00:00 on and row 6 from 2025-01-08 00:00:00 on; ' +
        'user_id 4: row 7 from 2025-01-01 00:00:00 to 2025-01-09 00:00:00 and row 8 from 2025-01-01 00:00:00 to 2025-01-09 00:00:00',
    });
    const set = setOf('(2, 1.0)');
    const build = buildTrainingSet(db, catalogWith(set), set, { sample: null });
    await expect(build).rejects.toMatchObject({ code: 'data.overlap' });
  });

  it.each([
    ['rows that meet', "(1, 1.0, 2.0, 1.0, 'a', 0), (1, 2.0, 3.0, 1.0, 'b', 1)"],
    ['an empty one inside another', "(1, 1.0, 9.0, 1.0, 'a', 0), (1, 4.0, 4.0, 1.0, 'b', 1)"],
    ['one that ends before it begins', "(1, 1.0, 9.0, 1.0, 'a', 0), (1, 4.0, 3.0, 1.0, 'b', 1)"],
    ['one that never begins', "(1, 1.0, NULL, 1.0, 'a', 0), (1, NULL, NULL, 1.0, 'b', 1)"],
    ['rows without a key', "(NULL, 1.0, NULL, 1.0, 'a', 0), (NULL, 1.0, NULL, 1.0, 'b', 1)"],
    ['the same stretch of two keys', "(1, 1.0, NULL, 1.0, 'a', 0), (2, 1.0, NULL, 1.0, 'b', 1)"],
  ])('are not %s', async (_what, rows) => {
    await source(rows);
    await expect(check()).resolves.toBeUndefined();
  });
});

it('tells bytes keys apart that differ in zeros at their end, however many there are', async () => {
  await db.query(`CREATE OR REPLACE TABLE _plumb.source_dim AS
    SELECT unhex(format('{:02X}', i % 40) || repeat('00', (i // 40) % 3)) AS user_id,
      make_timestamp(1735689600000000 + (i // 120) * 7200000000 + (i * 7919 % 3600) * 1000000) AS since,
      make_timestamp(1735689600000000 + (i // 120) * 7200000000 + 7200000000) AS until,
      NULL::TIMESTAMP AS known, 't' || i AS tier, i AS __order
    FROM range(360) r(i)`);
  const catalog = catalogWith();
  const [user] = catalog.entities.values();
  user!.joinKeys = [{ name: 'user_id', type: 'bytes' }];
  const at = 1_735_689_600_000_000n + 9_000_000_000n;
  const rows = await queryRows(db, snapshotSql(compileView(catalog, 'plans'), at, null));
  const newest = await queryRows(
    db,
    `SELECT hex(user_id) AS key, arg_max(tier, since) AS tier FROM _plumb.source_dim
      WHERE epoch_us(since) <= ${at} GROUP BY ALL HAVING epoch_us(arg_max(until, since)) > ${at} ORDER BY key`,
  );
  const held = rows.filter((row) => row['tier'] !== null);
  expect(held.map((row) => [hexOf(row['user_id']), row['tier']]).sort()).toEqual(
    newest.map((row) => [row['key'], row['tier']]),
  );
  expect(newest).toHaveLength(48);
});

const hexOf = (bytes: unknown): string =>
  Buffer.from(bytes as Uint8Array)
    .toString('hex')
    .toUpperCase();
