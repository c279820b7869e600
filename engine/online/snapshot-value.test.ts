import { describe, expect, it } from 'vitest';
import type { FeatureType } from '../catalog/model';
import { NOT_A_TIME } from './feast-value';
import { featureConverter, keyValue } from './snapshot-value';

const convert = (type: FeatureType, value: unknown) => featureConverter('stats:f', type)(value);
const refused = expect.objectContaining({ code: 'online.unsupported_type' });

describe('a snapshot value', () => {
  it.each<[FeatureType, unknown, unknown]>([
    ['int32', 5n, 5],
    ['int32', -2.9, -2],
    ['int64', 5, 5n],
    ['int64', 2n ** 63n - 1n, 2n ** 63n - 1n],
    ['float64', 3n, 3],
    ['float64', '1.50', 1.5],
    ['float32', -0, -0],
    ['timestamp', 1_999_999n, 1n],
    ['timestamp', -1n, -1n],
    ['float64', NaN, null],
    ['int64', NaN, null],
    ['string', null, null],
    ['int64[]', [1n, null, 3n], [1n, 0n, 3n]],
    ['string[]', ['a', null], ['a', '']],
    ['timestamp[]', [null], [NOT_A_TIME]],
    ['float64[]', null, null],
  ])('of type %s: %s becomes %s', (type, value, expected) => {
    expect(convert(type, value)).toEqual(expected);
  });

  it.each<[FeatureType, unknown]>([
    ['int32', 2n ** 31n],
    ['int64', 2n ** 63n],
    ['int64', Infinity],
    ['int64', '5'],
    ['bool', 1],
    ['string', 5],
    ['bytes', 'text'],
    ['timestamp', '2025-01-01'],
    ['float64', 'abc'],
    ['int64[]', 5n],
    ['bool[]', [true, 'x']],
  ])('of type %s is refused when it is %s, by name', (type, value) => {
    expect(() => convert(type, value)).toThrow(refused);
    expect(() => convert(type, value)).toThrow(/stats:f/);
  });

  it('of a join key keeps NULL apart', () => {
    expect(keyValue('user_id', 'int64', null)).toBeNull();
    expect(keyValue('user_id', 'int64', 7)).toBe(7n);
    expect(keyValue('user_id', 'string', '7')).toBe('7');
    expect(() => keyValue('user_id', 'string', 7n)).toThrow(refused);
  });
});
