import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../catalog/model';
import { openNodeHost, type NodeHost } from '../node/host';
import { queryRows } from './rows';
import { describeSource, loadSource } from './source-loader';

let folder: string;
let host: NodeHost;
let native: DuckDBConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-parquet-'));
  host = await openNodeHost(folder);
  native = await (await DuckDBInstance.create(':memory:')).connect();
  await native.run("SET TimeZone = 'UTC'");
});
afterAll(async () => {
  native.closeSync();
  await host.close();
  await rm(folder, { recursive: true });
});

const source = (files: string[], timestamp: string | null = null): Source => ({
  name: 's',
  files,
  timestamp,
  availableAt: null,
  description: '',
});
const load = (files: string[], timestamp: string | null = null): ReturnType<typeof loadSource> =>
  loadSource(host.database, host.files, host.reader, source(files, timestamp));
const texts = async (): Promise<unknown[]> =>
  (await queryRows(host.database, 'SELECT v::VARCHAR AS v FROM s')).map((row) => row['v']);
async function nativeTexts(sql: string): Promise<unknown[]> {
  return (await (await native.runAndReadAll(sql)).getRowsJson()).map((row) => row[0]);
}

/** Type, values that lie at its edges; each is followed by a NULL. */
const SAME: [string, string[]][] = [
  ['TINYINT', ['-128', '127']],
  ['SMALLINT', ['-32768', '32767']],
  ['INTEGER', ['-2147483648', '2147483647']],
  ['BIGINT', ['-9223372036854775808', '9223372036854775807', '9007199254740993']],
  ['UTINYINT', ['0', '255']],
  ['USMALLINT', ['65535']],
  ['UINTEGER', ['4294967295']],
  ['UBIGINT', ['18446744073709551615']],
  ['HUGEINT', ['170141183460469231731687303715884105727']],
  ['FLOAT', ["'nan'", "'-inf'", '-0.0', '1.1']],
  ['DOUBLE', ["'nan'", "'inf'", '-0.0', '0.1']],
  ['DECIMAL(4,1)', ['999.9', '-0.1']],
  ['DECIMAL(9,2)', ['1234567.89', '-0.01']],
  ['DECIMAL(18,3)', ['123456789012345.678', '-0.001']],
  ['DECIMAL(38,10)', ['1234567890123456789012345678.0123456789', '-0.0000000001']],
  ['VARCHAR', ["'héllo 漢字 🦆 עברית'", "''"]],
  ['BLOB', ["'\\x00\\xFF'", "''"]],
  ['DATE', ["'1969-12-31'", "'9999-12-31'"]],
  ['TIME', ["'23:59:59.999999'", "'00:00:00'"]],
  ['TIMESTAMP', ["'1969-12-31 23:59:59.999999'", "'2024-01-01'"]],
  ['TIMESTAMP_S', ["'1969-12-31 23:59:59'"]],
  ['TIMESTAMP_MS', ["'1969-12-31 23:59:59.999'"]],
  ['TIMESTAMP_NS', ["'1969-12-31 23:59:59.999999'"]],
  ['BOOLEAN', ['true', 'false']],
  ["ENUM('a', 'b')", ["'a'", "'b'"]],
  ['INTEGER[]', ['[1, NULL, 3]', '[]']],
  ['VARCHAR[]', ["['a', NULL]", '[]']],
  ['INTEGER[][]', ['[[1], NULL, []]']],
  ['DECIMAL(9,2)[]', ['[1.25, NULL]']],
  ['STRUCT(a INTEGER, b VARCHAR)', ["{'a': 1, 'b': 'x'}", "{'a': NULL, 'b': NULL}"]],
  ['MAP(VARCHAR, INTEGER)', ["MAP {'k': 1, 'l': NULL}"]],
  ['JSON', ['\'{"a": 1}\'']],
];

