import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeatureView } from '../catalog/model';
import { DAY } from '../catalog/window';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import type { AsOfPlan } from '../sql/plan';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { buildTrainingSet } from './training-set';

const column = aFeature('level', 'int64', { kind: 'column', column: 'level' });
const view = (more: Partial<FeatureView>): FeatureView => aView('daily', 'table', 'daily', [column], more);

describe('a daily table with gaps, ties and late rows', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    // Users 0 to 39 over 60 days; some days are missing, some rows come twice, some are made later than others.
    await db.query(`CREATE TABLE _plumb.source_daily AS SELECT i % 40 AS user_id,
      TIMESTAMP '1969-12-20' + to_days(((i * 7) % 60)::INTEGER) AS ts,
      TIMESTAMP '1969-12-20' + to_days(((i * 7) % 60)::INTEGER) + to_hours((i * 13) % 50) AS arrived,
      TIMESTAMP '1970-01-01' + to_hours((i * 31) % 17) AS made,
      CASE WHEN i % 9 = 0 THEN NULL ELSE i END AS level, i AS __order FROM range(3000) r(i) WHERE hash(i) % 3 > 0`);
    await db.query(`CREATE TABLE spine_in AS SELECT CASE WHEN i % 50 = 0 THEN NULL ELSE i % 45 END AS user_id,
      TIMESTAMP '1969-12-15' + to_hours(i) + to_microseconds(i % 2) AS ts FROM range(1800) r(i)`);
  });
  afterAll(() => db.close());

  async function rows(one: FeatureView, asOf: AsOfPlan, availableAt: string | null): Promise<unknown> {
    const set = aSet('FROM spine_in', [one]);
    const base = catalogOf({ views: [one], sources: ['daily'], sets: [set] });
    const sources = new Map([...base.sources].map(([name, source]) => [name, { ...source, availableAt }]));
    const built = await buildTrainingSet(db, { ...base, sources }, set, { sample: null, plans: { asOf } });
    expect(built.plans[0]!.plan).toBe(asOf);
    // With a ttl, points that equality leaves take their few rows along; without one they are looked up by instant.
    const { sql } = built.sqlTexts.find(({ name }) => name === 'daily')!;
    expect(sql.includes('met AS (')).toBe(asOf === 'grid' && one.ttl !== null);
    const values = '"__row", "level", "__status_0", "__naive_0", "__leaks_0"';
    return {
      rows: await queryRows(db, `SELECT ${values} FROM _plumb.training_train ORDER BY "__row"`),
      warnings: built.warnings,
    };
  }

  it.each([
    ['with a ttl', { ttl: 3n * DAY }, null, ['range', 'bucket', 'asof'] as const],
    ['without one', {}, null, ['range', 'asof'] as const],
    [
      'with a created time',
      { ttl: DAY, createdTimestamp: 'made' },
      null,
      ['range', 'bucket', 'asof'] as const,
    ],
    ['with rows that arrive later', { ttl: 5n * DAY }, 'arrived', ['range', 'bucket'] as const],
    ['with late rows and no ttl', { createdTimestamp: 'made' }, 'arrived', ['range'] as const],
  ])(
    '%s: gives the same rows by equality on the grid as by every other plan',
    async (_, more, late, others) => {
      const grid = await rows(view(more), 'grid', late);
      for (const plan of others) expect(await rows(view(more), plan, late), plan).toEqual(grid);
    },
  );
});
