/** Rows from `from` up to but not `to`: the range numbered `at` of a table whose rows count from 0. */
export interface RowRange {
  at: number;
  from: number;
  to: number;
}

/** Bytes, by estimate, that are worked on at a time: joins and sorts take some times as much. */
const RANGE_BYTES = 128 * 2 ** 20;

/** Rows that DuckDB stores together: in a shorter table most of each column’s 256 KiB would stay empty. */
const ROW_GROUP = 122_880;

/**
 * Cuts a table of so many rows, each of so many bytes by estimate, into ranges of equal length in whole row groups; one
 * range where that takes little memory. `length` decides instead, where given: for tests.
 */
export function rowRanges(rows: number, rowBytes: number, length?: number): RowRange[] {
  const step = Math.max(1, length ?? lengthFor(rows, rowBytes));
  return Array.from({ length: Math.max(1, Math.ceil(rows / step)) }, (_, at) => ({
    at,
    from: at * step,
    to: Math.min(rows, (at + 1) * step),
  }));
}

function lengthFor(rows: number, rowBytes: number): number {
  const bytes = rows * rowBytes;
  if (bytes <= 2 * RANGE_BYTES) return rows;
  return Math.ceil(rows / Math.ceil(bytes / RANGE_BYTES) / ROW_GROUP) * ROW_GROUP;
}

/** Whether the position `row` lies in a range. */
export function inRange(row: string, { from, to }: RowRange): string {
  return `${row} >= ${from} AND ${row} < ${to}`;
}
