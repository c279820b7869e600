import type { Database } from '../../database/database';
import type { FeatureKind, Tolerance } from '../../sql/compared-value';
import { duckType } from '../../sql/duck-type';
import type { ServedFeature } from './features';
import { fill } from './load';
import type { Served } from './service';
import type { ServedRequest } from './world';

export const TOLERANCE: Tolerance = { absolute: 0, relative: 1e-9 };

/** Right and served values of the same requests. */
export interface ServedLog {
  feature: ServedFeature;
  requests: readonly ServedRequest[];
  left: Served[];
  right: Served[];
}

export function kindOf({ type }: ServedFeature): FeatureKind {
  if (type.startsWith('int')) return 'integer';
  if (type.startsWith('float')) return 'real';
  return type === 'string' || type === 'bool' ? 'category' : 'exact';
}

export function differ(left: Served, right: Served): boolean {
  if (typeof left === 'number' && typeof right === 'number')
    return (
      left !== right &&
      Math.abs(left - right) > TOLERANCE.relative * Math.max(Math.abs(left), Math.abs(right))
    );
  return JSON.stringify(left) !== JSON.stringify(right);
}

/** Makes `_plumb.source_log`, the rows of an attribution. */
export async function loadLog(db: Database, { feature, requests, left, right }: ServedLog): Promise<void> {
  // A service may answer a whole-number feature with a number of another type.
  const type = duckType(feature.type);
  await fill(
    db,
    'source_log',
    `"__row" BIGINT, "__t" BIGINT, user_id BIGINT, "left" ${type}, "right" ${type}, differs BOOLEAN`,
    requests.map(({ user, t }, row) => [
      BigInt(row),
      BigInt(t),
      BigInt(user),
      left[row]!,
      right[row]!,
      differ(left[row]!, right[row]!),
    ]),
  );
}
