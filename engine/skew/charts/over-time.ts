import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { difference, mismatch } from '../../sql/compared-value';
import { column } from '../../sql/quote';
import { TIME } from '../alignment';
import { featureOf } from '../compared-feature';
import { comparedRows } from '../pair-filter';
import type { BuiltSkew } from '../skew';
import type { ChartOptions } from './chart-options';

/** `time`: the start of the period in milliseconds since 1970, UTC; differences are right - left. */
export interface SkewPeriod {
  time: number;
  difference: number | null;
  absDifference: number | null;
  mismatchShare: number;
  rows: number;
}

const PERIODS = [
  ['hour', 2],
  ['day', 400],
  ['week', 2_800],
  ['month', Infinity],
] as const;
export type PeriodUnit = (typeof PERIODS)[number][0];

/** Milliseconds since 1970 UTC: the first and the last row, and the period by which they are told apart. */
export interface TimeFrame {
  unit: PeriodUnit;
  first: number;
  last: number;
}

/**
 * The span of all compared rows: periods of a day; of an hour when all lie within two days, of a week or a month beyond 400 or
 * 2,800. null where no row has a time.
 */
export async function timeFrame(
  db: Database,
  skew: BuiltSkew,
  options: Omit<ChartOptions, 'filter'> = {},
): Promise<TimeFrame | null> {
  const time = `epoch_us(${column('p', TIME)})`;
  const [span] = await queryRows(
    db,
    `SELECT min(${time}) AS first, max(${time}) AS last ${comparedRows(skew)}`,
    options,
  );
  if (typeof span?.['first'] !== 'bigint' || typeof span['last'] !== 'bigint') return null;
  const [first, last] = [Number(span['first']) / 1000, Number(span['last']) / 1000];
  const days = (last - first) / 86_400_000;
  const unit = PERIODS.find(([, most]) => days <= most)?.[0] ?? 'month';
  return { unit, first, last };
}

/**
 * Mean difference and share of mismatches per period of the rows' time, in order; periods without rows are left out. Errors:
 * `catalog.unknown_feature`.
 */
export async function skewOverTime(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: ChartOptions & { frame?: TimeFrame | null } = {},
): Promise<SkewPeriod[]> {
  const feature = featureOf(skew, name);
  const frame = options.frame === undefined ? await timeFrame(db, skew, options) : options.frame;
  if (frame === null) return [];
  const time = column('p', TIME);
  const gap = difference(feature);
  const mean = (of: string): string => `avg(${of}) FILTER (isfinite(${gap}))`;
  const sql = [
    `SELECT epoch_us(CAST(date_trunc('${frame.unit}', ${time}) AS TIMESTAMP)) AS at, ${mean(gap)} AS diff,`,
    `${mean(`abs(${gap})`)} AS gap, avg(CAST(${mismatch(feature, skew.tolerance)} AS INTEGER)) AS share, count(*) AS n`,
    comparedRows(skew, options.filter, { where: [`${time} IS NOT NULL`] }),
    'GROUP BY 1 ORDER BY 1',
  ].join('\n');
  return (await queryRows(db, sql, options)).map((row) => ({
    time: Number(row['at']) / 1000,
    difference: row['diff'] as number | null,
    absDifference: row['gap'] as number | null,
    mismatchShare: row['share'] as number,
    rows: Number(row['n']),
  }));
}
