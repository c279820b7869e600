import type { Feature, FeatureType } from '../catalog/model';
import { castTo, type CompiledView } from './compiled-view';
import { duckType } from './duck-type';
import { literal, typedLiteral } from './literal';
import { quote } from './quote';
import { printSelect } from './select';
import { snapshotSql } from './snapshot';

/** Categories at most of one `category_mean`: each becomes a literal in the SQL. */
export const MAX_CATEGORIES = 10_000;

/**
 * The mean that stands in for a feature's NULL, as one build took it. Numbers are JSON's: whole numbers beyond 2^53 are
 * decimal strings.
 */
export interface FeatureMean {
  /** `view:feature`. */
  ref: string;
  /** The earliest spine time, ISO 8601 UTC: only rows that were visible before it count. null for a spine without one. */
  before: string | null;
  /** Of the rows with a finite value; null when there are none. */
  mean: number | string | null;
  /** Rows with a finite value. */
  rows: number;
  /** The categorical feature of the same view, for `category_mean`. */
  by: string | null;
  /** In the order of their values; a category that is not here gets `mean`. */
  categories: CategoryMean[];
}

export interface CategoryMean {
  value: string | number | boolean;
  mean: number | string;
  rows: number;
}

/** Means by `view:feature`. */
export type Means = ReadonlyMap<string, FeatureMean>;

export function meansByRef(means: readonly FeatureMean[]): Means {
  return new Map(means.map((mean) => [mean.ref, mean]));
}

/** Whether the feature's default is a mean. */
export function wantsMean({ default: policy }: Pick<Feature, 'default'>): boolean {
  return policy.kind === 'global_mean' || policy.kind === 'category_mean';
}

/** What stands in for NULL, as SQL; `category` is the category's value before its own default. null: nothing does. */
export function meanSql(
  feature: Feature,
  mean: FeatureMean | undefined,
  category: { feature: Feature; value: string } | null,
): string | null {
  if (mean === undefined || mean.mean === null) return null;
  const type = duckType(feature.type);
  const global = typedLiteral(mean.mean, type);
  if (category === null || mean.categories.length === 0) return global;
  const key = category.feature.type;
  const entries = mean.categories.map(
    ({ value, mean: own }) => `${exactLiteral(value, key)}: ${exactLiteral(own, feature.type)}`,
  );
  const map = `CAST(MAP {${entries.join(', ')}} AS MAP(${duckType(key)}, ${type}))`;
  return `coalesce(${map}[${category.value}], ${global})`;
}

function exactLiteral(value: string | number | boolean, type: FeatureType): string {
  return literal(typeof value === 'string' && type.startsWith('int') ? BigInt(value) : value);
}

/**
 * The rows that means are taken over, features under their own names: of a table or dimension the source rows that
 * happened and were known before `at`, of windows the snapshot of all entities at `at`. `at`: microseconds.
 */
export function meanRowsSql(compiled: CompiledView, at: bigint): string {
  if (compiled.view.kind === 'aggregate') return snapshotSql(compiled, at, null);
  const times = [compiled.view.timestamp, ...(compiled.availability === null ? [] : [compiled.availability])];
  return printSelect({
    columns: compiled.features.map(
      ({ feature, column }) => `${castTo(feature, quote(column!))} AS ${quote(feature.name)}`,
    ),
    from: [compiled.source],
    where: times.map((time) => `epoch_us(${quote(time)}) < ${at}`),
  });
}

/**
 * Rows and sum of a feature's finite values in `table`: one row with `is_all` = 1 over everything and, with `by`, one
 * for each category. Whole numbers are summed exactly, as text; others from the least to the greatest, so that the order of rows
 * has no part in the result.
 */
export function meanSumsSql(table: string, feature: Feature, by: string | null): string {
  const value = quote(feature.name);
  const whole = feature.type.startsWith('int');
  return printSelect({
    columns: [
      ...(by === null ? ['1 AS is_all'] : [`grouping(${quote(by)}) AS is_all`, `${quote(by)} AS category`]),
      'count(*) AS rows',
      whole
        ? `CAST(sum(${value}) AS VARCHAR) AS total`
        : `sum(CAST(${value} AS DOUBLE) ORDER BY ${value}) AS total`,
    ],
    from: [table],
    where: [whole ? `${value} IS NOT NULL` : `isfinite(${value})`],
    ...(by === null ? {} : { groupBy: [`GROUPING SETS ((), (${quote(by)}))`] }),
    ...(by === null ? {} : { orderBy: [`${quote(by)} NULLS FIRST`] }),
  });
}
