import { column } from '../sql/quote';
import { comparedValue, isNumeric } from '../sql/compared-value';
import type { ComparedFeature } from './compared-feature';
import { SIDE } from './alignment';

/** A share below this counts as this much, so that an empty bin gives a large index and not an infinite one. */
export const LEAST_SHARE = 0.0001;

const DECILES = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * One row: `psi`, and for categories `js`.
 *
 * Population stability index over the compared rows: the sum over bins of `(r - l) * ln(r / l)`, `l` and `r` the
 * shares of left and right values in the bin (Siddiqi, Credit Risk Scorecards, 2006), each at least LEAST_SHARE; bins
 * that are empty on both sides do not count. NULL has a bin of its own. Bins of numbers are cut at the left side's
 * deciles: the k-th is the value at rank `ceil(k n / 10)` of its n values, and closes its bin. A value that several
 * deciles share is a bin of its own, so that what lies below a constant is not taken for the constant. NaN is
 * greater than every number. Categories: one bin per value.
 *
 * Jensen-Shannon divergence in bits, 0 to 1, of the unadjusted shares (Lin, IEEE Trans. Inf. Theory 37, 1991).
 */
export function stabilitySelect(pairs: string, feature: ComparedFeature): string {
  const bins = isNumeric(feature) ? decileBins(pairs, feature) : categoryBins(pairs, feature);
  const share = (side: 'l' | 'r'): string => `greatest(${side}, ${LEAST_SHARE})`;
  const towards = (side: 'l' | 'r'): string =>
    `CASE WHEN ${side} > 0 THEN ${side} * log2(${side} / ((l + r) / 2)) ELSE 0 END`;
  return [
    `WITH ${bins},`,
    `shares AS (SELECT bin, count(*) FILTER (is_left) / sum(count(*) FILTER (is_left)) OVER () AS l,`,
    `  count(*) FILTER (NOT is_left) / sum(count(*) FILTER (NOT is_left)) OVER () AS r`,
    `  FROM binned GROUP BY bin)`,
    `SELECT sum((${share('r')} - ${share('l')}) * ln(${share('r')} / ${share('l')}) ORDER BY bin) AS psi,`,
    isNumeric(feature)
      ? '  CAST(NULL AS DOUBLE) AS js'
      : `  sum((${towards('l')} + ${towards('r')}) / 2 ORDER BY bin) AS js`,
    `FROM shares`,
  ].join('\n');
}

function categoryBins(pairs: string, feature: ComparedFeature): string {
  return `binned AS (SELECT v AS bin, is_left FROM (${valuesSelect(pairs, feature)}))`;
}

function decileBins(pairs: string, feature: ComparedFeature): string {
  const below = DECILES.map((k) => `CAST(v > edges[${k}] AS INTEGER)`).join(' + ');
  const equal = DECILES.map((k) => `CAST(v = edges[${k}] AS INTEGER)`).join(' + ');
  return [
    `v AS (${valuesSelect(pairs, feature)}),`,
    `ranked AS (SELECT v, row_number() OVER (ORDER BY v) AS rank, count(*) OVER () AS n`,
    `  FROM v WHERE is_left AND v IS NOT NULL),`,
    `cuts AS (SELECT list(v ORDER BY k) AS edges FROM ranked`,
    `  JOIN (SELECT unnest(range(1, 10)) AS k) ON rank = (k * n + 9) // 10),`,
    `binned AS (SELECT is_left, CASE WHEN v IS NULL THEN -1 WHEN edges IS NULL THEN 0`,
    `  ELSE 2 * (${below}) + CAST((${equal}) > 1 AS INTEGER) END AS bin FROM v, cuts)`,
  ].join('\n');
}

/**
 * One row: `ks`, the two-sample Kolmogorov-Smirnov distance over the compared rows: the greatest gap between the
 * two empirical distribution functions, exact, NULLs left out; NULL where a side has no value.
 */
export function distanceSelect(pairs: string, feature: ComparedFeature): string {
  const part = (side: string): string =>
    `sum(${side}) OVER (ORDER BY v) / sum(${side}) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)`;
  return [
    `WITH counts AS (SELECT v, count(*) FILTER (is_left) AS l, count(*) FILTER (NOT is_left) AS r`,
    `  FROM (${valuesSelect(pairs, feature)}) WHERE v IS NOT NULL GROUP BY v),`,
    `gaps AS (SELECT ${part('l')} AS l, ${part('r')} AS r FROM counts)`,
    `SELECT max(abs(l - r)) AS ks FROM gaps`,
  ].join('\n');
}

/** Both sides' compared values in one column `v`. */
function valuesSelect(pairs: string, feature: ComparedFeature): string {
  const side = (name: 'left' | 'right'): string =>
    `SELECT ${comparedValue(feature, name)} AS v, ${name === 'left'} AS is_left FROM ${pairs} AS p WHERE ${column('p', SIDE)} = 'both'`;
  return `${side('left')} UNION ALL ${side('right')}`;
}
