import type { NamedFeature } from '../catalog/model';
import type { Database, QueryOptions } from '../database/database';
import { queryRows } from '../database/rows';
import type { SkewNumbers } from '../results';
import { comparedValue, difference, isNumeric, mismatch, type Tolerance } from '../sql/compared-value';
import { defaultSql } from '../sql/default-value';
import { literal } from '../sql/literal';
import { column } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { SIDE } from './alignment';
import type { ComparedFeature } from './compared-feature';
import { distanceSelect, stabilitySelect } from './distribution';

/** What the numbers of a feature are taken of. */
export interface NumbersOf {
  /** SQL of a relation with the columns of the table of pairs. */
  pairs: string;
  feature: ComparedFeature;
  tolerance: Tolerance;
  /** The feature's definition, for its default; null where it is not known. */
  definition: NamedFeature | null;
}

/** Counts and distances over the compared rows among `pairs`. Differences leave out NULL and what is not finite. */
export async function skewNumbers(db: Database, of: NumbersOf, options: QueryOptions): Promise<SkewNumbers> {
  const [numbers] = [...(await groupedNumbers(db, of, null, options)).values()];
  return { ...(numbers ?? NO_NUMBERS), ...(await distances(db, of, options)) };
}

/**
 * The same per value of `by`, an SQL text over `p`; the distances only where something differs. By the printed value, in no
 * order.
 */
export async function skewNumbersBy(
  db: Database,
  of: NumbersOf,
  by: string,
  values: readonly (string | null)[],
  options: QueryOptions,
): Promise<Map<string | null, SkewNumbers>> {
  const found = await groupedNumbers(db, of, by, options);
  const asked = new Map<string | null, SkewNumbers>();
  for (const value of values) {
    const numbers = found.get(value) ?? NO_NUMBERS;
    const rows = printSelect({
      columns: ['p.*'],
      from: [`${of.pairs} AS p`],
      where: [`${by} IS NOT DISTINCT FROM ${literal(value)}`],
    });
    const apart = numbers.mismatches > 0 ? await distances(db, { ...of, pairs: block(rows) }, options) : {};
    asked.set(value, { ...numbers, ...apart });
  }
  return asked;
}

async function groupedNumbers(
  db: Database,
  of: NumbersOf,
  by: string | null,
  options: QueryOptions,
): Promise<Map<string | null, SkewNumbers>> {
  const rows = await queryRows(db, summarySelect(of, by), options);
  return new Map(rows.map((row) => [(row['segment'] ?? null) as string | null, numbersOf(row)]));
}

function numbersOf(row: Record<string, unknown>): SkewNumbers {
  const compared = Number(row['compared'] ?? 0);
  const rate = (name: string): number | null => {
    const count = row[name];
    return count === null || count === undefined || compared === 0 ? null : Number(count) / compared;
  };
  return {
    ...NO_NUMBERS,
    compared,
    mismatches: Number(row['mismatches'] ?? 0),
    max_abs_diff: numberOrNull(row['max_abs_diff']),
    mean_abs_diff: numberOrNull(row['mean_abs_diff']),
    mean_diff: numberOrNull(row['mean_diff']),
    null_rate: [rate('left_nulls'), rate('right_nulls')],
    default_rate: [rate('left_defaults'), rate('right_defaults')],
  };
}

/** How far apart the two distributions are. */
async function distances(
  db: Database,
  { pairs, feature }: NumbersOf,
  options: QueryOptions,
): Promise<Pick<SkewNumbers, 'psi' | 'js' | 'ks'>> {
  const samples = { relation: block(bothValues(pairs, feature)), kind: feature.kind };
  const one = async (sql: string): Promise<Record<string, unknown>> =>
    (await queryRows(db, sql, options))[0] ?? {};
  const stability = feature.kind === 'exact' ? {} : await one(stabilitySelect(samples));
  const distance = isNumeric(feature) ? await one(distanceSelect(samples)) : {};
  return {
    psi: numberOrNull(stability['psi']),
    js: numberOrNull(stability['js']),
    ks: numberOrNull(distance['ks']),
  };
}

/** The right side's values as the one sample against the left side's. */
function bothValues(pairs: string, feature: ComparedFeature): string {
  const side = (name: 'left' | 'right', sample: string): string =>
    printSelect({
      columns: [`${comparedValue(feature, name)} AS v`, `CAST(${sample} AS BIGINT) AS w`],
      from: [`${pairs} AS p`],
      where: [`${column('p', SIDE)} = 'both'`],
    });
  return `${side('left', 'NULL')}\nUNION ALL ${side('right', '0')}`;
}

/** Nothing was compared. */
export const NO_NUMBERS: SkewNumbers = {
  compared: 0,
  mismatches: 0,
  max_abs_diff: null,
  mean_abs_diff: null,
  mean_diff: null,
  psi: null,
  js: null,
  ks: null,
  null_rate: [null, null],
  default_rate: [null, null],
};

/** A finite number; null for anything else. */
export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function summarySelect({ pairs, feature, tolerance, definition }: NumbersOf, by: string | null): string {
  const apart = difference(feature);
  const gap = `abs(${apart})`;
  const standIn = definition === null ? null : defaultSql(definition);
  const defaults = (side: 'left' | 'right'): string =>
    standIn === null
      ? 'NULL'
      : `count(*) FILTER (${comparedValue(feature, side)} IS NOT DISTINCT FROM ${standIn})`;
  return [
    `SELECT ${by ?? 'NULL'} AS segment, count(*) AS compared, count(*) FILTER (${mismatch(feature, tolerance)}) AS mismatches,`,
    `  max(${gap}) FILTER (isfinite(${gap})) AS max_abs_diff,`,
    `  avg(${gap}) FILTER (isfinite(${gap})) AS mean_abs_diff,`,
    `  avg(${apart}) FILTER (isfinite(${apart})) AS mean_diff,`,
    `  count(*) FILTER (${column('p', feature.left)} IS NULL) AS left_nulls,`,
    `  count(*) FILTER (${column('p', feature.right)} IS NULL) AS right_nulls,`,
    `  ${defaults('left')} AS left_defaults,`,
    `  ${defaults('right')} AS right_defaults`,
    `FROM ${pairs} AS p WHERE ${column('p', SIDE)} = 'both'`,
    by === null ? '' : 'GROUP BY 1',
  ].join('\n');
}
