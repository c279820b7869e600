import { isNumeric, type FeatureKind } from '../sql/compared-value';

/** A share below this counts as this much, so that an empty bin gives a large index and not an infinite one. */
export const LEAST_SHARE = 0.0001;

const DECILES = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * Values to compare the distributions of: an SQL relation with `v`, as `valueAs` gives it, and `w`: NULL for the values of
 * the reference, else the sample that the value belongs to.
 */
export interface Samples {
  relation: string;
  kind: FeatureKind;
}

/**
 * A row per sample: `w`, `psi`, and for categories `js`; NULL where the reference has no row.
 *
 * Population stability index: the sum over bins of `(r - l) * ln(r / l)`, `l` and `r` the shares of the reference's and
 * the sample's values in the bin (Siddiqi, Credit Risk Scorecards, 2006), each at least LEAST_SHARE; bins that are empty
 * in both do not count. NULL has a bin of its own. Bins of numbers are cut at the reference's deciles: the k-th is the
 * value at rank `ceil(k n / 10)` of its n values, and closes its bin. A value that several deciles share is a bin of its
 * own, so that what lies below a constant is not taken for the constant. NaN is greater than every number. Categories:
 * one bin per value.
 *
 * Jensen-Shannon divergence in bits, 0 to 1, of the unadjusted shares (Lin, IEEE Trans. Inf. Theory 37, 1991).
 */
export function stabilitySelect(samples: Samples): string {
  const bins = isNumeric(samples) ? decileBins(samples) : categoryBins(samples);
  const share = (side: 'l' | 'r'): string => `greatest(${side}, ${LEAST_SHARE})`;
  const towards = (side: 'l' | 'r'): string =>
    `CASE WHEN ${side} > 0 THEN ${side} * log2(${side} / ((l + r) / 2)) ELSE 0 END`;
  return [
    `WITH ${bins},`,
    `reference AS (SELECT bin, count(*) AS n FROM binned WHERE w IS NULL GROUP BY bin),`,
    `found AS (SELECT w, bin, count(*) AS n FROM binned WHERE w IS NOT NULL GROUP BY w, bin),`,
    `counts AS (SELECT w, bin, n AS l, 0 AS r FROM reference, (SELECT DISTINCT w FROM found)`,
    `  UNION ALL SELECT w, bin, 0, n FROM found),`,
    `shares AS (SELECT w, bin, sum(l) / nullif(sum(sum(l)) OVER (PARTITION BY w), 0) AS l,`,
    `  sum(r) / sum(sum(r)) OVER (PARTITION BY w) AS r FROM counts GROUP BY w, bin)`,
    // greatest() passes over NULL, which would give an index without a reference
    `SELECT w, sum((${share('r')} - ${share('l')}) * ln(${share('r')} / ${share('l')}) ORDER BY bin) FILTER (l IS NOT NULL) AS psi,`,
    isNumeric(samples)
      ? '  CAST(NULL AS DOUBLE) AS js'
      : `  sum((${towards('l')} + ${towards('r')}) / 2 ORDER BY bin) FILTER (l IS NOT NULL) AS js`,
    `FROM shares GROUP BY w ORDER BY w`,
  ].join('\n');
}

function categoryBins({ relation }: Samples): string {
  return `binned AS (SELECT v AS bin, w FROM ${relation})`;
}

function decileBins({ relation }: Samples): string {
  const below = DECILES.map((k) => `CAST(v > edges[${k}] AS INTEGER)`).join(' + ');
  const equal = DECILES.map((k) => `CAST(v = edges[${k}] AS INTEGER)`).join(' + ');
  return [
    `v AS (SELECT v, w FROM ${relation}),`,
    `ranked AS (SELECT v, row_number() OVER (ORDER BY v) AS rank, count(*) OVER () AS n`,
    `  FROM v WHERE w IS NULL AND v IS NOT NULL),`,
    `cuts AS (SELECT list(v ORDER BY k) AS edges FROM ranked`,
    `  JOIN (SELECT unnest(range(1, 10)) AS k) ON rank = (k * n + 9) // 10),`,
    `binned AS (SELECT w, CASE WHEN v IS NULL THEN -1 WHEN edges IS NULL THEN 0`,
    `  ELSE 2 * (${below}) + CAST((${equal}) > 1 AS INTEGER) END AS bin FROM v, cuts)`,
  ].join('\n');
}

/**
 * A row per sample that has a value: `w` and `ks`, the two-sample Kolmogorov-Smirnov distance from the reference: the
 * greatest gap between the two empirical distribution functions, exact, NULLs left out; NULL where the reference has no
 * value. The gap is greatest at a value of the sample or just below one: between two of them only one function moves.
 */
export function distanceSelect({ relation }: Samples): string {
  const ofReference = (over: string): string => `coalesce(sum(n) FILTER (w IS NULL) OVER (${over}), 0)`;
  return [
    `WITH counts AS (SELECT v, w, count(*) AS n FROM ${relation} WHERE v IS NOT NULL GROUP BY v, w),`,
    `steps AS (SELECT w, n, ${ofReference('ORDER BY v')} AS l, ${ofReference('PARTITION BY v')} AS here,`,
    `  nullif(${ofReference('')}, 0) AS of_l,`,
    `  sum(n) OVER (PARTITION BY w ORDER BY v) AS r, sum(n) OVER (PARTITION BY w) AS of_r FROM counts)`,
    `SELECT w, max(greatest(abs(l / of_l - r / of_r), abs((l - here) / of_l - (r - n) / of_r))) AS ks`,
    `FROM steps WHERE w IS NOT NULL GROUP BY w ORDER BY w`,
  ].join('\n');
}
