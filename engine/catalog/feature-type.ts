import { SCALAR_TYPES, type FeatureType, type ScalarType } from './model';

export const FEATURE_TYPES: readonly FeatureType[] = [
  ...SCALAR_TYPES,
  ...SCALAR_TYPES.map((type) => `${type}[]` as const),
];

export function isFeatureType(text: string): text is FeatureType {
  return (FEATURE_TYPES as readonly string[]).includes(text);
}

/** The type of a list's elements; a scalar type's own. */
export function elementType(type: FeatureType): ScalarType {
  return (type.endsWith('[]') ? type.slice(0, -2) : type) as ScalarType;
}

export function isListType(type: FeatureType): boolean {
  return type.endsWith('[]');
}

export function isNumberType(type: FeatureType): boolean {
  return /^(int|float)(32|64)$/.test(type);
}

/** Whether values of the type can name the categories that means are taken by. */
export function isCategoryType(type: FeatureType): boolean {
  return type === 'string' || type === 'bool' || type === 'int32' || type === 'int64';
}

/** Why a constant cannot stand for a value of `type`, in words that follow "the default"; null when it can. */
export function constantProblem(value: string | number | bigint | boolean, type: FeatureType): string | null {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? null : `must be a text, because the feature is a ${type}`;
    case 'bool':
      return typeof value === 'boolean' ? null : 'must be true or false, because the feature is a bool';
    case 'int32':
      return isWhole(value, -(2n ** 31n), 2n ** 31n - 1n) ? null : 'must be a whole number of 32 bits';
    case 'int64':
      return isWhole(value, -(2n ** 63n), 2n ** 63n - 1n) ? null : 'must be a whole number of 64 bits';
    case 'float32':
    case 'float64':
      return typeof value === 'number' || typeof value === 'bigint'
        ? null
        : `must be a number, because the feature is a ${type}`;
    case 'timestamp':
      return typeof value === 'string' ? null : 'must be a time such as 2025-03-16T00:00:00Z';
    default:
      return `cannot be a constant, because the feature is a ${type}`;
  }
}

function isWhole(value: unknown, least: bigint, greatest: bigint): boolean {
  if (typeof value === 'number' && !Number.isInteger(value)) return false;
  if (typeof value !== 'number' && typeof value !== 'bigint') return false;
  const whole = BigInt(value);
  return whole >= least && whole <= greatest;
}
