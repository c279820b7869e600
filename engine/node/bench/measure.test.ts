import { describe, expect, it } from 'vitest';
import { against, compare, median, type Side } from './measure';

const side = (name: string, time: number, digest: number[]): Side => ({
  name,
  run: async () => ({ clock: time, processor: time / 2 }),
  digest: async () => digest,
});
const CONTEST = { figure: 'f', what: 'a join', goal: 0.5, size: '1 row' };

describe('a contest', () => {
  it('gives medians and the ratio of the two sides', async () => {
    const found = await compare(CONTEST, side('ours', 10, [1, 0.1 + 0.2]), side('theirs', 40, [1, 0.3]), 3);
    expect(found).toMatchObject({
      ours: 10,
      baseline: 40,
      ratio: 0.25,
      goal: 0.5,
      against: 'theirs',
      runs: 3,
    });
  });

  it.each([
    [
      [1, 2],
      [1, 3],
    ],
    [[1], [1, 2]],
    [[], []],
    [[NaN], [NaN]],
  ])('refuses to time different results: %j and %j', async (left, right) => {
    await expect(compare(CONTEST, side('ours', 1, left), side('theirs', 9, right), 1)).rejects.toThrow(
      'a join',
    );
  });

  it('holds a number against a limit', () => {
    expect(against(CONTEST, 'ms', [5, 1, 3], 2, 'limit 2 ms')).toMatchObject({
      ours: 3,
      ratio: 1.5,
      goal: 1,
    });
  });

  it('takes the middle of an even number of runs', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});
