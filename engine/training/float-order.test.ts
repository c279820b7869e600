import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { snapshotSql } from '../sql/snapshot';
import { prepareView } from '../sql/view-facts';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { buildTrainingSet } from './training-set';
import { halfOpen } from '../catalog/window';

const DAY = 86_400_000_000n;
const END = 1_735_689_600_000_000n + DAY;

describe('sums of floating point numbers', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`CREATE TABLE _plumb.source_pay AS SELECT i % 7 AS user_id, i AS __order,
      TIMESTAMP '2025-01-01' + to_seconds((i * 7919) % 80000) AS ts, sin(i) * pow(10, i % 17) AS amount
      FROM range(20000) r(i)`);
  });
  afterAll(() => db.close());

  it('are the same to the last bit in training set and snapshot: terms in file order', async () => {
    const sum = { fn: 'sum', of: 'amount', where: null } as const;
    const features = [
      aFeature('total', 'float64', { kind: 'aggregation', window: halfOpen(DAY), aggregation: sum }),
      aFeature('mean', 'float64', {
        kind: 'expression',
        window: halfOpen(DAY),
        expression: 'sum(amount) / count(*)',
      }),
    ];
    const set = {
      name: 'train',
      spineSql: `SELECT i % 7 AS user_id, TIMESTAMP '2025-01-02' AS ts FROM range(3000) r(i)`,
      timestamp: 'ts',
      label: null,
      features: features.map(({ name }) => ({ view: 'pay', feature: name, column: name })),
      export: null,
    };
    const catalog = catalogOf({ views: [aView('pay', 'aggregate', 'pay', features)], sets: [set] });
    await buildTrainingSet(db, catalog, set, { sample: null });
    const events = await queryRows(db, 'SELECT * FROM _plumb.source_pay ORDER BY __order');
    const expected = new Map<string, number>();
    for (const { user_id, amount } of events)
      expected.set(String(user_id), (expected.get(String(user_id)) ?? 0) + Number(amount));
    for (const row of await queryRows(db, 'SELECT DISTINCT user_id, total, mean FROM train')) {
      const total = expected.get(String(row['user_id']))!;
      expect(row['total']).toBe(total);
    }
    const sql = snapshotSql(await prepareView(db, catalog, 'pay'), END, null);
    const training = 'SELECT DISTINCT user_id, total, mean FROM train ORDER BY user_id';
    const snapshot = `SELECT user_id, total, mean FROM (${sql}) ORDER BY user_id`;
    expect(await queryRows(db, snapshot)).toEqual(await queryRows(db, training));
  });
});
