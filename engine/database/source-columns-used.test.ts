import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNodeHost, type NodeHost } from '../node/host';
import { queryRows } from './rows';
import { describeSource, loadSource } from './source-loader';
import { dropSourceSql, loadedColumns } from './source-tables';

let folder: string;
let host: NodeHost;
let native: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-used-'));
  host = await openNodeHost(folder);
  native = await (await DuckDBInstance.create(':memory:')).connect();
  await native.run(
    `COPY (SELECT i AS id, 'x' AS page, 1 AS c, 2 AS d, 3 AS e, 4 AS f, 5 AS g, 6 AS h,
       TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_seconds(i) AS "At" FROM range(1000000) t(i))
     TO '${folder}/wide.parquet' (FORMAT parquet, ROW_GROUP_SIZE 50000)`,
  );
  await native.run(
    `COPY (SELECT 1 AS v, INTERVAL 1 DAY AS gap FROM range(3)) TO '${folder}/gap.parquet' (FORMAT parquet)`,
  );
  await native.run(`COPY (SELECT 'b' AS b, 1 AS a) TO '${folder}/ba.parquet' (FORMAT parquet)`);
  await native.run(`COPY (SELECT 2 AS a, 'c' AS b) TO '${folder}/ab.parquet' (FORMAT parquet)`);
});
afterAll(async () => {
  native.closeSync();
  await host.close();
  await rm(folder, { recursive: true });
});

const source = (files: string[], timestamp: string | null = null) => ({
  name: 's',
  files,
  timestamp,
  availableAt: null,
  description: '',
});

it('loads the used columns of a large source and types the others', async () => {
  const loaded = await loadSource(host.database, host.files, host.reader, source(['wide.parquet'], 'At'), {
    columns: new Set(['id']),
  });
  expect(loaded).toMatchObject({ rows: 1_000_000, loaded: ['id', 'At'] });
  expect(loaded.timeRange).toEqual({ min: 1704067200000000n, max: 1705067199000000n });
  expect(loaded.columns).toContainEqual({ name: 'page', type: 'VARCHAR' });
  expect(loaded.columns).toContainEqual({ name: 'At', type: 'TIMESTAMP' });
  expect(await loadedColumns(host.database, 's')).toEqual([
    { name: 'id', type: 'BIGINT' },
    { name: 'At', type: 'TIMESTAMP' },
  ]);
  const order = 'SELECT count(*) AS n FROM _plumb.source_s WHERE id <> "__order"';
  expect(await queryRows(host.database, order)).toEqual([{ n: 0n }]);
});

it('refuses to read what was not loaded, and binds it', async () => {
  expect(await host.database.describe('SELECT page FROM s')).toEqual([{ name: 'page', type: 'VARCHAR' }]);
  for (const sql of [
    'SELECT max(page) FROM s',
    'SELECT id FROM s WHERE page IS NULL',
    'SELECT * FROM s LIMIT 1',
  ])
    await expect(host.database.query(sql)).rejects.toMatchObject({
      code: 'sql.failed',
      message: expect.stringContaining('not loaded') as string,
    });
});

it('leaves out a column that it cannot hold and nothing reads', async () => {
  const read = (columns: ReadonlySet<string> | null) =>
    loadSource(host.database, host.files, host.reader, source(['gap.parquet']), { columns });
  expect(await read(new Set(['v']))).toMatchObject({ rows: 3, columns: [{ name: 'v', type: 'INTEGER' }] });
  await expect(read(new Set(['gap']))).rejects.toMatchObject({ code: 'source.unsupported_type' });
  await expect(read(null)).rejects.toMatchObject({ code: 'source.unsupported_type' });
});

it('takes columns by name where files order them differently', async () => {
  await loadSource(host.database, host.files, host.reader, source(['ba.parquet', 'ab.parquet']));
  expect(await queryRows(host.database, 'SELECT a, b, "__order" AS o FROM _plumb.source_s')).toEqual([
    { a: 1, b: 'b', o: 0n },
    { a: 2, b: 'c', o: 1n },
  ]);
});

it('keeps the rows that a filter leaves, in file order', async () => {
  const loaded = await loadSource(host.database, host.files, host.reader, source(['wide.parquet'], 'At'), {
    columns: new Set(['id']),
    filter: (column) => `${column('id')} % 1000 = 7`,
  });
  expect(loaded.rows).toBe(1000);
  const sql = 'SELECT count(*) AS n FROM _plumb.source_s WHERE id <> "__order" * 1000 + 7';
  expect(await queryRows(host.database, sql)).toEqual([{ n: 0n }]);
});

it('describes without rows', async () => {
  const options = { columns: new Set<string>() };
  await describeSource(host.database, host.files, host.reader, source(['wide.parquet'], 'At'), options);
  expect(await queryRows(host.database, 'SELECT count(*) AS n FROM s')).toEqual([{ n: 0n }]);
});

it('leaves nothing of a source that is dropped', async () => {
  await loadSource(host.database, host.files, host.reader, source(['ab.parquet']));
  await host.database.query(dropSourceSql('s').join('; '));
  const names =
    "SELECT name FROM (SELECT table_name AS name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal) WHERE name IN ('s', 'source_s', 'rows_s')";
  expect(await queryRows(host.database, names)).toEqual([]);
});
