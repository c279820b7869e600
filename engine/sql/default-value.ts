import { parseInstant } from '../catalog/instant';
import type { Feature } from '../catalog/model';
import { duckType } from './duck-type';
import { type SqlValue, timestampLiteral, typedLiteral } from './literal';

/** What stands in for NULL, as an SQL literal of the declared type; null where the policy is `none`. */
export function defaultSql(feature: Feature): string | null {
  const policy = feature.default;
  if (policy.kind === 'none') return null;
  const type = duckType(feature.type);
  if (policy.kind === 'zero') return typedLiteral(feature.type === 'bool' ? false : 0n, type);
  if (feature.type === 'timestamp' && typeof policy.value === 'string') {
    // A text cast straight to TIMESTAMP would lose its offset.
    const instant = parseInstant(policy.value);
    if (instant !== null) return timestampLiteral(instant);
  }
  return typedLiteral(policy.value as SqlValue, type);
}

/** `value` after the default policy. */
export function withDefault(feature: Feature, value: string): string {
  const stand = defaultSql(feature);
  return stand === null ? value : `coalesce(${value}, ${stand})`;
}
