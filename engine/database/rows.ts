import { tableFromIPC, type Column } from '@uwdata/flechette';
import type { ArrowBytes, Database, QueryOptions } from './database';
import { valueConverter } from './arrow-value';

export interface DecodedColumn {
  name: string;
  /** One entry per row, as `decodeRows` gives them. */
  values: unknown[];
}

/**
 * The columns of an Arrow IPC stream as plain values: whole numbers up to 32 bits as number, 64 bits and wider as
 * bigint; decimals with a fraction as exact text (`1.50`); TIMESTAMP of second to microsecond precision as bigint
 * microseconds UTC, of nanoseconds as text; DATE, TIME and INTERVAL as text; BLOB as Uint8Array; lists as arrays,
 * structs as objects, maps as arrays of [key, value]. A second column of the same name is called `name_1`.
 */
export function decodeColumns(bytes: ArrowBytes): DecodedColumn[] {
  const table = tableFromIPC(bytes, { useBigInt: true, useDecimalInt: true, useBigIntTimestamp: true });
  const names = distinctNames(table.schema.fields.map((field) => field.name));
  return table.schema.fields.map((field, index) => {
    const column = table.getChildAt(index) as Column<unknown>;
    const convert = valueConverter(field);
    const values = new Array<unknown>(table.numRows);
    for (let row = 0; row < table.numRows; row++) {
      const value = column.at(row);
      values[row] = value === null || value === undefined ? null : convert(value);
    }
    return { name: names[index]!, values };
  });
}

/** The rows of an Arrow IPC stream; values as in `decodeColumns`. */
export function decodeRows(bytes: ArrowBytes): Record<string, unknown>[] {
  const columns = decodeColumns(bytes);
  const rows = columns[0]?.values.length ?? 0;
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(columns.map((column) => [column.name, column.values[row]])),
  );
}

/** How many rows an Arrow IPC stream holds. */
export const rowsIn = (bytes: ArrowBytes): number => tableFromIPC(bytes).numRows;

/** Runs SQL and decodes the last statement's rows. */
export async function queryRows(
  db: Database,
  sql: string,
  options?: QueryOptions,
): Promise<Record<string, unknown>[]> {
  return decodeRows(await db.query(sql, options));
}

/** `relation` is quoted. */
export async function countRows(db: Database, relation: string, options?: QueryOptions): Promise<number> {
  const [row] = await queryRows(db, `SELECT count(*) AS n FROM ${relation}`, options);
  return Number(row?.['n'] ?? 0);
}

function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let count = 1;
    while (taken.has(`${name}_${count}`)) count++;
    taken.add(`${name}_${count}`);
    return `${name}_${count}`;
  });
}
