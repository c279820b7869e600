import type { FeatureType } from '../../catalog/model';

/** A value of any type of the format: whole numbers and instants (microseconds) as bigint, floats as number. */
export type OracleValue = null | bigint | number | boolean | string | Uint8Array | readonly OracleValue[];

/**
 * Order and equality of values: NaN equals itself and is the greatest number, 0.0 equals -0.0, text goes by code
 * point, bytes by byte, lists element by element (NULL last). Both sides have one type; neither is NULL outside a list.
 */
export function compareValues(left: OracleValue, right: OracleValue): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (typeof left === 'number') return compareNumbers(left, right as number);
  if (typeof left === 'string')
    return compareLists([...left].map(codePoint), [...(right as string)].map(codePoint));
  if (left instanceof Uint8Array) return compareLists([...left], [...(right as Uint8Array)]);
  if (isList(left)) return compareLists(left, right as readonly OracleValue[]);
  return left < (right as typeof left) ? -1 : left > (right as typeof left) ? 1 : 0;
}

function compareNumbers(left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareLists(left: readonly OracleValue[], right: readonly OracleValue[]): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareValues(left[index]!, right[index]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const codePoint = (character: string): number => character.codePointAt(0)!;

function isList(value: OracleValue): value is readonly OracleValue[] {
  return Array.isArray(value);
}

/** Text that two values of one type share exactly when they are equal. */
export function identity(value: OracleValue): string {
  return printed(value, (number) => String(number === 0 ? 0 : number));
}

/** Text that two values of one type share exactly when every bit is the same; all NaN are one. */
export function exactText(value: OracleValue): string {
  return printed(value, (number) => (Object.is(number, -0) ? '-0' : String(number)));
}

function printed(value: OracleValue, number: (value: number) => string): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  if (isList(value)) return `[${value.map((item) => printed(item, number)).join(', ')}]`;
  return String(value);
}

/** 0.0 for -0.0, in lists too: what every function gives that chooses one of several values. */
export function plainZero(value: OracleValue): OracleValue {
  return isList(value) ? value.map(plainZero) : value === 0 ? 0 : value;
}

/** A value in its feature's declared type. Only casts that lose nothing but float precision. */
export function castTo(type: FeatureType, value: OracleValue): OracleValue {
  if (isList(value)) return value.map((item) => castTo(type.slice(0, -2) as FeatureType, item));
  if (type === 'float32' || type === 'float64') {
    if (typeof value !== 'number' && typeof value !== 'bigint') return value;
    return type === 'float32' ? Math.fround(Number(value)) : Number(value);
  }
  return value;
}
