import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { mismatch } from '../../sql/compared-value';
import { featureOf } from '../compared-feature';
import { comparedRows } from '../pair-filter';
import type { BuiltSkew } from '../skew';
import type { ChartOptions } from './chart-options';

/** How many compared rows meet the filter, and in how many of them the feature differs. */
export async function skewSelected(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: ChartOptions = {},
): Promise<{ rows: number; mismatches: number }> {
  const differs = mismatch(featureOf(skew, name), skew.tolerance);
  const sql = `SELECT count(*) AS n, count(*) FILTER (${differs}) AS m ${comparedRows(skew, options.filter)}`;
  const [row] = await queryRows(db, sql, options);
  return { rows: Number(row?.['n'] ?? 0), mismatches: Number(row?.['m'] ?? 0) };
}
