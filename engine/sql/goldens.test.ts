import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { compileView } from './compiled-view';
import { featureRowsSql } from './feature-rows';
import { overlapsSql } from './interval-overlap';
import { naiveJoinSql } from './naive-join';
import type { ForcedPlans } from './plan';
import { snapshotSql } from './snapshot';
import { spinePoints } from './spine';
import { valuesSql } from './view-values';
import { halfOpen } from '../catalog/window';

const HOUR = 3_600_000_000n;
const views = (v: string) => ({ fn: 'count', of: '*', where: `event_type = '${v}'` }) as const;
const catalog = catalogOf({
  views: [
    aView('activity', 'aggregate', 'events', [
      aFeature('rate', 'float64', {
        kind: 'ratio',
        window: halfOpen(168n * HOUR),
        of: views('completion'),
        over: views('view'),
      }),
      aFeature('recent', 'string', {
        kind: 'aggregation',
        window: halfOpen(HOUR),
        aggregation: { fn: 'last', of: 'event_type', where: null },
      }),
      aFeature('mean', 'float64', {
        kind: 'expression',
        window: halfOpen(24n * HOUR),
        expression: 'avg(amount)',
      }),
    ]),
    aView('tiers', 'table', 'daily', [aFeature('tier', 'string', { kind: 'column', column: 'tier' })], {
      ttl: 48n * HOUR,
      createdTimestamp: 'made',
    }),
    aView('plans', 'dimension', 'history', [aFeature('tier', 'string', { kind: 'column', column: 'tier' })], {
      timestamp: 'since',
      validity: { from: 'since', to: 'until' },
    }),
    aView('forever', 'table', 'daily', [aFeature('tier', 'string', { kind: 'column', column: 'tier' })]),
  ],
});

function pointInTime(view: string): string {
  const compiled = compileView(catalog, view);
  const points = spinePoints('"_plumb"."spine_train"', compiled.keys);
  return valuesSql(compiled, points, { keepKeys: false, ignoreTtl: false, keepExpired: false });
}

/** The same with a plan that the view would not get by itself; the facts are those of a daily table and of sums that scale. */
function forced(view: string, plans: ForcedPlans): string {
  const found = compileView(catalog, view);
  const features = found.features
    .filter((feature) => feature.expression === null)
    .map((feature) => ({
      ...feature,
      aggregations: feature.aggregations.map((one) => ({ ...one, sum: { kind: 'whole' } as const })),
    }));
  const facts = { rows: 100, entities: 10, density: 10, span: 90n * 24n * HOUR, grid: 24n * HOUR };
  const points = spinePoints('"_plumb"."spine_train"', found.keys);
  const options = { keepKeys: false, ignoreTtl: false, keepExpired: false, plans };
  return valuesSql({ ...found, features, facts }, points, options);
}

function naive(view: string): string {
  const compiled = compileView(catalog, view);
  return naiveJoinSql(compiled, spinePoints('"_plumb"."spine_train"', compiled.keys));
}

describe('the SQL of each plan', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`
      CREATE TABLE _plumb.source_events AS SELECT 1::BIGINT AS user_id, TIMESTAMP '2025-01-01' AS ts,
        'view' AS event_type, 1.5::DOUBLE AS amount, 0::BIGINT AS __order;
      CREATE TABLE _plumb.source_daily AS SELECT 1::BIGINT AS user_id, TIMESTAMP '2025-01-01' AS ts,
        TIMESTAMP '2025-01-01' AS made, 'gold' AS tier, 0::BIGINT AS __order;
      CREATE TABLE _plumb.source_history AS SELECT 1::BIGINT AS user_id, TIMESTAMP '2025-01-01' AS since,
        TIMESTAMP '2025-01-02' AS until, 'gold' AS tier, 0::BIGINT AS __order;
      CREATE TABLE _plumb.spine_train AS SELECT 0::BIGINT AS __row, 0::BIGINT AS __t, 1::BIGINT AS user_id`);
  });
  afterAll(() => db.close());

  it.each([
    ['as-of-join-with-ttl', pointInTime('tiers')],
    ['as-of-join-unlimited', pointInTime('forever')],
    ['trailing-window', pointInTime('activity')],
    ['naive-join', naive('tiers')],
    ['as-of-join-on-a-grid', forced('tiers', { asOf: 'grid' })],
    ['as-of-join-in-buckets', forced('tiers', { asOf: 'bucket' })],
    ['windows-by-frames', forced('activity', { window: 'frames' })],
    ['windows-by-tiles', forced('activity', { window: 'tiles' })],
    ['interval-join', pointInTime('plans')],
    ['naive-join-of-dimension', naive('plans')],
    ['snapshot-of-dimension', snapshotSql(compileView(catalog, 'plans'), 'max', null)],
    ['overlaps', overlapsSql(compileView(catalog, 'plans'))],
    ['snapshot', snapshotSql(compileView(catalog, 'tiers'), 5n, 1n)],
    ['snapshot-of-windows', snapshotSql(compileView(catalog, 'activity'), 'max', null)],
    ['feature-rows', featureRowsSql(compileView(catalog, 'tiers'))],
  ])('%s is as written down, and binds', async (name, sql) => {
    await expect(`${sql}\n`).toMatchFileSnapshot(`./goldens/${name}.sql`);
    expect((await db.describe(sql)).length).toBeGreaterThan(0);
  });
});
