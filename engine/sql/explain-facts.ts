import type { TimeWindow } from '../catalog/window';
import type { CompiledAggregation } from './aggregate-state';
import type { CompiledFeature, CompiledView } from './compiled-view';
import { withDefault } from './default-value';
import { explainedValueSql } from './explain-rows';
import { naiveJoinSql } from './naive-join';
import type { Points } from './points';
import { block, printSelect } from './select';
import { windowEdges } from './window-edges';

/**
 * What there is to say of a value before its rows: one row of `t`, `from` and `to` (edges of the window,
 * microseconds), `value` (after the default), `raw` (before it), `status`, `naive_last` (the
 * newest event time that a join without regard to t sees) and, for a ratio, `of` and `over` (DOUBLE).
 * `compiled` holds one feature.
 */
export function explainFactsSql(compiled: CompiledView, point: Points): string {
  const [feature] = compiled.features;
  const [of, over] = feature!.aggregations;
  const sides = of && over ? [sideOf(feature!, of), sideOf(feature!, over)] : [];
  const values = explainedValueSql({ ...compiled, features: [feature!, ...sides] }, point);
  const { from, to } = edges(compiled);
  return printSelect({
    columns: [
      'p."__t" AS t',
      `${from} AS "from"`,
      `${to} AS "to"`,
      `${withDefault(feature!.feature, 'v."__v0"')} AS value`,
      'v."__v0" AS raw',
      'v."__s0" AS status',
      'n."__last0" AS naive_last',
      ...(sides.length === 2 ? ['v."__v1" AS "of"', 'v."__v2" AS "over"'] : []),
    ],
    from: [
      `${block(point.sql)} AS p`,
      `JOIN ${block(values)} AS v ON v."__row" = p."__row"`,
      `LEFT JOIN ${block(naiveJoinSql(compiled, point))} AS n ON true`,
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
  if (view.kind !== 'aggregate')
    return { from: view.ttl === null ? 'CAST(NULL AS BIGINT)' : `${t} - ${view.ttl}`, to: t };
  const { window } = features[0]!;
  const { lo, hi } = windowEdges(window!, t);
  return { from: lo, to: includesUpper(window) ? `${hi} - 1` : hi };
}

/** Whether the upper edge belongs to the window; null for a view without windows, where it does. */
export function includesUpper(window: TimeWindow | null): boolean {
  return window === null || window.boundary === 'closed' || window.boundary === 'open-closed';
}
