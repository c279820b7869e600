import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCALAR_TYPES, type FeatureType, type ScalarType } from '../catalog/model';
import { compareCodePoints, decodeEntityKey, encodeEntityKey } from './entity-key';
import { decodeEventTimestamp, encodeEventTimestamp } from './event-timestamp';
import type { FeastScalar } from './feast-value';
import { checkFieldCollisions, hashField } from './hash-field';
import { decodeValue, encodeValue } from './value-bytes';

const SEED = { seed: 20_250_101, numRuns: 500 };
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const text = fc.string({ unit: 'binary' });

const SCALARS: Record<ScalarType, fc.Arbitrary<FeastScalar>> = {
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  int64,
  float32: fc.float({ noNaN: true }),
  float64: fc.double({ noNaN: true }),
  bool: fc.boolean(),
  string: text,
  bytes: fc.uint8Array(),
  timestamp: fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
};

describe('values', () => {
  it.each(SCALAR_TYPES)('of type %s survive', (type) => {
    fc.assert(
      fc.property(SCALARS[type], (value) => {
        expect(decodeValue(encodeValue(type, value))).toEqual({ type, value });
      }),
      SEED,
    );
  });

  it.each(SCALAR_TYPES)('in lists of %s survive', (type) => {
    const list: FeatureType = `${type}[]`;
    fc.assert(
      fc.property(fc.array(SCALARS[type]), (value) => {
        expect(decodeValue(encodeValue(list, value))).toEqual({ type: list, value });
      }),
      SEED,
    );
  });

  it('of arbitrary bytes are read or refused, never hung or misread past the end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(decodeValue(bytes)).toHaveProperty('type');
        } catch (thrown) {
          expect(thrown instanceof RangeError || thrown instanceof TypeError).toBe(true);
        }
      }),
      SEED,
    );
  });

  it('NaN and NULL are stored as nothing, a NULL time as Feast stores it reads as NULL', () => {
    expect(encodeValue('float64', NaN)).toHaveLength(0);
    expect(encodeValue('string[]', null)).toHaveLength(0);
    const notATime = Uint8Array.from(Buffer.from('4080808080808080808001', 'hex'));
    expect(decodeValue(notATime)).toEqual({ type: 'timestamp', value: null });
    expect(decodeValue(Uint8Array.of(0x98, 0x01, 0x00))).toEqual({ type: 'null', value: null });
  });
});

describe('entity keys', () => {
  const part = fc.oneof(
    fc.record({ name: text, type: fc.constant('string' as const), value: text }),
    fc.record({ name: text, type: fc.constant('int64' as const), value: int64 }),
    fc.record({
      name: text,
      type: fc.constant('int32' as const),
      value: fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n - 1n }),
    }),
  );
  const parts = fc.uniqueArray(part, { minLength: 1, maxLength: 4, selector: (key) => key.name });

  it('survive, in code point order, whatever the order given', () => {
    fc.assert(
      fc.property(parts, text, (keys, project) => {
        const bytes = encodeEntityKey(keys, project);
        const sorted = [...keys].sort((a, b) => compareCodePoints(a.name, b.name));
        expect(decodeEntityKey(bytes)).toEqual({ keys: sorted, project });
        expect(encodeEntityKey([...keys].reverse(), project)).toEqual(bytes);
      }),
      SEED,
    );
  });

  it('of arbitrary bytes are read or null', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const key = decodeEntityKey(bytes);
        if (key !== null) expect(encodeEntityKey(key.keys, key.project)).toHaveLength(bytes.length);
      }),
      SEED,
    );
  });

  it('sort by code point where UTF-16 order differs', () => {
    expect(compareCodePoints('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
    expect('\u{1F600}' < '\uFFFD').toBe(true);
  });

  it('take string, int32 and int64 only, within their range', () => {
    const key = { name: 'k', type: 'float64' as const, value: 1n };
    const refused = expect.objectContaining({ code: 'online.unsupported_type' });
    expect(() => encodeEntityKey([key], 'p')).toThrow(refused);
    expect(() => encodeEntityKey([{ ...key, type: 'int32', value: 2n ** 31n }], 'p')).toThrow(refused);
  });
});

describe('event times', () => {
  it('survive', () => {
    const micros = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 18n });
    fc.assert(
      fc.property(micros, (time) => {
        expect(decodeEventTimestamp(encodeEventTimestamp(time))).toBe(time * 1000n);
      }),
      SEED,
    );
  });
});

describe('hash fields', () => {
  const view = (name: string, ...features: string[]) => ({
    view: name,
    joinKeys: [{ name: 'user_id', type: 'int64' as const }],
    features: features.map((feature) => ({ name: feature, type: 'int64' as const, default: null })),
    ttl: null,
  });

  it('that collide in one hash are refused', () => {
    expect(hashField('stats', 'f5728')).toEqual(hashField('stats', 'f9010'));
    expect(() => checkFieldCollisions([view('stats', 'f5728', 'f9010')])).toThrow(
      expect.objectContaining({ code: 'online.field_collision' }),
    );
    const elsewhere = { ...view('stats', 'f9010'), joinKeys: [{ name: 'item_id', type: 'int64' as const }] };
    expect(() => checkFieldCollisions([view('stats', 'f5728'), elsewhere])).not.toThrow();
  });
});
