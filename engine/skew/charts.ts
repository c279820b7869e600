import type { Database, QueryOptions } from '../database/database';
import { queryRows } from '../database/rows';
import { PlumblineError } from '../errors';
import { literal } from '../sql/literal';
import { column, relation } from '../sql/quote';
import { PAIR, SIDE, TIME } from './alignment';
import { comparedValue, difference, isNumeric, mismatch } from '../sql/compared-value';
import type { ComparedFeature } from './compared-feature';
import type { BuiltSkew } from './skew';

/** Equal-width bins over both sides' finite values; `to` belongs to the last bin only. Counts are compared rows. */
export interface SkewBin {
  from: number;
  to: number;
  left: number;
  right: number;
}

/** Compared rows per value; `value` is null for NULL. */
export interface SkewCategory {
  value: string | null;
  left: number;
  right: number;
}

export interface SkewPoint {
  left: number;
  right: number;
  differs: boolean;
}

/** `time`: the start of the period in milliseconds since 1970, UTC; differences are right - left. */
export interface SkewPeriod {
  time: number;
  difference: number | null;
  absDifference: number | null;
  mismatchShare: number;
  rows: number;
}

export const MOST_BINS = 60;
export const MOST_POINTS = 2_000;

function findFeature(skew: BuiltSkew, name: string): ComparedFeature {
  const feature = skew.features.find((candidate) => candidate.column === name);
  if (feature) return feature;
  throw new PlumblineError('catalog.unknown_feature', `The check ${skew.name} compares no feature ${name}.`, {
    hint: `It compares ${skew.features.map((candidate) => candidate.column).join(', ')}.`,
  });
}

const compared = `${column('p', SIDE)} = 'both'`;

/**
 * Overlaid distributions of a numeric feature, at most `bins` (60) bins; whole numbers get bins of whole width.
 * Empty for other features and where no side has a finite number. Errors: `catalog.unknown_feature`.
 */
export async function skewHistogram(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: { bins?: number } & QueryOptions = {},
): Promise<SkewBin[]> {
  const feature = findFeature(skew, name);
  if (!isNumeric(feature)) return [];
  const values = (['left', 'right'] as const)
    .map(
      (side) =>
        `SELECT CAST(${comparedValue(feature, side)} AS DOUBLE) AS v, ${side === 'left'} AS is_left FROM ${relation(skew.pairs)} AS p WHERE ${compared}`,
    )
    .join(' UNION ALL ');
  const finite = `(SELECT * FROM (${values}) WHERE isfinite(v))`;
  const [range] = await queryRows(db, `SELECT min(v) AS low, max(v) AS high FROM ${finite}`, options);
  const low = range?.['low'];
  const high = range?.['high'];
  if (typeof low !== 'number' || typeof high !== 'number') return [];
  const { from, width, count } = binsOver(low, high, options.bins ?? MOST_BINS, feature.kind === 'integer');
  const index = `CAST(least(${count - 1}, greatest(0, floor(v / ${literal(width)} - ${literal(from / width)}))) AS INTEGER)`;
  const sql = `SELECT ${index} AS bin, count(*) FILTER (is_left) AS l, count(*) FILTER (NOT is_left) AS r FROM ${finite} GROUP BY 1`;
  const found = new Map((await queryRows(db, sql, options)).map((row) => [Number(row['bin']), row]));
  return Array.from({ length: count }, (_, bin) => ({
    from: from + bin * width,
    to: from + (bin + 1) * width,
    left: Number(found.get(bin)?.['l'] ?? 0),
    right: Number(found.get(bin)?.['r'] ?? 0),
  }));
}

function binsOver(
  low: number,
  high: number,
  most: number,
  whole: boolean,
): { from: number; width: number; count: number } {
  if (whole) {
    const width = Math.max(1, Math.ceil((high - low + 1) / most));
    return { from: low, width, count: Math.ceil((high - low + 1) / width) };
  }
  const width = high / most - low / most;
  // A width that vanishes beside the values cannot tell bins apart.
  if (low + width === low || high - width === high) return { from: low - 0.5, width: 1, count: 1 };
  return { from: low, width, count: most };
}

