import { asOfJoinSql } from './as-of-join';
import type { CompiledView } from './compiled-view';
import { intervalChoice, intervalJoinSql } from './interval-join';
import { chooseAsOfPlan, chooseWindowPlans, type ForcedPlans, type PlanChoice } from './plan';
import type { Points } from './points';
import { trailingWindowSql } from './trailing-window';

/**
 * A view's values at points, whatever its kind: `__row`, the keys where asked for, per feature i `__v<i>` (declared
 * type, before the default) and `__s<i>` (status). The one door to feature values.
 */
export function valuesSql(compiled: CompiledView, points: Points, options: ValueOptions): string {
  const { keepKeys, plans, ignoreAvailability = false } = options;
  const { kind } = compiled.view;
  if (kind === 'dimension' && !options.ignoreTtl) return intervalJoinSql(compiled, points, options);
  return kind === 'aggregate'
    ? trailingWindowSql(compiled, points, {
        keepKeys,
        keepLast: options.keepLast ?? false,
        ignoreAvailability,
        plans,
      })
    : asOfJoinSql(compiled, points, {
        ttl: options.ignoreTtl ? null : compiled.view.ttl,
        keepExpired: options.keepExpired,
        keepKeys,
        ignoreAvailability,
        plans,
      });
}

/** The plan that `valuesSql` takes for these points, and why. */
export function planOf(compiled: CompiledView, points: Points, options: ValueOptions): PlanChoice {
  if (compiled.view.kind === 'aggregate') return chooseWindowPlans(compiled, points, options.plans).choice;
  if (compiled.view.kind === 'dimension' && !options.ignoreTtl) return intervalChoice(compiled, points);
  const ttl = options.ignoreTtl || options.keepExpired ? null : compiled.view.ttl;
  return chooseAsOfPlan(compiled, points, ttl, options.plans).choice;
}

export interface ValueOptions {
  keepKeys: boolean;
  /** Whether age does not matter: neither a table's ttl nor the end of a dimension's row. */
  ignoreTtl: boolean;
  /** Aggregates: whether `__last<i>`, when the newest event of each value was seen, is given. */
  keepLast?: boolean;
  /** Tables and dimensions: whether `__at` also tells of the newest row when that has expired. */
  keepExpired: boolean;
  /** Whether rows count before they could be known, as a naive join would have it. */
  ignoreAvailability?: boolean;
  /** Plans to take instead of the planner's. */
  plans?: ForcedPlans;
}