describe('Parquet types against native DuckDB', () => {
  it.each(SAME)('%s keeps its values', async (type, values) => {
    const rows = [...values, 'NULL'].map((value) => `(CAST(${value} AS ${type}))`).join(', ');
    await native.run(
      `COPY (SELECT * FROM (VALUES ${rows}) t(v)) TO '${folder}/type.parquet' (FORMAT parquet)`,
    );
    await load(['type.parquet']);
    expect(await texts()).toEqual(await nativeTexts(`SELECT v::VARCHAR FROM '${folder}/type.parquet'`));
  });

  it('reads zoned times as UTC, in lists too', async () => {
    await native.run(
      `COPY (SELECT TIMESTAMPTZ '2024-01-01 00:00:00+05:30' AS t, [TIMESTAMPTZ '2024-01-01 00:00:00+01'] AS v) TO '${folder}/zoned.parquet' (FORMAT parquet)`,
    );
    const loaded = await load(['zoned.parquet'], 't');
    expect(loaded.columns.map((column) => column.type)).toEqual(['TIMESTAMP', 'TIMESTAMP[]']);
    expect(await queryRows(host.database, 'FROM s')).toEqual([
      { t: 1704047400000000n, v: [1704063600000000n] },
    ]);
  });

  it('refuses what it would change', async () => {
    await native.run(`COPY (SELECT INTERVAL 2 DAY AS v) TO '${folder}/interval.parquet' (FORMAT parquet)`);
    await expect(load(['interval.parquet'])).rejects.toMatchObject({ code: 'source.unsupported_type' });
    await native.run(
      `COPY (SELECT TIMESTAMP_NS '2024-01-01 00:00:00.000000001' AS v) TO '${folder}/nanos.parquet' (FORMAT parquet)`,
    );
    await expect(load(['nanos.parquet'])).rejects.toMatchObject({
      code: 'source.timestamp',
      message: expect.stringContaining('row 1') as string,
    });
  });

  it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4_raw', 'brotli'])(
    'reads %s in order',
    async (codec) => {
      await native.run(
        `COPY (SELECT i AS v FROM range(10000) t(i)) TO '${folder}/codec.parquet' (FORMAT parquet, CODEC '${codec}', ROW_GROUP_SIZE 2048)`,
      );
      expect(await load(['codec.parquet', 'codec.parquet'])).toMatchObject({ rows: 10_000 });
      expect(
        await queryRows(host.database, 'SELECT count(*) AS n FROM _plumb.source_s WHERE v <> __order'),
      ).toEqual([{ n: 0n }]);
    },
  );

  it('loads several files in their order, and an empty one', async () => {
    for (const [name, sql] of [
      ['part-1', 'SELECT 1 AS v'],
      ['part-2', 'SELECT 1 AS v WHERE false'],
      ['part-3', 'SELECT 3 AS v'],
    ])
      await native.run(`COPY (${sql}) TO '${folder}/${name}.parquet' (FORMAT parquet)`);
    expect(await load(['part-3.parquet', 'part-*.parquet'])).toMatchObject({ rows: 2 });
    expect(await texts()).toEqual(['3', '1']);
    await native.run(`COPY (SELECT 'x' AS v) TO '${folder}/other.parquet' (FORMAT parquet)`);
    await expect(load(['part-1.parquet', 'other.parquet'])).rejects.toMatchObject({
      code: 'source.schema_mismatch',
    });
    expect(await texts()).toEqual(['3', '1']);
    await describeSource(host.database, host.files, host.reader, source(['part-1.parquet']));
    expect(await texts()).toEqual([]);
  });

  it('gives a typed error for damaged files and stays usable', async () => {
    await native.run(
      `COPY (SELECT i AS v, 'text ' || i AS w FROM range(5000) t(i)) TO '${folder}/good.parquet' (FORMAT parquet, CODEC 'zstd')`,
    );
    const good = await readFile(join(folder, 'good.parquet'));
    for (let cut = 0; cut < good.length; cut += Math.ceil(good.length / 12)) {
      await writeFile(join(folder, 'cut.parquet'), good.subarray(0, cut));
      await expect(load(['cut.parquet'])).rejects.toMatchObject({ code: 'source.corrupt' });
    }
    // Garbage in the middle of a page makes the library abort.
    const holed = Buffer.from(good).fill(0x5a, 100, 600);
    await writeFile(join(folder, 'holed.parquet'), holed);
    await expect(load(['holed.parquet'])).rejects.toMatchObject({ code: 'source.corrupt' });
    expect(await load(['good.parquet'])).toMatchObject({ rows: 5000 });
    await expect(load(['absent.parquet'])).rejects.toMatchObject({ code: 'source.no_files' });
    await expect(host.reader.metadata('absent.parquet')).rejects.toMatchObject({ code: 'file.not_found' });
  });

  it('writes files that other readers read', async () => {
    const batches = host.database.stream(
      "SELECT range AS i, 'é' || range AS t, TIMESTAMP '2024-01-01' + to_microseconds(range) AS ts, range / 4 AS f FROM range(5000)",
    );
    const { bytes, rows } = await host.writer.write(batches, {
      compression: 'snappy',
      keyValues: { plumbline: '{"a": 1}' },
      rowGroupRows: 2000,
    });
    expect(rows).toBe(5000);
    await host.files.write('out/written.parquet', bytes);
    const [sums] = await (
      await native.runAndReadAll(
        `SELECT count(*)::INT, sum(i)::INT, max(t), max(ts)::VARCHAR, sum(f) FROM '${folder}/out/written.parquet'`,
      )
    ).getRowsJson();
    expect(sums).toEqual([5000, 12497500, 'é999', '2024-01-01 00:00:00.004999', 3124375]);
    const file = bytes.slice().buffer;
    const metadata = await parquetMetadataAsync(file);
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([2000, 2000, 1000]);
    expect(metadata.key_value_metadata).toContainEqual({ key: 'plumbline', value: '{"a": 1}' });
    expect(metadata.row_groups[0]!.columns[0]!.meta_data!.statistics).toMatchObject({
      min_value: 0n,
      max_value: 1999n,
    });
    expect((await parquetReadObjects({ file, rowStart: 4999, rowEnd: 5000 }))[0]).toMatchObject({
      i: 4999n,
      t: 'é4999',
    });
    expect((await host.reader.metadata('out/written.parquet')).keyValues).toEqual({ plumbline: '{"a": 1}' });
  });
});
