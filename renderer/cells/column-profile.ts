import type { ColumnInfo, Database, QueryOptions } from '../../engine/database/database';
import { queryRows } from '../../engine/database/rows';
import { literal } from '../../engine/sql/literal';
import { quote } from '../../engine/sql/quote';
import { isList, isNumber, isTimestamp } from '../results/type-names';
import type { ColumnProfile } from '../results/types';
import { showValue } from '../results/value-format';

const BINS = 24;
const TOP = 8;

function toNumber(value: unknown): number | null {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value);
  return null;
}

/**
 * What a column holds: counts, range, median, and bins of numbers and times or the most frequent of other values.
 * Two queries at most. `from` is what stands behind FROM.
 */
export async function readProfile(
  database: Database,
  from: string,
  { name, type }: ColumnInfo,
  signal?: AbortSignal,
): Promise<ColumnProfile> {
  // The user's own queries go first.
  const options: QueryOptions = { priority: 'background', ...(signal === undefined ? {} : { signal }) };
  const column = quote(name);
  const binned = isNumber(type) || isTimestamp(type);
  const ordered = binned || !(isList(type) || /^(STRUCT|MAP|BLOB)/i.test(type));
  const facts = [
    'count(*) AS n',
    `count(${column}) AS filled`,
    `approx_count_distinct(${column}) AS different`,
    ...(ordered ? [`min(${column}) AS low`, `max(${column}) AS high`] : []),
    ...(binned ? [`quantile_disc(${column}, 0.5) AS middle`] : []),
    ...(isNumber(type) ? [`avg(CAST(${column} AS DOUBLE)) AS mean`] : []),
  ];
  const [row = {}] = await queryRows(database, `SELECT ${facts.join(', ')} FROM ${from}`, options);
  const rows = Number(row.n ?? 0);
  const print = (value: unknown) =>
    value === null || value === undefined ? null : showValue(value, type).text;
  const profile: ColumnProfile = {
    column: name,
    rows,
    nulls: rows - Number(row.filled ?? 0),
    distinct: toNumber(row.different),
    min: print(row.low),
    max: print(row.high),
    median: print(row.middle),
    mean: toNumber(row.mean),
    bins: [],
    top: [],
  };
  if (binned) return { ...profile, bins: await readBins(database, from, name, type, options) };
  return { ...profile, top: await readTop(database, from, column, options) };
}

async function readBins(
  database: Database,
  from: string,
  name: string,
  type: string,
  options: QueryOptions,
): Promise<ColumnProfile['bins']> {
  const value = isTimestamp(type) ? `epoch_us(${quote(name)})` : quote(name);
  const values = `SELECT CAST(${value} AS DOUBLE) AS v FROM ${from}`;
  const range = `SELECT min(v) AS low, max(v) AS high FROM (${values}) WHERE isfinite(v)`;
  const [edges = {}] = await queryRows(database, range, options);
  const low = toNumber(edges.low);
  const high = toNumber(edges.high);
  if (low === null || high === null) return [];
  const bins = high > low ? BINS : 1;
  const width = high > low ? (high - low) / bins : 1;
  const index = `least(${bins - 1}, CAST(floor((v - ${literal(low)}) / ${literal(width)}) AS INTEGER))`;
  const counted = await queryRows(
    database,
    `SELECT ${index} AS bin, count(*) AS n FROM (${values}) WHERE isfinite(v) GROUP BY 1`,
    options,
  );
  const byBin = new Map(counted.map((row) => [Number(row.bin), Number(row.n)]));
  return Array.from({ length: bins }, (_, bin) => ({
    from: low + bin * width,
    to: low + (bin + 1) * width,
    rows: byBin.get(bin) ?? 0,
  }));
}

async function readTop(
  database: Database,
  from: string,
  column: string,
  options: QueryOptions,
): Promise<ColumnProfile['top']> {
  const sql = `SELECT CAST(${column} AS VARCHAR) AS v, count(*) AS n FROM ${from} WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY n DESC, v LIMIT ${TOP}`;
  const found = await queryRows(database, sql, options);
  return found.map((row) => ({ value: String(row.v), rows: Number(row.n) }));
}
