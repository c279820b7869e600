import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computedValues } from '../catalog/computed-values';
import type { Feature, OnDemandView } from '../catalog/model';
import type { Database } from '../database/database';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { compileView } from './compiled-view';
import { lookedUpSql } from './looked-up';
import { meanRowsSql, meanSumsSql, type FeatureMean } from './mean';
import { assembleSql, type Assembly } from './training-set';

const score: Feature = {
  ...aFeature('score', 'float64', { kind: 'column', column: 'score' }),
  default: { kind: 'category_mean', by: 'tier' },
  missingIndicator: true,
};
const tier = aFeature('tier', 'string', { kind: 'column', column: 'tier' });
const half: OnDemandView = {
  name: 'asked',
  features: [
    {
      name: 'half',
      type: 'float64',
      expression: 'score / parts',
      inputs: [{ name: 'score', view: 'profile', feature: 'score' }],
      parameters: ['parts'],
      default: { kind: 'zero' },
      missingIndicator: false,
      description: '',
    },
  ],
  description: '',
  tags: {},
};
const catalog = catalogOf({ views: [aView('profile', 'table', 'daily', [score, tier])], onDemand: [half] });
const compiled = compileView(catalog, 'profile', ['score', 'tier']);
const mean: FeatureMean = {
  ref: 'profile:score',
  before: '2025-01-01T00:00:00.000000Z',
  mean: 2.5,
  rows: 4,
  by: 'tier',
  categories: [{ value: "gold's", mean: 3.25, rows: 2 }],
};
const asked = computedValues(catalog, [{ view: 'asked', feature: 'half' }]);
const base: Assembly = {
  set: 'train',
  spine: [
    { name: 'user_id', type: 'BIGINT' },
    { name: 'parts', type: 'INTEGER' },
  ],
  parts: [{ slot: 0, compiled, outputs: [{ index: 0 }] }],
  outputs: [{ column: 'score', indicator: 'score__missing' }],
  waves: [],
  means: new Map([[mean.ref, mean]]),
};

describe('the SQL of an assembled set', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`
      CREATE TABLE _plumb.source_daily AS SELECT 1::BIGINT AS user_id, TIMESTAMP '2025-01-01' AS ts, 1.5::DOUBLE AS score,
        'gold' AS tier, 0::BIGINT AS __order;
      CREATE TABLE _plumb.spine_train AS SELECT 0::BIGINT AS __row, 0::BIGINT AS __spine_row, 0::BIGINT AS __t,
        1::BIGINT AS user_id, 2::INTEGER AS parts;
      CREATE TABLE _plumb.part_train_0 AS SELECT 0::BIGINT AS __row, 1.5::DOUBLE AS __v0, 'present' AS __s0, 'gold' AS __v1;
      CREATE TABLE _plumb.naive_train_0 AS SELECT 1::BIGINT AS __k0, 1.5::DOUBLE AS __v0, 0::BIGINT AS __last0,
        'gold' AS __v1;
      CREATE TABLE _plumb.range_train_spine_1 AS FROM _plumb.spine_train;
      CREATE TABLE _plumb.range_train_0_1 AS FROM _plumb.part_train_0;
      CREATE TABLE _plumb.means_train_0 AS SELECT 1.5::DOUBLE AS score, 'gold' AS tier`);
  });
  afterAll(() => db.close());

  it.each([
    ['assembly-with-means', assembleSql(base)],
    [
      'assembly-of-a-range',
      assembleSql({ ...base, means: new Map(), range: { at: 1, from: 122_880, to: 200_000 } }),
    ],
    [
      'assembly-on-demand',
      assembleSql({
        ...base,
        parts: [{ slot: 0, compiled, outputs: [{ index: 1 }] }],
        outputs: [{ column: 'half', indicator: null }],
        waves: asked.waves,
      }),
    ],
    ['mean-rows', meanRowsSql(compiled, 5n)],
    ['mean-sums', meanSumsSql('"_plumb"."means_train_0"', score, 'tier')],
    [
      'looked-up',
      lookedUpSql({
        places: [1],
        parameters: ['parts'],
        rows: [['CAST(1.5 AS DOUBLE)', '2']],
        waves: asked.waves,
      }),
    ],
  ])('%s is as written down, and binds', async (name, sql) => {
    await expect(`${sql}\n`).toMatchFileSnapshot(`./goldens/${name}.sql`);
    expect((await db.describe(sql)).length).toBeGreaterThan(0);
  });
});
