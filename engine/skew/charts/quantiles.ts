import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { comparedValue, isNumeric } from '../../sql/compared-value';
import { literal } from '../../sql/literal';
import { featureOf } from '../compared-feature';
import { comparedRows, type SideKey } from '../pair-filter';
import type { BuiltSkew } from '../skew';
import type { ChartOptions } from './chart-options';

/** Values at the same place in the order of either side; `share` of the rows lie below it, 0 to 1. */
export interface SkewQuantile {
  share: number;
  left: number;
  right: number;
}

export const MOST_QUANTILES = 200;

/** Ranks from 1 to `rows`, first and last among them, evenly spread. */
export function ranksOf(rows: number, count: number): number[] {
  if (count === 1) return [Math.ceil(rows / 2)];
  return Array.from({ length: count }, (_, at) => 1 + Math.floor((at * (rows - 1)) / (count - 1)));
}

/**
 * Quantiles of one side against those of the other, over each side's finite numbers: values of exact ranks, nothing between two
 * values; at most `limit` (200), never more than the smaller side has rows. Errors: `catalog.unknown_feature`.
 */
export async function skewQuantiles(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: ChartOptions & { limit?: number } = {},
): Promise<SkewQuantile[]> {
  const feature = featureOf(skew, name);
  if (!isNumeric(feature)) return [];
  const value = (side: SideKey): string => `CAST(${comparedValue(feature, side)} AS DOUBLE)`;
  const finite = (side: SideKey): string => `isfinite(${value(side)})`;
  const from = comparedRows(skew, options.filter);
  const count = (side: SideKey): string => `count(*) FILTER (${finite(side)}) AS n_${side}`;
  const [counts] = await queryRows(db, `SELECT ${count('left')}, ${count('right')} ${from}`, options);
  const rows = (side: SideKey): number => Number(counts?.[`n_${side}`] ?? 0);
  const points = Math.min(options.limit ?? MOST_QUANTILES, rows('left'), rows('right'));
  if (points === 0) return [];
  // Sorted once: quantile_disc looks for each of its shares anew.
  const list = (side: SideKey): string =>
    `list_select(list_sort(list(${value(side)}) FILTER (${finite(side)})), ${literal(ranksOf(rows(side), points))}) AS q_${side}`;
  const [found] = await queryRows(db, `SELECT ${list('left')}, ${list('right')} ${from}`, options);
  const [left, right] = [found?.['q_left'] as number[], found?.['q_right'] as number[]];
  return left.map((at, index) => ({
    share: points === 1 ? 0.5 : index / (points - 1),
    left: at,
    right: right[index]!,
  }));
}
