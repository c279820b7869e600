import type { CompiledAggregation } from './aggregate-state';
import type { CompiledFeature, CompiledView } from './compiled-view';
import { withDefault } from './default-value';
import { explainedValueSql } from './explain-rows';
import { type FeatureMean, meanSql } from './mean';
import { naiveJoinSql } from './naive-join';
import type { Points } from './points';
import { block, printSelect } from './select';
import { includesUpper, windowEdges } from './window-edges';

/**
 * What there is to say of a value before its rows: one row of `t`, `from` and `to` (edges of the window,
 * microseconds), `value` (after the default), `raw` (before it), `status`, `naive` (after the default), `leaks`,
 * `naive_last` (when the newest row that a join without regard to t takes was seen), for a ratio `of` and `over` (DOUBLE),
 * for a `category_mean` `category`. `compiled` holds the feature and, for a `category_mean`, that category. `mean` is the
 * one that the build took; without it a mean leaves NULL.
 */
export function explainFactsSql(compiled: CompiledView, point: Points, mean?: FeatureMean): string {
  const [feature, category] = compiled.features;
  const [of, over] = feature!.aggregations;
  const sides = of && over ? [sideOf(feature!, of), sideOf(feature!, over)] : [];
  const values = explainedValueSql({ ...compiled, features: [...compiled.features, ...sides] }, point);
  const naive = naiveJoinSql(compiled, point);
  const firstSide = compiled.features.length;
  const { from, to } = edges(compiled);
  const after = (side: string): string => {
    const by = category === undefined ? null : { feature: category.feature, value: `${side}."__v1"` };
    const stand = mean === undefined ? undefined : meanSql(feature!.feature, mean, by);
    return withDefault(feature!.feature, `${side}."__v0"`, stand);
  };
  return printSelect({
    columns: [
      'p."__t" AS t',
      `${from} AS "from"`,
      `${to} AS "to"`,
      `${after('v')} AS value`,
      'v."__v0" AS raw',
      'v."__s0" AS status',
      `${after('n')} AS naive`,
      'coalesce(n."__last0" > p."__t", false) AS leaks',
      'n."__last0" AS naive_last',
      ...sides.map((_, at) => `v."__v${firstSide + at}" AS "${at === 0 ? 'of' : 'over'}"`),
      ...(category === undefined ? [] : ['v."__v1" AS category']),
    ],
    from: [
      `${block(point.sql)} AS p`,
      `JOIN ${block(values)} AS v ON v."__row" = p."__row"`,
      `LEFT JOIN ${block(naive)} AS n ON true`,
    ],
  });
}

/** One side of a ratio as a feature of its own, in the type in which the ratio divides. */
function sideOf(ratio: CompiledFeature, side: CompiledAggregation): CompiledFeature {
  return {
    ...ratio,
    feature: { ...ratio.feature, type: 'float64' },
    where: side.where,
    aggregations: [side],
  };
}

/** The first instant that belongs, and the upper edge as the definition has it: of a closed one the last that belongs. */
function edges({ view, features }: CompiledView): { from: string; to: string } {
  const t = 'p."__t"';
  const { window } = features[0]!;
  if (window === null)
    return { from: view.ttl === null ? 'CAST(NULL AS BIGINT)' : `${t} - ${view.ttl}`, to: t };
  const { lo, hi } = windowEdges(window, t);
  return { from: lo, to: includesUpper(window) ? `${hi} - 1` : hi };
}
