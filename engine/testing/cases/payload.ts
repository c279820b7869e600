import fc from 'fast-check';
import type { FeatureType } from '../../catalog/model';
import type { OracleValue } from '../oracle/value';
import type { Payload } from '../oracle/definition';

/** What a random source holds beside keys and times: a column of each type. */
export const PAYLOAD_TYPES = {
  i: 'int64',
  j: 'int32',
  f: 'float64',
  g: 'float32',
  /** Eighths of moderate size: what is computed of them does not hang on the order of rounding. */
  m: 'float64',
  b: 'bool',
  tag: 'string',
  y: 'bytes',
  w: 'timestamp',
  li: 'int64[]',
  lf: 'float64[]',
  ls: 'string[]',
} as const satisfies Record<string, FeatureType>;

export type PayloadColumn = keyof typeof PAYLOAD_TYPES;

const orNull = (arbitrary: fc.Arbitrary<OracleValue>): fc.Arbitrary<OracleValue> =>
  fc.option(arbitrary, { freq: 6 });

/** Few small numbers, so that they meet, and some that no double holds; forty of them add up within 63 bits. */
const whole = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt({ min: -3n, max: 3n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 55n), max: 2n ** 55n }) },
  { weight: 1, arbitrary: fc.constantFrom(2n ** 53n + 1n, -(2n ** 53n) - 1n) },
);
const small = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt({ min: -2n, max: 2n }) },
  { weight: 1, arbitrary: fc.constantFrom(2n ** 31n - 1n, -(2n ** 31n)) },
);
const double = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, -0, 0.1, 0.2, -0.3, 1, 1e16, -1e16, 5e-324, 1e-300) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
  { weight: 2, arbitrary: fc.double({ min: -1e30, max: 1e30, noNaN: true }) },
);
const single = double.map(Math.fround);
const moderate = fc.integer({ min: -8000, max: 8000 }).map((eighths) => eighths / 8);

export const TEXTS = [
  'a',
  'b',
  'A',
  '',
  ' a',
  'é',
  'e\u0301',
  '日本',
  'עברית',
  '😀',
  "O'Hara",
  '7',
  'a\u0000',
];
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b') },
  { weight: 2, arbitrary: fc.constantFrom(...TEXTS) },
);
const bytes = fc.uint8Array({ maxLength: 3 }).map((one): OracleValue => new Uint8Array(one));
const moment = fc.bigInt({ min: -2n, max: 2n }).map((days) => days * 86_400_000_000n + 1n);
const listOf = (item: fc.Arbitrary<OracleValue>): fc.Arbitrary<OracleValue> =>
  fc.array(orNull(item), { maxLength: 2 });

export const payload: fc.Arbitrary<Payload> = fc.record({
  i: orNull(whole),
  j: orNull(small),
  f: orNull(double),
  g: orNull(single),
  m: orNull(moderate),
  b: orNull(fc.boolean()),
  tag: orNull(text),
  y: orNull(bytes),
  w: orNull(moment),
  li: orNull(listOf(whole)),
  lf: orNull(listOf(double)),
  ls: orNull(listOf(text)),
} satisfies Record<PayloadColumn, fc.Arbitrary<OracleValue>>);
