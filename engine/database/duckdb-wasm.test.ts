import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../testing/test-database';
import type { Database } from './database';
import { decodeRows, queryRows } from './rows';

describe('DuckDB-WASM behind the port', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  it('runs statements in order and gives the last one its result', async () => {
    expect(await queryRows(db, 'CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1), (2); FROM a')).toEqual([
      { x: 1 },
      { x: 2 },
    ]);
  });

  it('decodes exact values', async () => {
    expect(
      await queryRows(
        db,
        "SELECT 9007199254740993 AS big, 170141183460469231731687303715884105727::HUGEINT AS huge, -12.34::DECIMAL(18, 2) AS dec, TIMESTAMP '1969-12-31 23:59:59.999999' AS ts, DATE '2024-02-29' AS d, [1.5, NULL] AS list",
      ),
    ).toEqual([
      {
        big: 9007199254740993n,
        huge: 170141183460469231731687303715884105727n,
        dec: '-12.34',
        ts: -1n,
        d: '2024-02-29',
        list: ['1.5', null],
      },
    ]);
  });

  it('streams a result batch by batch while other queries run', async () => {
    let rows = 0;
    for await (const batch of db.stream('SELECT range AS i FROM range(300000)')) {
      rows += decodeRows(batch).length;
      await queryRows(db, 'SELECT 1');
    }
    expect(rows).toBe(300_000);
  });

  it('describes without running', async () => {
    expect(await db.describe('SELECT 1::BIGINT AS a, [1.5::DOUBLE] AS b')).toEqual([
      { name: 'a', type: 'BIGINT' },
      { name: 'b', type: 'DOUBLE[]' },
    ]);
    await expect(db.describe('SELECT nothing_here FROM a')).rejects.toMatchObject({
      code: 'sql.bind',
      place: { line: 1, column: 8 },
    });
  });

  it('ingests what it gave, in order', async () => {
    const bytes = await db.query('SELECT range AS i FROM range(5000) ORDER BY i DESC');
    const table = { schema: '_plumb', name: 'copy' };
    await db.ingest(table, bytes, { create: true });
    await db.ingest(table, bytes, { create: false });
    const rows = await queryRows(db, 'SELECT count(*) AS n, first(i) AS f, last(i) AS l FROM _plumb.copy');
    expect(rows).toEqual([{ n: 10_000n, f: 4999n, l: 0n }]);
  });

  it('cancels a long query and goes on', async () => {
    const abort = new AbortController();
    const long = db.query('SELECT count(*) FROM range(1000000) a, range(1000000) b', {
      signal: abort.signal,
    });
    setTimeout(() => abort.abort(), 200);
    await expect(long).rejects.toMatchObject({ code: 'engine.cancelled' });
    expect(await queryRows(db, 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  it('tells its version and memory', async () => {
    expect(await db.info()).toEqual({ version: 'v1.4.3', threads: 1 });
    expect((await db.memory()).limit).toBeGreaterThan(3 * 1024 ** 3);
  });
});
