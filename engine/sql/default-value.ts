import { parseInstant } from '../catalog/instant';
import type { NamedFeature } from '../catalog/model';
import { duckType } from './duck-type';
import { type SqlValue, timestampLiteral, typedLiteral } from './literal';

/** What stands in for NULL, as an SQL literal of the declared type; null for `none` and for means. */
export function defaultSql(feature: NamedFeature): string | null {
  const policy = feature.default;
  if (policy.kind !== 'zero' && policy.kind !== 'constant') return null;
  const type = duckType(feature.type);
  if (policy.kind === 'zero') return typedLiteral(feature.type === 'bool' ? false : 0n, type);
  if (feature.type === 'timestamp' && typeof policy.value === 'string') {
    // A text cast straight to TIMESTAMP would lose its offset.
    const instant = parseInstant(policy.value);
    if (instant !== null) return timestampLiteral(instant);
  }
  return typedLiteral(policy.value as SqlValue, type);
}

/** `value` after the default policy; a mean is `stand`, since only a build knows it. */
export function withDefault(feature: NamedFeature, value: string, stand = defaultSql(feature)): string {
  return stand === null ? value : `coalesce(${value}, ${stand})`;
}
