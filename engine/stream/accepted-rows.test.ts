import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamLog } from '../catalog/stream-view';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { openTestDatabase } from '../testing/test-database';
import { acceptedRows } from './accepted-rows';

const MINUTE = 60_000_000n;
const log: StreamLog = {
  name: 'log',
  files: [],
  timestamp: 'ts',
  availableAt: 'arrived',
  description: '',
};

describe('the rows that a consumer accepts', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    // Minutes of event and arrival, in the order of the file, which is not that of arrival.
    const rows: [string, number | null, number | null][] = [
      ['greatest', 20, 21],
      ['first', 10, 11],
      ['one late by 10 minutes', 10, 22],
      ['one late by 10 minutes and a microsecond', 10, 22],
      ['one that equals the greatest', 20, 23],
      ['one that never arrives', 1, null],
      ['one without a time', null, 5],
    ];
    const values = rows.map(([what, at, arrived], order) => {
      const instant = (minutes: number | null): string =>
        minutes === null ? 'NULL' : `make_timestamp(${BigInt(minutes) * MINUTE})`;
      const early = what.endsWith('microsecond') ? ` - INTERVAL 1 MICROSECOND` : '';
      return `('${what}', ${instant(at)}${early}, ${instant(arrived)}, ${order}::BIGINT)`;
    });
    await db.query(
      `CREATE TABLE _plumb.source_log AS SELECT * FROM (VALUES ${values.join(', ')}) AS v(what, ts, arrived, __order)`,
    );
    await db.query(
      `INSERT INTO _plumb.source_log VALUES ('at the end of time', 'infinity', TIMESTAMP '1970-01-01', 9)`,
    );
  });
  afterAll(() => db.close());

  const accepted = async (delay: bigint): Promise<unknown[]> => {
    const made: string[] = [];
    const relation = await acceptedRows(db, log, delay, made);
    const rows = await queryRows(db, `SELECT what FROM ${relation} ORDER BY "__order"`);
    await db.query(made.join('; '));
    const left = await queryRows(
      db,
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() OR table_schema = '_plumb'",
    );
    expect(left).toEqual([{ name: 'source_log' }]);
    return rows.map(({ what }) => what);
  };

  it('are those whose event time is not below the watermark as it stood before them', async () => {
    expect(await accepted(0n)).toEqual(['greatest', 'first', 'one that equals the greatest']);
    expect(await accepted(10n * MINUTE)).toEqual([
      'greatest',
      'first',
      'one late by 10 minutes',
      'one that equals the greatest',
    ]);
    expect(await accepted(10n * MINUTE + 1n)).toHaveLength(5);
  });
});
