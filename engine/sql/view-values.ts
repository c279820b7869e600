import { asOfJoinSql } from './as-of-join';
import type { CompiledView } from './compiled-view';
import { chooseAsOfPlan, chooseWindowPlans, type ForcedPlans, type PlanChoice } from './plan';
import type { Points } from './points';
import { trailingWindowSql } from './trailing-window';

/**
 * A view's values at points, whatever its kind: `__row`, the keys where asked for, per feature i `__v<i>` (declared
 * type, before the default) and `__s<i>` (status). The one door to feature values.
 */
export function valuesSql(compiled: CompiledView, points: Points, options: ValueOptions): string {
  const { keepKeys, plans, ignoreAvailability = false } = options;
  return compiled.view.kind === 'aggregate'
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
  const ttl = options.ignoreTtl || options.keepExpired ? null : compiled.view.ttl;
  return chooseAsOfPlan(compiled, points, ttl, options.plans).choice;
}

export interface ValueOptions {
  keepKeys: boolean;
  ignoreTtl: boolean;
  /** Aggregates: whether `__last<i>`, when the newest event of each value was seen, is given. */
  keepLast?: boolean;
  /** Feature tables: whether `__at` also tells of the newest row when that is older than the ttl. */
  keepExpired: boolean;
  /** Whether rows count before they could be known, as a naive join would have it. */
  ignoreAvailability?: boolean;
  /** Plans to take instead of the planner's. */
  plans?: ForcedPlans;
}
