import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isScaled,
  MAX_HEIGHT,
  offsetForRow,
  scrollScale,
  toReal,
  toVirtual,
  visibleColumns,
  visibleRows,
} from './scroll-scale';

test('a short grid is not scaled', () => {
  const scale = scrollScale(1000, 24, 400);
  expect(isScaled(scale)).toBe(false);
  expect(toVirtual(scale, 1234)).toBe(1234);
});

test('the end of the bar is the last row, however many rows there are', () => {
  for (const rows of [400_000, 1_000_000, 50_000_000]) {
    const scale = scrollScale(rows, 24, 400);
    expect(scale.realHeight).toBe(MAX_HEIGHT);
    const offset = toVirtual(scale, MAX_HEIGHT - 400);
    expect(visibleRows(scale, offset, 24, 0).end).toBe(rows);
    expect(toVirtual(scale, 0)).toBe(0);
  }
});

test('to the bar and back gives the same offset', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, share) => {
        const scale = scrollScale(rows, 24, 300);
        const offset = share * Math.max(0, rows * 24 - 300);
        expect(toVirtual(scale, toReal(scale, offset))).toBeCloseTo(offset, 3);
      },
    ),
    { seed: 11, numRuns: 300 },
  );
});

test('a row is brought on screen by the shortest way', () => {
  const scale = scrollScale(1_000_000, 24, 240);
  expect(offsetForRow(scale, 0, 5, 24)).toBe(0);
  expect(offsetForRow(scale, 0, 10, 24)).toBe(24);
  expect(offsetForRow(scale, 2400, 50, 24)).toBe(1200);
  expect(offsetForRow(scale, 0, 999_999, 24)).toBe(24_000_000 - 240);
});

test('columns on screen', () => {
  const starts = [0, 100, 250, 300, 500];
  expect(visibleColumns(starts, 0, 200, 0)).toEqual({ first: 0, end: 2 });
  expect(visibleColumns(starts, 250, 60, 0)).toEqual({ first: 2, end: 4 });
  expect(visibleColumns(starts, 250, 60, 1)).toEqual({ first: 1, end: 4 });
  expect(visibleColumns([0], 0, 100, 1)).toEqual({ first: 0, end: 0 });
});
