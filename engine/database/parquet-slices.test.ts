import { expect, it } from 'vitest';
import { slicesOf } from './parquet-slices';

const groups = (...rows: number[]): { rows: number }[] => rows.map((one) => ({ rows: one }));

it('gathers small neighbours and leaves out empty ones', () => {
  expect(slicesOf(groups(1000, 0, 1000, 1000), null, 1)).toEqual([
    { rowGroups: [0, 2, 3], offset: 0, limit: 3000 },
  ]);
});

it('gathers fewer rows where there are more columns', () => {
  const slices = slicesOf(groups(...Array<number>(8).fill(122_880)), null, 4);
  expect(slices.map(({ rowGroups }) => rowGroups)).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ]);
});

it('splits large row groups and keeps every row once, in order', () => {
  const slices = slicesOf(groups(2_500_000, 10), null, 3);
  expect(slices).toEqual([
    { rowGroups: [0], offset: 0, limit: 1_048_576 },
    { rowGroups: [0], offset: 1_048_576, limit: 1_048_576 },
    { rowGroups: [0], offset: 2_097_152, limit: 402_848 },
    { rowGroups: [1], offset: 0, limit: 10 },
  ]);
});

it('takes the chosen row groups only', () => {
  expect(slicesOf(groups(5, 6, 7), [2, 0], 1)).toEqual([{ rowGroups: [2, 0], offset: 0, limit: 12 }]);
  expect(slicesOf(groups(5, 6, 7), [], 1)).toEqual([]);
});
