import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/database';
import { chartCase, DAY_US as DAY } from '../../testing/chart-case';
import { openTestDatabase } from '../../testing/test-database';
import { skewMismatches } from '../mismatches';
import type { BuiltSkew } from '../skew';
import { categoryFrame, skewCategories } from './categories';
import { skewHistogram } from './histogram';
import { skewOverTime } from './over-time';
import { skewScatter } from './scatter';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const build = (left: (number | null)[], right: (number | null)[], step?: number): Promise<BuiltSkew> =>
  chartCase(db, left, right, step);

describe('skewHistogram', () => {
  it('puts every finite value of both sides into the one bin that holds it', async () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom(NaN, Infinity),
    );
    const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(pairs, fc.integer({ min: 1, max: 60 }), async (rows, bins) => {
        const left = rows.map(([l]) => l);
        const right = rows.map(([, r]) => r);
        const skew = await build(left, right);
        const found = await skewHistogram(db, skew, 'x', { bins });
        const finite = (side: (number | null)[]): number[] =>
          side.filter((v): v is number => v !== null && Number.isFinite(v));
        expect(found.length).toBeLessThanOrEqual(bins);
        expect(found.reduce((sum, bin) => sum + bin.left, 0)).toBe(finite(left).length);
        expect(found.reduce((sum, bin) => sum + bin.right, 0)).toBe(finite(right).length);
        // Values within rounding of an edge may be counted on either side of it.
        const near = (bin: { from: number; to: number }): number => (bin.to - bin.from) * 1e-9;
        for (const bin of found)
          for (const [count, side] of [
            [bin.left, left],
            [bin.right, right],
          ] as const) {
            const within = (margin: number): number =>
              finite([...side]).filter((v) => v >= bin.from - margin && v <= bin.to + margin).length;
            expect(count).toBeLessThanOrEqual(within(near(bin)));
          }
      }),
      { seed: 11, numRuns: 15 },
    );
  }, 120_000);

  it('gives whole numbers bins of whole width, and a constant one bin', async () => {
    const skew = await build([1, 2, 3, 200], [1, 1, 3, 200]);
    const bins = await skewHistogram(db, skew, 'n');
    expect(bins[0]).toEqual({ from: 1, to: 5, left: 3, right: 3 });
    expect(bins.at(-1)).toEqual({ from: 197, to: 201, left: 1, right: 1 });
    const constant = await build([5, 5], [5, 5]);
    expect(await skewHistogram(db, constant, 'x')).toEqual([{ from: 4.5, to: 5.5, left: 2, right: 2 }]);
    expect(await skewHistogram(db, constant, 'n')).toEqual([{ from: 5, to: 6, left: 2, right: 2 }]);
  });

  it('has nothing to show for text or without a finite number, and refuses an unknown name', async () => {
    const skew = await build([null, NaN], [Infinity, null]);
    expect(await skewHistogram(db, skew, 'x')).toEqual([]);
    expect(await skewHistogram(db, skew, 'word')).toEqual([]);
    await expect(skewHistogram(db, skew, 'nope')).rejects.toMatchObject({ code: 'catalog.unknown_feature' });
  });
});

it('skewCategories counts values of both sides, most frequent first, NULL among them', async () => {
  const skew = await build([1, 1, -1, null], [1, -1, -1, -1]);
  expect(await skewCategories(db, skew, 'word')).toEqual([
    { value: 'down', left: 1, right: 3, of: 4 },
    { value: 'up', left: 2, right: 1, of: 4 },
    { value: null, left: 1, right: 0, of: 4 },
  ]);
  expect(await skewCategories(db, skew, 'x')).toEqual([]);
});

it('shares of categories are of all rows, those beyond the limit too', async () => {
  const skew = await build([1, 1, -1, null], [1, -1, -1, -1]);
  expect(await skewCategories(db, skew, 'word', { limit: 1 })).toEqual([
    { value: 'down', left: 1, right: 3, of: 4 },
  ]);
});

it('categoryFrame keeps the place of every value, most frequent first', async () => {
  const skew = await build([1, 1, -1, null], [1, -1, -1, -1]);
  expect(await categoryFrame(db, skew, 'word')).toEqual({ values: ['down', 'up', null], more: false });
  expect(await categoryFrame(db, skew, 'x')).toBeNull();
});

it('skewScatter shows mismatches first, bounded, the same every time', async () => {
  const left = Array.from({ length: 500 }, (_, index) => index);
  const skew = await build(
    left,
    left.map((value) => (value % 50 === 0 ? value + 1 : value)),
  );
  const points = await skewScatter(db, skew, 'x', { limit: 100 });
  expect(points).toHaveLength(100);
  expect(points.slice(0, 10).every((point) => point.differs && point.right === point.left + 1)).toBe(true);
  expect(points.slice(10).every((point) => !point.differs && point.right === point.left)).toBe(true);
  const sampled = points.slice(10).map((point) => point.left);
  expect(sampled.filter((value) => value < 250).length).toBeGreaterThan(30);
  expect(sampled.filter((value) => value >= 250).length).toBeGreaterThan(30);
  expect(await skewScatter(db, skew, 'x', { limit: 100 })).toEqual(points);
});

describe('skewOverTime', () => {
  it('gives one row per UTC day with means over its rows', async () => {
    const skew = await build([1, 2, 3, null, 5, 6], [1, 4, 2, 7, 5, 6], DAY / 2);
    expect(await skewOverTime(db, skew, 'x')).toEqual([
      { time: 0, difference: 1, absDifference: 1, mismatchShare: 0.5, rows: 2 },
      { time: 86_400_000, difference: -1, absDifference: 1, mismatchShare: 1, rows: 2 },
      { time: 172_800_000, difference: 0, absDifference: 0, mismatchShare: 0, rows: 2 },
    ]);
  });

  it('takes hours for short spans and months for long ones', async () => {
    const short = await build([1, 2], [1, 2], 3_600_000_000);
    expect((await skewOverTime(db, short, 'x')).map((period) => period.time)).toEqual([0, 3_600_000]);
    const long = await build([1, 2, 3], [1, 2, 3], 5_000 * DAY);
    const times = (await skewOverTime(db, long, 'x')).map((period) => new Date(period.time).toISOString());
    expect(times).toEqual([
      '1970-01-01T00:00:00.000Z',
      '1983-09-01T00:00:00.000Z',
      '1997-05-01T00:00:00.000Z',
    ]);
  });
});

it('skewMismatches pages through the mismatching rows, feature by feature, in row order', async () => {
  const skew = await build([1, 2, null], [1, 3, -4]);
  expect(skew.mismatches).toBe(5);
  const all = await skewMismatches(db, skew, { limit: 10, offset: 0 });
  expect(all).toEqual([
    { feature: 'x', user_id: 1n, ts: BigInt(DAY), left: '2.0', right: '3.0', difference: 1 },
    { feature: 'x', user_id: 2n, ts: BigInt(2 * DAY), left: null, right: '-4.0', difference: null },
    { feature: 'n', user_id: 1n, ts: BigInt(DAY), left: '2', right: '3', difference: 1 },
    { feature: 'n', user_id: 2n, ts: BigInt(2 * DAY), left: null, right: '-4', difference: null },
    { feature: 'word', user_id: 2n, ts: BigInt(2 * DAY), left: null, right: 'down', difference: null },
  ]);
  expect(await skewMismatches(db, skew, { limit: 2, offset: 3 })).toEqual(all.slice(3));
});
