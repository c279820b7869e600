import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNodeHost, type NodeHost } from '../node/host';
import { queryRows } from './rows';
import { loadSource, type LoadedSource } from './source-loader';

let folder: string;
let host: NodeHost;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-source-'));
  host = await openNodeHost(folder);
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

async function load(name: string, text: string, timestamp: string | null = null): Promise<LoadedSource> {
  await writeFile(join(folder, name), text);
  const source = { name: 's', files: [name], timestamp, availableAt: null, description: '' };
  return loadSource(host.database, host.files, host.reader, source);
}

describe('sources in text formats', () => {
  it('counts an offset that comes late in a CSV file', async () => {
    const naive = '2024-01-01 00:00:00,1\n'.repeat(25_000);
    const loaded = await load('late.csv', `t,x\n${naive}2024-01-01 00:00:00+05:30,2.5\n`, 't');
    expect(loaded.columns).toEqual([
      { name: 't', type: 'TIMESTAMP' },
      { name: 'x', type: 'DOUBLE' },
    ]);
    expect(loaded.timeRange).toEqual({ min: 1704047400000000n, max: 1704067200000000n });
    expect(await queryRows(host.database, 'SELECT __order AS o FROM _plumb.source_s WHERE x = 2.5')).toEqual([
      { o: 25_000n },
    ]);
  });

  it('reads JSON lines and arrays with exact types', async () => {
    await load(
      'a.ndjson',
      '{"t":"2024-01-01T00:00:00+01:00","n":1,"b":true}\n{"n":9007199254740991,"o":{"a":[1]}}\n',
      't',
    );
    expect(await queryRows(host.database, 'FROM s')).toEqual([
      { t: 1704063600000000n, n: 1n, b: true, o: null },
      { t: null, n: 9007199254740991n, b: null, o: '{"a":[1]}' },
    ]);
    await load('a.json', '[{"x":1},{"x":0.5}]');
    expect(await queryRows(host.database, 'FROM s')).toEqual([{ x: 1 }, { x: 0.5 }]);
  });

  it.each([
    ['big.json', '[{"x":9007199254740993}]', null, 'source.unsupported_type'],
    ['mixed.json', '[{"x":1},{"x":"a"}]', null, 'source.unsupported_type'],
    ['broken.json', '[{"x":1', null, 'source.corrupt'],
    ['scalar.json', '[1]', null, 'source.corrupt'],
    ['words.csv', 't\nyesterday\n', 't', 'source.timestamp'],
    ['number.csv', 't\n17\n', 't', 'source.timestamp'],
    ['none.csv', 'x\n17\n', 't', 'catalog.unknown_column'],
    ['order.csv', '__order\n17\n', null, 'catalog.name_collision'],
    ['note.txt', 'x', null, 'source.unsupported_format'],
    ['../out.csv', 'x\n1\n', null, 'source.outside_workspace'],
  ])('refuses %s', async (name, text, timestamp, code) => {
    if (name.startsWith('..')) {
      const source = { name: 's', files: [name], timestamp, availableAt: null, description: '' };
      await expect(loadSource(host.database, host.files, host.reader, source)).rejects.toMatchObject({
        code,
      });
    } else await expect(load(name, text, timestamp)).rejects.toMatchObject({ code });
    expect(
      await queryRows(host.database, "SELECT table_name FROM duckdb_tables() WHERE table_name <> 'rows_s'"),
    ).toEqual([]);
  });

  it('keeps the old rows when a reload is cancelled', async () => {
    await load('keep.csv', 'x\n1\n');
    const abort = new AbortController();
    abort.abort();
    const source = { name: 's', files: ['keep.csv'], timestamp: null, availableAt: null, description: '' };
    await expect(
      loadSource(host.database, host.files, host.reader, source, { signal: abort.signal }),
    ).rejects.toMatchObject({ code: 'engine.cancelled' });
    expect(await queryRows(host.database, 'FROM s')).toEqual([{ x: 1n }]);
  });
});

describe('the locked engine', () => {
  it.each([
    ["SELECT * FROM read_text('/etc/hostname')", 'sql.forbidden'],
    ["ATTACH '/tmp/x.db'", 'sql.forbidden'],
    ["COPY (SELECT 1) TO '/ws/x.csv'", 'sql.forbidden'],
    ["COPY (SELECT 1) TO '/tmp/x.csv'", 'sql.forbidden'],
    ['LOAD json', 'sql.forbidden'],
    ['SET threads = 4', 'sql.forbidden'],
    ["SELECT date_trunc('day', now())", 'sql.forbidden'],
    ['SELEC 1', 'sql.syntax'],
    ['SELECT nowhere', 'sql.bind'],
    ["SELECT 'a'::INTEGER", 'sql.failed'],
    ["SELECT 'a'::ENUM('a') AS e", 'sql.failed'],
    ['SELECT (1, 2) AS r', 'sql.failed'],
    ['', 'sql.syntax'],
  ])('%s is %s', async (sql, code) => {
    await expect(host.database.query(sql)).rejects.toMatchObject({ code });
    expect(await queryRows(host.database, 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  it('does not run a second statement under describe', async () => {
    await expect(host.database.describe('SELECT 1; CREATE TABLE sneaked AS SELECT 1')).rejects.toMatchObject({
      code: expect.stringMatching(/^sql\./) as string,
    });
    expect(
      await queryRows(host.database, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'sneaked'"),
    ).toEqual([]);
  });

  it('gives the UUID of fixed-length bytes as the documentation says', async () => {
    expect(
      await queryRows(
        host.database,
        "SELECT hex('\\xFF\\xFF\\xFF\\xFF\\xFF\\xFF\\xFF\\xFF\\xFF\\xFF\\xFF\\xFF\\xFF\\xFF\\xFF\\x01'::BLOB)::UUID AS u",
      ),
    ).toEqual([{ u: 'ffffffff-ffff-ffff-ffff-ffffffffff01' }]);
  });
});

describe('INT96 times, as Spark and old Parquet writers leave them', () => {
  const loadFixture = async (name: string): Promise<LoadedSource> => {
    await cp(join(import.meta.dirname, 'fixtures', name), join(folder, name));
    const source = { name: 's', files: [name], timestamp: 'at', availableAt: null, description: '' };
    return loadSource(host.database, host.files, host.reader, source);
  };

  it('are read to the microsecond, before 1970 too', async () => {
    const loaded = await loadFixture('int96.parquet');
    expect(loaded.columns).toContainEqual({ name: 'at', type: 'TIMESTAMP' });
    expect(await queryRows(host.database, 'SELECT "at" FROM s ORDER BY id')).toEqual([
      { at: 1742128200123456n },
      { at: -1n },
      { at: null },
      { at: 1709164800000000n },
    ]);
  });

  // 2^64 leaves 616 nanoseconds over, so a time that wrapped round is no whole microsecond.
  it('are refused where nanoseconds cannot hold them, never wrapped round', async () => {
    await expect(loadFixture('int96-far.parquet')).rejects.toMatchObject({ code: 'source.timestamp' });
  });
});
