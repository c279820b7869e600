import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeatureView, JoinKey } from '../catalog/model';
import { halfOpen } from '../catalog/window';
import type { Database } from '../database/database';
import { countRows, queryRows } from '../database/rows';
import { spinePoints, spineTables } from '../sql/spine';
import { partNaiveSql, partSql, type TrainingPart } from '../sql/training-set';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { KeptBuild } from './kept-build';
import { nearPart } from './near-part';
import { planTrainingSet, spineStatements } from './training-plan';

const DAY = 86_400_000_000n;
const views = [
  aView('act', 'aggregate', 'ev', [
    aFeature('n', 'int64', {
      kind: 'aggregation',
      window: halfOpen(30n * DAY),
      aggregation: { fn: 'count', of: '*', where: null },
    }),
    aFeature('latest', 'int64', {
      kind: 'aggregation',
      window: halfOpen(3n * DAY),
      aggregation: { fn: 'last', of: 'v', where: 'v > 2' },
    }),
  ]),
  aView('state', 'table', 'ev', [aFeature('v', 'int64', { kind: 'column', column: 'v' })], { ttl: 2n * DAY }),
];
const NEAR = '"_plumb"."near.train.ev.ts.user_id"';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
  // Entity 99, which no spine has, holds the newest row; some rows have no entity.
  await db.query(`CREATE TABLE _plumb.source_ev AS
    SELECT CASE WHEN i % 11 = 0 THEN NULL ELSE i % 20 END AS user_id,
      TIMESTAMP '2025-01-01' + to_minutes((hash(i // 40) % 42000)::INTEGER) AS ts, i % 5 AS v, i AS __order FROM range(4000) r(i)
    UNION ALL SELECT 99, TIMESTAMP '2025-03-01', 1, 4000`);
});
afterAll(() => db.close());

async function partsOf(spine: string, over: FeatureView[] = views, joinKeys?: JoinKey[]) {
  const set = aSet(spine, over);
  const catalog = catalogOf({ views: over, sets: [set], ...(joinKeys ? { joinKeys } : {}) });
  const plan = await planTrainingSet(db, catalog, set);
  for (const { sql } of spineStatements(plan, 50)) await db.query(sql);
  return plan;
}

/** Values and naive values. */
async function allValues(part: TrainingPart): Promise<unknown[]> {
  const rows = (sql: string) => queryRows(db, `SELECT * FROM (${sql}) ORDER BY ALL`);
  return [await rows(partSql('train', part, { points: 50 })), await rows(partNaiveSql('train', part))];
}

const SPINE = `SELECT CASE WHEN i = 3 THEN NULL ELSE i % 4 END AS user_id,
  TIMESTAMP '2025-01-10' + to_days(i::INTEGER) AS ts FROM range(12) r(i)`;

