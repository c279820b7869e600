import { expect, it } from 'vitest';
import { rowRanges } from './row-range';

it.each([
  [0, 100, 1],
  [1, 100, 1],
  [2 ** 20, 256, 1],
  [2 ** 20 + 1, 256, 3],
  [10_000_000, 77, 6],
  [10_000_000, 300, 21],
  // Whole groups of 122,880 rows, where there are so many.
  [1_200_000, 1000, 5],
  [100_000, 18_000, 1],
])('of %i rows of %i bytes are %i, and have each row once', (rows, bytes, count) => {
  const ranges = rowRanges(rows, bytes);
  expect(ranges.length).toBe(count);
  expect(ranges.map(({ at }) => at)).toEqual(ranges.map((_, at) => at));
  expect(ranges[0]!.from).toBe(0);
  for (const [at, { from, to }] of ranges.entries()) {
    expect(to - from).toBeGreaterThan(rows === 0 ? -1 : 0);
    expect(from).toBe(at === 0 ? 0 : ranges[at - 1]!.to);
  }
  expect(ranges.at(-1)!.to).toBe(rows);
});
