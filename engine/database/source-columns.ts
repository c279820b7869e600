import type { ColumnInfo } from './database';
import { literal } from '../sql/literal';
import { quote } from '../sql/quote';

/** How one column of a file becomes a column of the source. */
export interface ColumnPlan {
  name: string;
  /** Its DuckDB type in the source. */
  type: string;
  /** SQL over the file's column. */
  expression: string;
  /** SQL that is true for values that the conversion would change or drop; null when there are none. */
  refuses: string | null;
}

const TIMES = /\bTIMESTAMP(?: WITH TIME ZONE|_S|_MS)?(?![A-Z_ ])/g;

/**
 * Plans a column by its DuckDB type. Every kind of time becomes TIMESTAMP (UTC, microseconds); text becomes one only
 * where it is the event time. Null when the column cannot be an event time but should be.
 */
export function planColumn(column: ColumnInfo, isEventTime: boolean): ColumnPlan | null {
  const value = quote(column.name);
  const plan = (type: string, expression: string, refuses: string | null = null): ColumnPlan => ({
    name: column.name,
    type,
    expression,
    refuses,
  });
  if (column.type === 'TIMESTAMP_NS')
    return plan('TIMESTAMP', `make_timestamp(epoch_ns(${value}) // 1000)`, `epoch_ns(${value}) % 1000 <> 0`);
  const scalarTime = /^TIMESTAMP(?: WITH TIME ZONE|_S|_MS)?$/.test(column.type);
  if (isEventTime && !scalarTime) {
    if (column.type === 'DATE') return plan('TIMESTAMP', `CAST(${value} AS TIMESTAMP)`);
    if (column.type !== 'VARCHAR') return null;
    // Text goes by way of TIMESTAMPTZ: straight to TIMESTAMP its offset would be dropped.
    const zoned = `TRY_CAST(${value} AS TIMESTAMPTZ)`;
    return plan('TIMESTAMP', `CAST(${zoned} AS TIMESTAMP)`, `${value} IS NOT NULL AND ${zoned} IS NULL`);
  }
  const type = column.type.replace(TIMES, 'TIMESTAMP');
  return plan(type, type === column.type ? value : `CAST(${value} AS ${type})`);
}

/** Reads a CSV file; columns in `zoned` are read as TIMESTAMPTZ, so that offsets count. */
export function readCsv(path: string, zoned: readonly string[] = []): string {
  const types = zoned.map((name) => `${literal(name)}: 'TIMESTAMPTZ'`).join(', ');
  const options = zoned.length === 0 ? '' : `, types = {${types}}`;
  // Types are found over the whole file: a sample could take a late 1.5 for a failure, or a late offset for noise.
  return `read_csv(${literal(path)}, sample_size = -1${options})`;
}
