import { printDuration } from '../../catalog/duration';
import { isoMicroseconds } from '../../catalog/instant';
import type { DriftCheck } from '../../catalog/model';
import type { Database, QueryOptions } from '../../database/database';
import { queryRows } from '../../database/rows';
import { PlumblineError } from '../../errors';
import { timestampLiteral } from '../../sql/literal';
import { relation } from '../../sql/quote';
import { printSelect } from '../../sql/select';
import { floorTo } from '../../sql/window-edges';
import { timeOf, type Side } from '../side';

/** More windows than a chart or a table can show are a mistake in `every`. */
export const MOST_WINDOWS = 2_000;

/** The windows of a check, gaps included, and the reference. Microseconds UTC; ends are exclusive. */
export interface DriftWindows {
  every: bigint;
  starts: bigint[];
  reference: { start: bigint; end: bigint };
  /** The latest time of a row. */
  last: bigint;
  /** Rows with a time; those without are in no window. */
  rows: number;
  timeless: number;
}

/** SQL over the alias `s` of a side: whether its row has a time that a window can hold. */
export function hasTime(side: Side): string {
  return `coalesce(isfinite(${timeOf(side, 's')}), false)`;
}

/** SQL over `s`: when the row's window begins, microseconds. */
export function windowOf(side: Side, every: bigint): string {
  return floorTo(`epoch_us(${timeOf(side, 's')})`, every);
}

/** Errors: `drift.no_reference` where no row has a time, `notebook.schema` for more than MOST_WINDOWS windows. */
export async function driftWindows(
  db: Database,
  check: DriftCheck,
  side: Side,
  options: QueryOptions,
): Promise<DriftWindows> {
  const { every } = check;
  const start = windowOf(side, every);
  const sql = printSelect({
    columns: [
      'count(*) AS every_row',
      `count(*) FILTER (${hasTime(side)}) AS n`,
      `min(${start}) FILTER (${hasTime(side)}) AS low`,
      `max(${start}) FILTER (${hasTime(side)}) AS high`,
      `max(epoch_us(${timeOf(side, 's')})) FILTER (${hasTime(side)}) AS last`,
    ],
    from: [`${relation(side.table)} AS s`],
  });
  const [row] = await queryRows(db, sql, options);
  const rows = Number(row?.['n'] ?? 0);
  if (rows === 0)
    throw new PlumblineError('drift.no_reference', `No row of ${side.name} has a time.`, {
      hint: `The time is the column ${side.time}.`,
    });
  const [low, high, last] = [row?.['low'], row?.['high'], row?.['last']].map((at) => BigInt(String(at)));
  const count = (high! - low!) / every + 1n;
  if (count > MOST_WINDOWS)
    throw new PlumblineError(
      'notebook.schema',
      `Every ${printDuration(every)}, ${side.name} has ${count} windows; ${MOST_WINDOWS} at most are shown.`,
      { hint: 'Give "every:" a longer duration.', place: { cell: check.name } },
    );
  const starts = Array.from({ length: Number(count) }, (_, index) => low! + BigInt(index) * every);
  const quarter = BigInt(Math.max(1, Math.floor(starts.length / 4)));
  const reference = check.reference ?? { start: low!, end: low! + quarter * every };
  return { every, starts, reference, last: last!, rows, timeless: Number(row?.['every_row']) - rows };
}

/** Whether a window holds a part of the reference. */
export function isReference({ every, reference }: DriftWindows, start: bigint): boolean {
  return start < reference.end && start + every > reference.start;
}

/** SQL over `s`: whether the row belongs to the reference. */
export function inReference(side: Side, { reference }: DriftWindows): string {
  const time = timeOf(side, 's');
  return `${time} >= ${timestampLiteral(reference.start)} AND ${time} < ${timestampLiteral(reference.end)}`;
}

/** `2025-03-16T00:00:00Z`, with a fraction only where there is one. */
export function isoText(at: bigint): string {
  return isoMicroseconds(at).replace('.000000Z', 'Z');
}
