import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { buildTrainingSet } from './training-set';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

// Found by pandas and polars in a random data set: below 64 rows DuckDB's as-of join takes another path.
it('a spine row without a time gets nothing, in a spine of any size', async () => {
  await db.query(`CREATE TABLE _plumb.source_daily AS SELECT 1::BIGINT AS user_id, 5::BIGINT AS x,
    TIMESTAMP '2025-01-01' AS ts, 0::BIGINT AS __order`);
  const views = [aView('daily', 'table', 'daily', [aFeature('x', 'int64', { kind: 'column', column: 'x' })])];
  const spine = `SELECT 1 AS user_id, CASE WHEN i % 2 = 0 THEN TIMESTAMP '2025-01-02' END AS ts FROM range(200) t(i)`;
  const set = aSet(spine, views);
  await buildTrainingSet(db, catalogOf({ views, sets: [set] }), set, { sample: null });
  const rows = await queryRows(
    db,
    `SELECT ts IS NULL AS timeless, x, __status_0 AS status, count(*) AS rows FROM _plumb.training_train
      GROUP BY ALL ORDER BY ALL`,
  );
  expect(rows).toEqual([
    { timeless: false, x: 5n, status: 'present', rows: 100n },
    { timeless: true, x: null, status: 'missing', rows: 100n },
  ]);
});

it('nor does it get a row of a dimension that still holds', async () => {
  await db.query(`CREATE TABLE _plumb.source_plans AS SELECT 1::BIGINT AS user_id, 5::BIGINT AS x,
    TIMESTAMP '2025-01-01' AS since, NULL::TIMESTAMP AS until, 0::BIGINT AS __order`);
  const x = aFeature('x', 'int64', { kind: 'column', column: 'x' });
  const validity = { from: 'since', to: 'until' };
  const views = [aView('plans', 'dimension', 'plans', [x], { timestamp: 'since', validity })];
  const spine = `SELECT 1 AS user_id, CASE WHEN i % 2 = 0 THEN TIMESTAMP '2025-01-02' END AS ts FROM range(200) t(i)`;
  const set = aSet(spine, views);
  await buildTrainingSet(db, catalogOf({ views, sets: [set] }), set, { sample: null });
  const rows = await queryRows(
    db,
    `SELECT ts IS NULL AS timeless, x, __status_0 AS status, count(*) AS rows FROM _plumb.training_train
      GROUP BY ALL ORDER BY ALL`,
  );
  expect(rows).toEqual([
    { timeless: false, x: 5n, status: 'present', rows: 100n },
    { timeless: true, x: null, status: 'missing', rows: 100n },
  ]);
});
