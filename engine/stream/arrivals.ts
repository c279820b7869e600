import type { StreamLog } from '../catalog/stream-view';
import { type Database, ORDER_COLUMN, sourceTable } from '../database/database';
import { quote, relation } from '../sql/quote';
import { block, printSelect } from '../sql/select';

/**
 * Makes `table` (quoted) that of a log's arrivals, the rows that have both times: `__pos` (from 0, by time of arrival, then by place in the files), `__order`,
 * `__at` and `__known` (event time and arrival, BIGINT microseconds), `__behind` (HUGEINT microseconds by which the
 * row's event time lies before the greatest one that arrived earlier: below 0 where it is itself the greatest, NULL for
 * the first row). Errors: `engine.*`, `source.too_large`.
 */
export async function makeArrivals(
  db: Database,
  log: StreamLog,
  table: string,
  signal?: AbortSignal,
): Promise<void> {
  const sql = behindSql(arrivalsSql(log), null);
  await db.query(
    `CREATE OR REPLACE TABLE ${table} AS
${sql}
ORDER BY "__pos"`,
    { signal },
  );
}

/** Rows without one of the two times never arrive, or happen at no time: no watermark can be held against them. */
function arrivalsSql({ name, timestamp, availableAt }: StreamLog): string {
  const order = quote(ORDER_COLUMN);
  const [at, known] = [quote(timestamp), quote(availableAt)];
  return printSelect({
    columns: [
      `row_number() OVER (ORDER BY ${known}, ${order}) - 1 AS "__pos"`,
      order,
      `epoch_us(${at}) AS "__at"`,
      `epoch_us(${known}) AS "__known"`,
    ],
    from: [relation(sourceTable(name))],
    where: [`isfinite(${at})`, `isfinite(${known})`],
  });
}

/**
 * Arrivals with `__behind`. `seen`: the greatest event time of the rows before these, microseconds; null = there are
 * none. A row is late when it is behind by more than the watermark's delay.
 */
export function behindSql(arrivals: string, seen: bigint | null): string {
  const earlier = 'max("__at") OVER (ORDER BY "__pos" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)';
  // greatest() passes over NULL.
  const greatest = seen === null ? earlier : `greatest(${earlier}, ${seen})`;
  return printSelect({
    columns: ['*', `CAST(${greatest} AS HUGEINT) - "__at" AS "__behind"`],
    from: [`${block(arrivals)} AS a`],
  });
}

/** Whether an arrival is in time under a watermark `delay` microseconds behind; the first row always is. */
export function inTime(delay: bigint): string {
  return `coalesce("__behind" <= ${delay}, true)`;
}
