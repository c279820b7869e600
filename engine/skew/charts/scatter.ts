import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { comparedValue, isNumeric, mismatch } from '../../sql/compared-value';
import { literal } from '../../sql/literal';
import { column } from '../../sql/quote';
import { PAIR } from '../alignment';
import { featureOf } from '../compared-feature';
import { comparedRows, type SideKey } from '../pair-filter';
import type { BuiltSkew } from '../skew';
import type { ChartOptions } from './chart-options';

export interface SkewPoint {
  left: number;
  right: number;
  differs: boolean;
}

export const MOST_POINTS = 2_000;

/**
 * Left against right for at most `limit` (2,000) rows with finite numbers on both sides: mismatches first, then agreeing rows;
 * among each an even sample that is the same every time. Errors: `catalog.unknown_feature`.
 */
export async function skewScatter(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: ChartOptions & { limit?: number } = {},
): Promise<SkewPoint[]> {
  const feature = featureOf(skew, name);
  if (!isNumeric(feature)) return [];
  const value = (side: SideKey): string => `CAST(${comparedValue(feature, side)} AS DOUBLE)`;
  // Knuth's multiplicative hash spreads row numbers evenly and, unlike DuckDB's hash(), never changes.
  const shuffled = `${column('p', PAIR)} * 2654435761 % 4294967296`;
  const finite = (['left', 'right'] as const).map((side) => `isfinite(${value(side)})`);
  const sql = [
    `SELECT ${value('left')} AS l, ${value('right')} AS r, ${mismatch(feature, skew.tolerance)} AS differs`,
    comparedRows(skew, options.filter, { where: finite }),
    `ORDER BY differs DESC, ${shuffled} LIMIT ${literal(options.limit ?? MOST_POINTS)}`,
  ].join('\n');
  return (await queryRows(db, sql, options)).map((row) => ({
    left: row['l'] as number,
    right: row['r'] as number,
    differs: row['differs'] as boolean,
  }));
}
