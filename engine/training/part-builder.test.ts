import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { buildPartHere, type PartBuilder } from './part-builder';
import { buildTrainingSet } from './training-set';

const views = ['tier', 'city'].map((column) =>
  aView(`${column}_view`, 'table', 'ev', [aFeature(column, 'string', { kind: 'column', column })]),
);
const set = aSet(`SELECT 7 AS user_id, TIMESTAMP '2025-01-02' AS ts`, views);
const catalog = catalogOf({ views, sets: [set] });

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.query(`CREATE TABLE _plumb.source_ev AS
    SELECT 7 AS user_id, TIMESTAMP '2025-01-01' AS ts, 'a' AS tier, 'x' AS city, 0 AS __order`);
});
afterAll(() => db.close());

it('asks a builder for each part, once and in order, and takes what it leaves', async () => {
  const asked: [string, number | null][] = [];
  const buildPart: PartBuilder = async (database, job) => {
    asked.push([job.plan.parts[job.at]!.compiled.view.name, job.sample]);
    await buildPartHere(database, job);
    await database.query(`UPDATE _plumb.part_train_${job.at} SET __v0 = __v0 || '!'`);
  };
  await buildTrainingSet(db, catalog, set, { sample: 5, buildPart });
  expect(asked).toEqual([
    ['tier_view', 5],
    ['city_view', 5],
  ]);
  expect(await queryRows(db, 'SELECT tier, city FROM main.train')).toEqual([{ tier: 'a!', city: 'x!' }]);
});

it('leaves nothing of a builder that fails halfway', async () => {
  const buildPart: PartBuilder = async (database, job) => {
    await buildPartHere(database, job);
    if (job.at === 1) throw new Error('no more room');
  };
  await expect(buildTrainingSet(db, catalog, set, { sample: null, buildPart })).rejects.toThrow(
    'no more room',
  );
  const stages =
    "SELECT 1 FROM duckdb_tables() WHERE regexp_matches(table_name, '^(spine|next|part|naive)_')";
  expect(await queryRows(db, stages)).toEqual([]);
});
