import fc from 'fast-check';
import type { ScalarType } from '../../catalog/model';
import type { OracleValue } from '../oracle/value';

/** Four values that rows of one data set have for a key; data sets of one case share none of their first key's. */
export function keyPool(type: ScalarType, place: number): OracleValue[] {
  const base = BigInt(place) * 10n;
  switch (type) {
    case 'int64':
      return place === 0
        ? [2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]
        : [base + 1n, base + 2n, base + 3n, -base - 1n];
    case 'int32':
      return place === 0
        ? [0n, -1n, 2n ** 31n - 1n, -(2n ** 31n)]
        : [base + 1n, base + 2n, base + 3n, -base - 1n];
    case 'float32':
    case 'float64':
      return place === 0 ? [0, -0, NaN, Infinity] : [place + 0.25, place + 0.5, -place - 0.5, place + 0.125];
    case 'string':
      return place === 0
        ? ['', 'a', 'é', 'e\u0301']
        : [`${place}`, `日本${place}`, `a\u0000${place}`, `'😀"${place}`];
    case 'bytes':
      return [[], [0], [0, 0], [255]].map((tail) => Uint8Array.from(place === 0 ? tail : [place, ...tail]));
    case 'timestamp':
      return [-1n, 0n, 1n, 1000n].map((beside) => BigInt(place) * 3_600_000_000n + beside);
    case 'bool':
      return [true, false, true, false];
  }
}

/** Composite keys whose parts would collide if they were glued together; `bool` alone could not keep data sets apart. */
export const keyTypes: fc.Arbitrary<ScalarType[]> = fc.constantFrom<ScalarType[]>(
  ['int64'],
  ['int64'],
  ['string'],
  ['int32'],
  ['timestamp'],
  ['bytes'],
  ['float64'],
  ['float32'],
  ['int64', 'string'],
  ['string', 'string'],
  ['int64', 'int64'],
  ['bytes', 'bool'],
  ['timestamp', 'int32', 'string'],
);

/** Places in a pool, the first hot; null is a NULL key. */
export const keyPlace: fc.Arbitrary<number | null> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<number | null>(0) },
  { weight: 4, arbitrary: fc.nat({ max: 3 }) },
  { weight: 1, arbitrary: fc.constant<number | null>(null) },
);

/** The key values of a row: `places` has one entry per key. */
export function keysAt(
  types: readonly ScalarType[],
  places: readonly (number | null)[],
  set: number,
): OracleValue[] {
  return types.map((type, index) => {
    const place = places[index] ?? null;
    return place === null ? null : keyPool(type, index === 0 ? set : 0)[place]!;
  });
}
