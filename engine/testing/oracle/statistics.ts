import { nearestDouble, UNIT_EXPONENT, unitsOf } from './rounding';
import { compareValues, identity, plainZero, type OracleValue } from './value';

type Numeric = bigint | number;

/** The exact sum: a whole number of whole numbers; of floats, rounded once. */
export function sumOf(values: readonly Numeric[]): Numeric {
  if (values.every((value) => typeof value === 'bigint'))
    return values.reduce((total, value) => total + value, 0n);
  const special = nonFiniteSum(values);
  if (special !== null) return special;
  return nearestDouble(
    values.reduce<bigint>((total, value) => total + unitsOf(Number(value)), 0n),
    UNIT_EXPONENT,
  );
}

/** The terms one after the other, as the hardware adds. */
export function plainSumOf(values: readonly Numeric[]): number {
  return values.reduce<number>((total, value) => total + Number(value), 0);
}

/** What NaN and infinities make of a sum; null when all values are finite. */
function nonFiniteSum(values: readonly Numeric[]): number | null {
  const odd = values.map(Number).filter((value) => !Number.isFinite(value));
  if (odd.length === 0) return null;
  return odd.every((value) => value === odd[0]) ? odd[0]! : NaN;
}

/** The sum as a double, divided by the count. */
export function meanOf(values: readonly Numeric[], sum = sumOf(values)): number {
  return Number(sum) / values.length;
}

/** Of the sample, NULL below two values: (n Σx² - (Σx)²) / (n (n - 1)) in whole numbers, rounded once. */
export function varianceOf(values: readonly Numeric[]): number | null {
  const n = BigInt(values.length);
  if (n < 2n) return null;
  if (nonFiniteSum(values) !== null) return NaN;
  const units = values.map((value) => unitsOf(Number(value)));
  const sum = units.reduce((total, unit) => total + unit, 0n);
  const squares = units.reduce((total, unit) => total + unit * unit, 0n);
  return nearestDouble(n * squares - sum * sum, 2 * UNIT_EXPONENT, n * (n - 1n));
}

/** Linear between the two nearest ranks. */
export function quantileOf(values: readonly Numeric[], q: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.map(Number).sort(compareValues);
  const rank = q * (sorted.length - 1);
  const low = sorted[Math.floor(rank)]!;
  const high = sorted[Math.ceil(rank)]!;
  return compareValues(low, high) === 0 ? low : low + (high - low) * (rank - Math.floor(rank));
}

/** How often each value occurs, by identity. */
function frequencies(values: readonly OracleValue[]): { value: OracleValue; times: number }[] {
  const found = new Map<string, { value: OracleValue; times: number }>();
  for (const value of values) {
    const seen = found.get(identity(value));
    if (seen) seen.times++;
    else found.set(identity(value), { value, times: 1 });
  }
  return [...found.values()];
}

export function distinctOf(values: readonly OracleValue[]): number {
  return frequencies(values).length;
}

/** The most frequent value; of several, the least. */
export function modeOf(values: readonly OracleValue[]): OracleValue {
  const all = frequencies(values);
  const most = Math.max(...all.map(({ times }) => times));
  return extreme(
    all.filter(({ times }) => times === most).map(({ value }) => value),
    -1,
  );
}

/** In bits. */
export function entropyOf(values: readonly OracleValue[]): number | null {
  if (values.length === 0) return null;
  return frequencies(values).reduce((total, { times }) => {
    const share = times / values.length;
    return total - share * Math.log2(share);
  }, 0);
}

/** The least value (`sign` -1) or the greatest (1), NULL of none. */
export function extreme(values: readonly OracleValue[], sign: -1 | 1): OracleValue {
  let best: OracleValue = null;
  for (const value of values) if (best === null || compareValues(value, best) * sign > 0) best = value;
  return plainZero(best);
}
