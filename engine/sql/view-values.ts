import { asOfJoinSql } from './as-of-join';
import type { CompiledView } from './compiled-view';
import type { Points } from './points';
import { trailingWindowSql } from './trailing-window';

/**
 * A view's values at points, whatever its kind: `__row`, the keys where asked for, per feature i `__v<i>` (declared
 * type, before the default) and `__s<i>` (status). The one door to feature values.
 */
export function valuesSql(compiled: CompiledView, points: Points, options: ValueOptions): string {
  return compiled.view.kind === 'aggregate'
    ? trailingWindowSql(compiled, points, { keepKeys: options.keepKeys, keepLast: options.keepLast ?? false })
    : asOfJoinSql(compiled, points, {
        ttl: options.ignoreTtl ? null : compiled.view.ttl,
        keepExpired: options.keepExpired,
        keepKeys: options.keepKeys,
      });
}

export interface ValueOptions {
  keepKeys: boolean;
  ignoreTtl: boolean;
  /** Aggregates: whether the newest event time that each value saw, `__last<i>`, is given. */
  keepLast?: boolean;
  /** Feature tables: whether `__at` also tells of the newest row when that is older than the ttl. */
  keepExpired: boolean;
}
