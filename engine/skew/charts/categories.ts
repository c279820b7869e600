import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { isNumeric } from '../../sql/compared-value';
import { literal } from '../../sql/literal';
import { column } from '../../sql/quote';
import { featureOf } from '../compared-feature';
import { comparedRows, type SideKey } from '../pair-filter';
import type { BuiltSkew } from '../skew';
import type { ChartOptions } from './chart-options';

/** Compared rows per value; `value` is null for NULL. */
export interface SkewCategory {
  value: string | null;
  left: number;
  right: number;
  /** The rows of all values, those beyond the limit too. */
  of: number;
}

/** Which values a chart has a place for, whatever rows it draws. */
export interface CategoryFrame {
  values: (string | null)[];
  /** Whether there are more of them. */
  more: boolean;
}

export const MOST_CATEGORIES = 30;
const MOST_PLACES = 12;

/** The 12 most frequent values over all compared rows; null for numbers. Errors: `catalog.unknown_feature`. */
export async function categoryFrame(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: Omit<ChartOptions, 'filter'> = {},
): Promise<CategoryFrame | null> {
  if (isNumeric(featureOf(skew, name))) return null;
  const found = await skewCategories(db, skew, name, { ...options, limit: MOST_PLACES + 1 });
  return {
    values: found.slice(0, MOST_PLACES).map(({ value }) => value),
    more: found.length > MOST_PLACES,
  };
}

/**
 * Frequencies of a feature that is not a number: the `limit` (30) most frequent values of both sides together, NULL among them,
 * most frequent first; empty for numbers. Errors: `catalog.unknown_feature`.
 */
export async function skewCategories(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: ChartOptions & { limit?: number } = {},
): Promise<SkewCategory[]> {
  const feature = featureOf(skew, name);
  if (isNumeric(feature)) return [];
  const counted = (side: SideKey): string =>
    `SELECT CAST(${column('p', feature[side])} AS VARCHAR) AS v, ${literal(side)} AS side, count(*) AS n ${comparedRows(skew, options.filter)} GROUP BY v`;
  const sql = [
    `SELECT v, sum(n) FILTER (side = 'left') AS l, sum(n) FILTER (side = 'right') AS r, sum(sum(n) FILTER (side = 'left')) OVER () AS all_rows`,
    `FROM (${counted('left')} UNION ALL ${counted('right')})`,
    `GROUP BY v ORDER BY sum(n) DESC, v NULLS LAST LIMIT ${literal(options.limit ?? MOST_CATEGORIES)}`,
  ].join('\n');
  return (await queryRows(db, sql, options)).map((row) => ({
    value: row['v'] as string | null,
    left: Number(row['l'] ?? 0),
    right: Number(row['r'] ?? 0),
    of: Number(row['all_rows'] ?? 0),
  }));
}