/**
 * Frequencies of a feature that is not a number: the `limit` (30) most frequent values of both sides together,
 * NULL among them, most frequent first; empty for numbers.
 */
export async function skewCategories(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: { limit?: number } & QueryOptions = {},
): Promise<SkewCategory[]> {
  const feature = findFeature(skew, name);
  if (isNumeric(feature)) return [];
  const values = (['left', 'right'] as const)
    .map(
      (side) =>
        `SELECT CAST(${column('p', feature[side])} AS VARCHAR) AS v, ${side === 'left'} AS is_left FROM ${relation(skew.pairs)} AS p WHERE ${compared}`,
    )
    .join(' UNION ALL ');
  const sql = `SELECT v, count(*) FILTER (is_left) AS l, count(*) FILTER (NOT is_left) AS r FROM (${values}) GROUP BY v ORDER BY count(*) DESC, v NULLS LAST LIMIT ${literal(options.limit ?? 30)}`;
  return (await queryRows(db, sql, options)).map((row) => ({
    value: row['v'] as string | null,
    left: Number(row['l']),
    right: Number(row['r']),
  }));
}

/**
 * Left against right for at most `limit` (2,000) compared rows with finite numbers on both sides: mismatches
 * first, then agreeing rows; among each an even sample that is the same every time.
 */
export async function skewScatter(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: { limit?: number } & QueryOptions = {},
): Promise<SkewPoint[]> {
  const feature = findFeature(skew, name);
  if (!isNumeric(feature)) return [];
  const value = (side: 'left' | 'right'): string => `CAST(${comparedValue(feature, side)} AS DOUBLE)`;
  // Knuth's multiplicative hash spreads row numbers evenly and, unlike DuckDB's hash(), never changes.
  const shuffled = `${column('p', PAIR)} * 2654435761 % 4294967296`;
  const sql = [
    `SELECT ${value('left')} AS l, ${value('right')} AS r, ${mismatch(feature, skew.tolerance)} AS differs`,
    `FROM ${relation(skew.pairs)} AS p`,
    `WHERE ${compared} AND isfinite(${value('left')}) AND isfinite(${value('right')})`,
    `ORDER BY differs DESC, ${shuffled} LIMIT ${literal(options.limit ?? MOST_POINTS)}`,
  ].join('\n');
  return (await queryRows(db, sql, options)).map((row) => ({
    left: row['l'] as number,
    right: row['r'] as number,
    differs: row['differs'] as boolean,
  }));
}

const PERIODS = [
  ['hour', 2],
  ['day', 400],
  ['week', 2_800],
  ['month', Infinity],
] as const;

/**
 * Mean difference and share of mismatches per period of the rows' time, in order; periods without rows are left
 * out. The period is a day; an hour when all rows lie within two days, a week or a month beyond 400 or 2,800.
 */
export async function skewOverTime(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: QueryOptions = {},
): Promise<SkewPeriod[]> {
  const feature = findFeature(skew, name);
  const time = column('p', TIME);
  const from = `FROM ${relation(skew.pairs)} AS p WHERE ${compared} AND ${time} IS NOT NULL`;
  const [span] = await queryRows(
    db,
    `SELECT (epoch_us(max(${time})) - epoch_us(min(${time}))) / 86400000000 AS days ${from}`,
    options,
  );
  const days = Number(span?.['days'] ?? 0);
  const unit = PERIODS.find(([, most]) => days <= most)?.[0] ?? 'month';
  const gap = difference(feature);
  const mean = (of: string): string => `avg(${of}) FILTER (isfinite(${gap}))`;
  const sql = [
    `SELECT epoch_us(CAST(date_trunc('${unit}', ${time}) AS TIMESTAMP)) AS at, ${mean(gap)} AS diff,`,
    `${mean(`abs(${gap})`)} AS gap, avg(CAST(${mismatch(feature, skew.tolerance)} AS INTEGER)) AS share, count(*) AS n`,
    `${from} GROUP BY 1 ORDER BY 1`,
  ].join('\n');
  return (await queryRows(db, sql, options)).map((row) => ({
    time: Number(row['at']) / 1000,
    difference: row['diff'] as number | null,
    absDifference: row['gap'] as number | null,
    mismatchShare: row['share'] as number,
    rows: Number(row['n']),
  }));
}