describe('nearPart', () => {
  it.each([
    ['int64', SPINE],
    [
      'string',
      SPINE.replace('AS user_id', '::VARCHAR AS user_id').replace('CASE', '(CASE').replace('END', 'END)'),
    ],
  ] as const)('gives the same values and naive values from fewer rows, with %s keys', async (type, spine) => {
    const plan = await partsOf(spine, views, [{ name: 'user_id', type }]);
    const build = new KeptBuild();
    for (const part of plan.parts) {
      const near = await nearPart(db, build, plan, part, { key: 'a', from: 100 });
      expect(near.compiled.source.startsWith(NEAR.slice(0, -1))).toBe(true);
      expect(await allValues(near)).toEqual(await allValues(part));
    }
    expect(await countRows(db, NEAR)).toBeLessThan(1000);
    await build.drop(db);
  });

  const boundaries = ['half-open', 'closed', 'open-closed', 'sawtooth', 'calendar-day'] as const;
  const recent = [
    ...boundaries.flatMap((boundary) =>
      [0n, DAY].map((offset) =>
        aView(`act_${boundary.replace('-', '_')}_${offset}`, 'aggregate', 'ev', [
          aFeature('n', 'int64', {
            kind: 'aggregation',
            window: { length: DAY, offset, boundary },
            aggregation: { fn: 'count', of: '*', where: null },
          }),
          aFeature('rare', 'int64', {
            kind: 'aggregation',
            window: { length: DAY / 2n, offset, boundary },
            aggregation: { fn: 'sum', of: 'v', where: 'v > 3' },
          }),
        ]),
      ),
    ),
    aView('short', 'table', 'ev', [aFeature('v', 'int64', { kind: 'column', column: 'v' })], {
      ttl: DAY / 4n,
    }),
  ];
  it.each(recent.map((view) => [view.name, view] as const))(
    'reads only what a short window or ttl can reach: %s',
    async (_, view) => {
      const plan = await partsOf(SPINE.replace('to_days(i::INTEGER)', 'to_hours((i * 13)::INTEGER)'), [view]);
      const build = new KeptBuild();
      const part = plan.parts[0]!;
      const near = await nearPart(db, build, plan, part, { key: 'a', from: 100 });
      expect(near.compiled.source).toMatch(/^"_plumb"."near\.train\.ev\.ts\.user_id\.\d+"$/);
      expect(await allValues(near)).toEqual(await allValues(part));
      await build.drop(db);
    },
  );

  it('copies once for all parts and edits, and again for another spine or source', async () => {
    const plan = await partsOf(SPINE);
    const build = new KeptBuild();
    const near = (key: string, at = 0) => nearPart(db, build, plan, plan.parts[at]!, { key, from: 100 });
    await near('a');
    await db.query(`DELETE FROM ${NEAR}`);
    await near('a');
    await near('a', 1);
    expect(await countRows(db, NEAR)).toBe(0);
    await near('b');
    expect(await countRows(db, NEAR)).toBeGreaterThan(0);
    await build.drop(db);
  });

  it.each([
    ['of few rows', SPINE, 10_000],
    [
      'whose entities the spine has nearly all',
      SPINE.replace('i % 4', 'i % 20').replace('range(12)', 'range(40)'),
      100,
    ],
  ])('leaves a source %s alone', async (_, spine, from) => {
    const plan = await partsOf(spine);
    const build = new KeptBuild();
    const part = plan.parts[0]!;
    expect(await nearPart(db, build, plan, part, { key: 'a', from })).toBe(part);
    const tables = "SELECT 1 FROM duckdb_tables() WHERE table_name LIKE 'near%'";
    expect(await queryRows(db, tables)).toEqual([]);
    await build.drop(db);
  });

  it('reads only the columns that are loaded', async () => {
    await db.query(`CREATE TABLE _plumb.rows_part AS SELECT user_id, ts, v FROM _plumb.source_ev ORDER BY __order;
      CREATE VIEW _plumb.source_part AS
      SELECT user_id, CAST(error('not loaded') AS INTEGER) AS other, ts, v, rowid AS __order FROM _plumb.rows_part`);
    const plan = await partsOf(SPINE, [{ ...views[0]!, source: 'part' }]);
    const build = new KeptBuild();
    const near = await nearPart(db, build, plan, plan.parts[0]!, { key: 'a', from: 100 });
    expect(near).not.toBe(plan.parts[0]);
    expect(await allValues(near)).toEqual(await allValues(plan.parts[0]!));
    await build.drop(db);
  });

  it('holds a row of no entity of the spine at most: the newest', async () => {
    const plan = await partsOf(SPINE);
    const build = new KeptBuild();
    await nearPart(db, build, plan, plan.parts[0]!, { key: 'a', from: 100 });
    const points = spinePoints(spineTables('train').numbered, plan.parts[0]!.compiled.keys).sql;
    const others = `SELECT user_id FROM ${NEAR} WHERE user_id IS NULL OR user_id NOT IN (SELECT __k0 FROM (${points}) WHERE __k0 IS NOT NULL)`;
    expect(await queryRows(db, others)).toEqual([{ user_id: 99n }]);
    await build.drop(db);
  });
});
