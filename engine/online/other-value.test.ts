import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SCALAR_TYPES, type ScalarType } from '../catalog/model';
import { ByteWriter, utf8 } from './byte-writer';
import type { FeastScalar } from './feast-value';
import { jsonScalar } from './json-value';
import type { PlainValue } from './other-value';
import { decodeValue, encodeValue } from './value-bytes';

/** Values of members that Plumbline never writes, as a writer of this test makes them, and what they must read as. */
interface Written {
  bytes: Uint8Array;
  plain: PlainValue;
}

function member(field: number, payload: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  out.varint((field << 3) | 2);
  out.varint(payload.length);
  out.raw(payload);
  return out.take();
}

/** What follows tag and length: a list and a set of the same type have the same. */
function payloadOf(bytes: Uint8Array): Uint8Array {
  const varint = (from: number): number => from + 1 + bytes.subarray(from).findIndex((byte) => byte < 0x80);
  return bytes.subarray(varint(varint(0)));
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

const SCALARS: Record<ScalarType, fc.Arbitrary<FeastScalar>> = {
  int32: fc.integer(),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  float32: fc.float({ noNaN: true }),
  float64: fc.double({ noNaN: true }),
  bool: fc.boolean(),
  string: fc.string({ unit: 'binary' }),
  bytes: fc.uint8Array({ maxLength: 8 }),
  timestamp: fc.bigInt({ min: -(10n ** 10n), max: 10n ** 10n }),
};

const typed = (type: ScalarType, value: FeastScalar): PlainValue =>
  jsonScalar(value, type === 'timestamp') as PlainValue;

const leaf: fc.Arbitrary<Written> = fc
  .constantFrom(...SCALAR_TYPES)
  .chain((type) =>
    SCALARS[type].map((value) => ({ bytes: encodeValue(type, value), plain: typed(type, value) })),
  );
const nothing: fc.Arbitrary<Written> = fc.constant({ bytes: new Uint8Array(0), plain: null });

/** Members 22 to 29, in the order of the scalars 1 to 8. */
const ORDER: ScalarType[] = ['bytes', 'string', 'int32', 'int64', 'float64', 'float32', 'bool', 'timestamp'];
const set: fc.Arbitrary<Written> = fc.nat(7).chain((at) => {
  const type = ORDER[at]!;
  return fc.array(SCALARS[type], { maxLength: 4 }).map((items) => {
    const list = encodeValue(`${type}[]`, items);
    return { bytes: member(at + 22, payloadOf(list)), plain: items.map((item) => typed(type, item)) };
  });
});

const text: fc.Arbitrary<Written> = fc
  .tuple(fc.constantFrom(32, 36, 37, 44), fc.string({ unit: 'binary', maxLength: 20 }))
  .map(([field, value]) => ({ bytes: member(field, utf8(value)), plain: value }));

const { value } = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    nothing,
    set,
    text,
    fc
      .tuple(
        fc.constantFrom(20, 34),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('value'), { maxKeys: 3 }),
      )
      .map(([field, entries]): Written => {
        const parts = Object.entries(entries).map(([key, { bytes }]) =>
          member(1, joined([member(1, utf8(key)), member(2, bytes)])),
        );
        const plain = Object.entries(entries).map(([key, one]) => [key, one.plain] as const);
        return { bytes: member(field, joined(parts)), plain: Object.fromEntries(plain) };
      }),
    fc
      .tuple(fc.constantFrom(42, 43), fc.array(tie('value'), { maxLength: 3 }))
      .map(([field, items]): Written => ({
        bytes: member(field, joined(items.map(({ bytes }) => member(1, bytes)))),
        plain: items.map(({ plain }) => plain),
      })),
  ),
}));

it('reads whatever is nested in lists and maps of values', () => {
  fc.assert(
    fc.property(value, ({ bytes, plain }) => {
      const read = decodeValue(member(42, member(1, bytes)));
      expect(read).toEqual({ type: 'other', name: 'value_list', value: [plain] });
    }),
    { seed: 20_250_101, numRuns: 1000 },
  );
});
