import { literal } from './literal';
import { column } from './quote';

/**
 * How two values of a feature are compared: `integer` exactly and as numbers, `real` as DOUBLE, `category` (text,
 * booleans) and `exact` (instants, lists, bytes) by equality. Statistics of distribution exist for all but `exact`.
 */
export type FeatureKind = 'integer' | 'real' | 'category' | 'exact';

/** Two values of a feature that lie side by side in a table. */
export interface ComparedPair {
  kind: FeatureKind;
  /** Columns of that table. */
  left: string;
  right: string;
  /** A column that holds already whether they disagree. */
  differs?: string;
}

/** Within either one, two finite numbers agree; `relative` is a share of the greater magnitude. */
export interface Tolerance {
  absolute: number;
  relative: number;
}

const INTEGERS = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/;
const REALS = /^(FLOAT|DOUBLE|U?HUGEINT|DECIMAL\(.*\))$/;
const CATEGORIES = /^(VARCHAR|BOOLEAN|UUID|ENUM\(.*\))$/s;

/** How values of two DuckDB types are compared; null where they cannot be. */
export function compareKind(left: string, right: string): FeatureKind | null {
  if (INTEGERS.test(left) && INTEGERS.test(right)) return 'integer';
  const isNumber = (type: string): boolean => INTEGERS.test(type) || REALS.test(type);
  if (isNumber(left) && isNumber(right)) return 'real';
  const isText = (type: string): boolean => CATEGORIES.test(type) && type !== 'BOOLEAN';
  if (isText(left) && isText(right)) return 'category';
  if (left === 'BOOLEAN' && right === 'BOOLEAN') return 'category';
  return left === right ? 'exact' : null;
}

/** A side's value as what it is compared as. `pairs` is the alias of the table that holds both. */
export function comparedValue(feature: ComparedPair, side: 'left' | 'right', pairs = 'p'): string {
  return valueAs(feature.kind, column(pairs, feature[side]));
}

/** A value as what values of the kind are compared as. */
export function valueAs(kind: FeatureKind, value: string): string {
  if (kind === 'integer') return `CAST(${value} AS HUGEINT)`;
  if (kind === 'real') return `CAST(${value} AS DOUBLE)`;
  return kind === 'category' ? `CAST(${value} AS VARCHAR)` : value;
}

/** right - left as DOUBLE; NULL unless both are numbers and finite. Integers are subtracted exactly. */
export function difference(feature: ComparedPair, pairs = 'p'): string {
  if (!isNumeric(feature)) return 'CAST(NULL AS DOUBLE)';
  const left = comparedValue(feature, 'left', pairs);
  const right = comparedValue(feature, 'right', pairs);
  if (feature.kind === 'integer') return `CAST(${right} - ${left} AS DOUBLE)`;
  return `CASE WHEN isfinite(${left}) AND isfinite(${right}) THEN ${right} - ${left} END`;
}

/** Whether the two values disagree, true or false. Two NULLs agree, two NaN agree, a NULL and a value do not. */
export function mismatch(feature: ComparedPair, tolerance: Tolerance, pairs = 'p'): string {
  if (feature.differs !== undefined) return column(pairs, feature.differs);
  const left = comparedValue(feature, 'left', pairs);
  const right = comparedValue(feature, 'right', pairs);
  if (!isNumeric(feature)) return `(${left} IS DISTINCT FROM ${right})`;
  const distance = `abs(${difference(feature, pairs)})`;
  const share = (value: string): string => `${literal(tolerance.relative)} * abs(CAST(${value} AS DOUBLE))`;
  return [
    `(${left} IS DISTINCT FROM ${right} AND NOT coalesce(`,
    `${distance} <= ${literal(tolerance.absolute)}`,
    // Of either: as that of the greater magnitude, without greatest(), which is slow.
    ` OR ${distance} <= ${share(left)} OR ${distance} <= ${share(right)}, false))`,
  ].join('');
}

export function isNumeric({ kind }: { kind: FeatureKind }): boolean {
  return kind === 'integer' || kind === 'real';
}
