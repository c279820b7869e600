import type { Database } from '../../database/database';
import { literal, type SqlValue } from '../../sql/literal';
import type { ServedTableRow, ServedWorld } from './world';

/** Makes the sources of `servedCatalog` out of a world. */
export async function loadWorld(db: Database, world: ServedWorld): Promise<void> {
  await db.query('CREATE SCHEMA IF NOT EXISTS _plumb');
  const event = 'user_id BIGINT, ts TIMESTAMP, n INTEGER, x DOUBLE, word VARCHAR, good BOOLEAN';
  const events = world.events.map(({ user, at, n, x, word, good, known }) => [
    user,
    instant(at),
    n,
    x,
    word,
    good,
    instant(known),
  ]);
  await fill(db, 'source_late_acts', `${event}, known TIMESTAMP`, events);
  await fill(
    db,
    'source_acts',
    event,
    events.map((row) => row.slice(0, -1)),
  );
  const column = 'user_id BIGINT, ts TIMESTAMP, n INTEGER, x DOUBLE, word VARCHAR, flag BOOLEAN';
  const values = ({ user, at, n, x, word, flag }: ServedTableRow): Cell[] => [
    user,
    instant(at),
    n,
    x,
    word,
    flag,
  ];
  await fill(
    db,
    'source_facts',
    `${column}, made TIMESTAMP`,
    world.table.map((row) => [...values(row), instant(row.made)]),
  );
  await fill(
    db,
    'source_late_facts',
    `${column}, known TIMESTAMP`,
    world.table.map((row) => [...values(row), instant(row.known)]),
  );
  await fill(
    db,
    'source_stretches',
    `${column}, until TIMESTAMP`,
    world.stretches.map((row) => [...values(row), row.until === null ? null : instant(row.until)]),
  );
}

type Cell = SqlValue | { sql: string };

function instant(at: number): Cell {
  return { sql: `make_timestamp(${at})` };
}

export async function fill(
  db: Database,
  table: string,
  columns: string,
  rows: readonly Cell[][],
): Promise<void> {
  await db.query(`CREATE OR REPLACE TABLE _plumb.${table} (${columns}, "__order" BIGINT)`);
  for (let from = 0; from < rows.length; from += 2_000) {
    const tuples = rows
      .slice(from, from + 2_000)
      .map((row, at) => `(${[...row.map(text), String(from + at)].join(', ')})`);
    await db.query(`INSERT INTO _plumb.${table} VALUES ${tuples.join(', ')}`);
  }
}

function text(cell: Cell): string {
  return typeof cell === 'object' && cell !== null && 'sql' in cell ? cell.sql : literal(cell);
}
