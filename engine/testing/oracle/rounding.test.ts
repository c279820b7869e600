import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestDouble, UNIT_EXPONENT, unitsOf } from './rounding';
import { sumOf, varianceOf } from './statistics';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('nearestDouble', () => {
  it('gives back every finite double, and the hardware’s own sums and quotients of two', () => {
    fc.assert(
      fc.property(finite, finite, (x, y) => {
        expect(nearestDouble(unitsOf(x), UNIT_EXPONENT)).toBe(x === 0 ? 0 : x);
        expect(sumOf([x, y])).toBe(x + y === 0 ? 0 : x + y);
        const [over, under] = [unitsOf(x), unitsOf(Math.abs(y))];
        if (under !== 0n) expect(nearestDouble(over, 0, under)).toBe(over === 0n ? 0 : x / Math.abs(y));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it.each([
    { values: [0.1, 0.2, 0.3], sum: 0.6 },
    { values: [1e16, 1, -1e16], sum: 1 },
    { values: [1e308, 1e308, -1e308], sum: 1e308 },
    { values: [1.7e308, 1.7e308], sum: Infinity },
    { values: [5e-324, 5e-324], sum: 1e-323 },
    { values: [-0, -0], sum: 0 },
    { values: [Infinity, 1], sum: Infinity },
    { values: [Infinity, -Infinity], sum: NaN },
    { values: [NaN, 1], sum: NaN },
    // Half way between two doubles: to the even one, and up as soon as anything lies beyond.
    { values: [2 ** 53, 1], sum: 2 ** 53 },
    { values: [2 ** 53, 1, 5e-324], sum: 2 ** 53 + 2 },
  ])('adds $values to $sum', ({ values, sum }) => {
    expect(sumOf(values)).toBe(sum);
    expect(sumOf([...values].reverse())).toBe(sum);
  });
});

describe('varianceOf', () => {
  it('is exact where the naive formula loses everything', () => {
    expect(varianceOf([1e15, 1e15 + 1, 1e15 + 2])).toBe(1);
    expect(varianceOf([2n, 4n])).toBe(2);
    expect(varianceOf([3])).toBeNull();
    expect(varianceOf([1, NaN])).toBeNaN();
  });
});
