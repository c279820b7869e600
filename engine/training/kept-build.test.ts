import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { openTestDatabase } from '../testing/test-database';
import { KeptBuild, KeptBuilds } from './kept-build';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const PART = '"_plumb"."part_a_0"';
const COPY = '"_plumb"."near.a.it""s"';

/** A build with a small table, a copy of a source, one that was never made, and a published result. */
async function filled(build: KeptBuild): Promise<KeptBuild> {
  await build.stage('part 0', 'p', async () => {
    build.owns(PART, '"_plumb"."never_made"');
    await db.query(`CREATE OR REPLACE TABLE ${PART} AS SELECT 1 AS x`);
  });
  await build.stage('near', 'n', async () => {
    build.ownsCopy(COPY, 'near');
    await db.query(`CREATE OR REPLACE TABLE ${COPY} AS SELECT 2 AS x`);
  });
  build.note('result', 'r', true);
  return build;
}

const tables = async () =>
  (
    await queryRows(db, "SELECT table_name AS t FROM duckdb_tables() WHERE schema_name = '_plumb' ORDER BY t")
  ).map(({ t }) => t);
const known = (build: KeptBuild) =>
  [build.known('part 0', 'p'), build.known('near', 'n'), build.known('result', 'r')].map(
    (value) => value !== undefined,
  );

it('steps aside for another build of the same set and comes back, but for copies and the result', async () => {
  const build = await filled(new KeptBuild());
  build.note('part 0', 'p', 'kept');
  await build.setAside(db, 'a');
  await build.setAside(db, 'a');
  expect(await tables()).toEqual(['aside_a_0']);
  await db.query(`CREATE TABLE ${PART} AS SELECT 'of the other build' AS x`);
  await build.restore(db);
  await build.restore(db);
  expect(await queryRows(db, `FROM ${PART}`)).toEqual([{ x: 1 }]);
  expect(await tables()).toEqual(['part_a_0']);
  expect(known(build)).toEqual([true, false, false]);
  await build.drop(db);
  expect(await tables()).toEqual([]);
});

it('leaves nothing behind when it is dropped while it is aside', async () => {
  const build = await filled(new KeptBuild());
  await build.setAside(db, 'a');
  await build.drop(db);
  expect(await tables()).toEqual([]);
});

it('is forgotten where its tables are gone', async () => {
  const builds = new KeptBuilds();
  const build = await filled(await builds.take(db, 'a', { anew: false }));
  build.note('part 0', 'p', 'kept');
  await builds.setAside(db, 'a');
  await db.query('DROP TABLE "_plumb"."aside_a_0"');
  expect(known(await builds.take(db, 'a', { anew: false }))).toEqual([false, false, false]);
  expect(await tables()).toEqual([]);
});

it('gives nothing to a build that begins anew', async () => {
  const builds = new KeptBuilds();
  const build = await filled(await builds.take(db, 'a', { anew: false }));
  await builds.setAside(db, 'a');
  expect(builds.find('a')).toBe(build);
  expect(await builds.take(db, 'a', { anew: true })).not.toBe(build);
  expect(await tables()).toEqual([]);
});
