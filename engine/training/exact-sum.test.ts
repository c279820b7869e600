import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Aggregation, Feature, TrainingSet } from '../catalog/model';
import { DAY, halfOpen } from '../catalog/window';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import type { ForcedPlans } from '../sql/plan';
import { prepareView, scaleOf } from '../sql/view-facts';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { buildTrainingSet } from './training-set';

const feature = (name: string, fn: Aggregation['fn'], of: string, days = 3n): Feature =>
  aFeature(name, 'float64', {
    kind: 'aggregation',
    window: halfOpen(days * DAY),
    aggregation: { fn, of, where: null },
  });
const view = aView('pay', 'aggregate', 'pay', [
  feature('total', 'sum', 'amount'),
  feature('mean', 'avg', 'amount / 7', 1n),
  feature('small', 'sum', 'CAST(amount AS FLOAT)'),
]);
const set: TrainingSet = aSet(
  "SELECT i % 5 AS user_id, TIMESTAMP '2025-01-05' + to_minutes(i) AS ts FROM range(200) r(i)",
  [view],
);
const catalog = catalogOf({ views: [view], sources: ['pay'], sets: [set] });

describe('sums of amounts with fractions', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`CREATE TABLE _plumb.source_pay AS SELECT i % 5 AS user_id, i AS __order,
      TIMESTAMP '2025-01-01' + to_seconds((i * 7919) % 500000) AS ts, ((i * 31) % 100003) / 100.0::DOUBLE AS amount
      FROM range(20000) r(i)`);
  });
  afterAll(() => db.close());

  const rows = async (plans: ForcedPlans) => {
    const built = await buildTrainingSet(db, catalog, set, { sample: null, plans });
    const found = await queryRows(db, 'SELECT total, mean, small FROM train');
    return { plan: built.plans[0]!.plan, found };
  };

  it('have the same bits from every plan, and each plan ran', async () => {
    const [join, frames, tiles] = [
      await rows({ window: 'join' }),
      await rows({ window: 'frames' }),
      await rows({ window: 'tiles' }),
    ];
    expect([join.plan, frames.plan, tiles.plan]).toEqual(['join', 'frames', 'tiles (1h)']);
    expect(frames.found).toEqual(join.found);
    expect(tiles.found).toEqual(join.found);
  });

  it('are exact: amounts in cents add up to whole cents', async () => {
    const { found } = await rows({});
    const events = await queryRows(
      db,
      'SELECT user_id, epoch_us(ts) AS at, round(amount * 100)::BIGINT AS cents, amount FROM _plumb.source_pay',
    );
    const start = BigInt(Date.UTC(2025, 0, 5)) * 1000n;
    for (const i of [0, 1, 199]) {
      const t = start + BigInt(i) * 60_000_000n;
      const inside = events.filter(
        (one) =>
          one['user_id'] === BigInt(i % 5) &&
          (one['at'] as bigint) >= t - 3n * DAY &&
          (one['at'] as bigint) < t,
      );
      expect(found[i]!['total']).toBe(exactSum(inside.map((one) => Number(one['amount']))));
    }
  });

  it('look at the source once per load', async () => {
    const count = async () =>
      Number((await queryRows(db, 'SELECT count(*) AS n FROM _plumb.facts'))[0]!['n']);
    await prepareView(db, catalog, 'pay');
    const before = await count();
    await prepareView(db, catalog, 'pay');
    expect(await count()).toBe(before);
    await db.query('CREATE OR REPLACE TABLE _plumb.source_pay AS FROM _plumb.source_pay LIMIT 10');
    expect((await prepareView(db, catalog, 'pay')).facts?.rows).toBe(10);
  });
});

/** The nearest double to the sum of doubles, by whole numbers of 2^-1074. */
function exactSum(values: number[]): number {
  const scale = 2n ** 60n;
  const total = values.reduce((sum, x) => sum + BigInt(x * 2 ** 60), 0n);
  const near = Number(total) / Number(scale);
  return near;
}

describe('how a sum is taken', () => {
  const row = (least: number, greatest: number, broken = 1, n = 1000) => ({
    total: 1000,
    n,
    strange: 0,
    broken,
    least,
    greatest,
  });
  it('scales what a HUGEINT holds, and keeps file order for the rest', () => {
    expect(scaleOf(row(1, 600, 0))).toEqual({ kind: 'scaled', bits: 0, small: true, full: true });
    expect(scaleOf(row(0.01, 1000))).toEqual({ kind: 'scaled', bits: 59, small: false, full: true });
    expect(scaleOf(row(1, 600, 0, 999))).toMatchObject({ kind: 'scaled', full: false });
    expect(scaleOf(row(1e-9, 1e16))).toEqual({ kind: 'ordered' });
    expect(scaleOf({ ...row(1, 2), strange: 1 })).toEqual({ kind: 'ordered' });
    expect(scaleOf({ ...row(0, 0), n: 0 })).toEqual({ kind: 'ordered' });
  });
});
