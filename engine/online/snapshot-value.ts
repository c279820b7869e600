import type { FeatureType, ScalarType } from '../catalog/model';
import { PlumblineError } from '../errors';
import type { KeyType, KeyValue } from './entity-key';
import { floorDivide } from './event-timestamp';
import { isListType, itemType, NOT_A_TIME, type FeastScalar, type FeastValue } from './feast-value';

/** From a value as `decodeColumns` gives it to the value that the declared type stores. */
export type Convert = (value: unknown) => FeastValue;

function refuse(name: string, type: FeatureType, value: unknown): never {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  throw new PlumblineError('online.unsupported_type', `${name} holds ${shown}, which is no ${type}.`, {
    hint: `Declare ${name} with the type of its column, or cast the column.`,
  });
}

function wholeNumber(name: string, type: 'int32' | 'int64', value: unknown): bigint {
  const whole =
    typeof value === 'bigint'
      ? value
      : typeof value === 'number' && Number.isFinite(value)
        ? BigInt(Math.trunc(value))
        : refuse(name, type, value);
  return BigInt.asIntN(type === 'int32' ? 32 : 64, whole) === whole ? whole : refuse(name, type, value);
}

function floating(name: string, type: 'float32' | 'float64', value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  // decodeColumns gives a decimal with a fraction as exact text
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return refuse(name, type, value);
}

function scalar(name: string, type: ScalarType, value: unknown): FeastScalar {
  switch (type) {
    case 'int32':
      return Number(wholeNumber(name, type, value));
    case 'int64':
      return wholeNumber(name, type, value);
    case 'float32':
    case 'float64':
      return floating(name, type, value);
    case 'bool':
      return typeof value === 'boolean' ? value : refuse(name, type, value);
    case 'string':
      return typeof value === 'string' ? value : refuse(name, type, value);
    case 'bytes':
      return value instanceof Uint8Array ? value : refuse(name, type, value);
    case 'timestamp':
      return typeof value === 'bigint' ? floorDivide(value, 1_000_000n) : refuse(name, type, value);
  }
}

/** What Feast stores for a NULL inside a list: there is no NULL item in its format. */
const NULL_ITEM: Record<ScalarType, FeastScalar> = {
  int32: 0,
  int64: 0n,
  float32: 0,
  float64: 0,
  bool: false,
  string: '',
  bytes: new Uint8Array(0),
  timestamp: NOT_A_TIME,
};

/**
 * Converter for a feature of a declared type. Fractions of integers are cut toward zero and fractions of seconds
 * dropped, as Feast does (type_map.py). Error of the result: `online.unsupported_type`, naming the feature.
 */
export function featureConverter(name: string, type: FeatureType): Convert {
  const item = itemType(type);
  if (!isListType(type))
    return (value) => {
      if (value === null || value === undefined || Number.isNaN(value)) return null;
      return scalar(name, item, value);
    };
  return (value) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) return refuse(name, type, value);
    return value.map((entry: unknown) =>
      entry === null || entry === undefined ? NULL_ITEM[item] : scalar(name, item, entry),
    );
  };
}

/** A join key's value from a snapshot; null = NULL. */
export function keyValue(name: string, type: KeyType, value: unknown): KeyValue | null {
  if (value === null || value === undefined) return null;
  if (type === 'string') return typeof value === 'string' ? value : refuse(name, type, value);
  return wholeNumber(name, type, value);
}
