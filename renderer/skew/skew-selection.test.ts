import { expect, test } from 'vitest';
import type { SegmentBy } from '../../engine/skew/pair-filter';
import {
  brushOf,
  filterFor,
  keyOf,
  marksOf,
  ownKey,
  withBrush,
  withoutBrush,
  type Brush,
  type BrushSource,
  type Selection,
} from './skew-selection';

const by = { kind: 'column', side: 'left', column: 'tier' } as const;
const days: SegmentBy = { kind: 'time', every: 86_400_000_000n };
const context = { feature: 'rate', sides: ['train', 'log'] as const, by };
const START = Date.UTC(2025, 2, 10);

const made = (
  source: BrushSource,
  fields: Record<string, unknown[]>,
  of: { feature: string; sides: readonly [string, string]; by: SegmentBy } = context,
): Brush => brushOf(source, fields, of)!;

test('a selection in a chart becomes a condition and words for it', () => {
  expect(made('distribution', { from: [0.4, 0.123456] })).toEqual({
    source: 'distribution',
    condition: {
      kind: 'values',
      feature: 'rate',
      left: { from: 0.123456, to: 0.4 },
      right: { from: 0.123456, to: 0.4 },
      match: 'any',
    },
    words: 'rate 0.123 to 0.4',
  });
  expect(made('scatter', { left: [0, 1], right: [2, 3000] }).words).toBe('rate: train 0 to 1, log 2 to 3000');
  expect(made('time', { time: [START, START + 3_600_000.4] })).toEqual({
    source: 'time',
    condition: { kind: 'time', from: BigInt(START) * 1000n, to: BigInt(START + 3_600_000) * 1000n },
    words: '2025-03-10 00:00 to 2025-03-10 01:00 UTC',
  });
  expect(made('categories', { value: [null] }).words).toBe('rate is NULL');
  expect(made('segments', { value: ['plus'] }).condition).toEqual({ kind: 'segment', by, value: 'plus' });
  expect(made('segments', { value: [String(START * 1000)] }, { ...context, by: days }).words).toBe(
    '2025-03-10 00:00 to 2025-03-11 00:00 UTC',
  );
});

test('what covers nothing is no condition', () => {
  expect(brushOf('distribution', null, context)).toBeNull();
  expect(brushOf('distribution', { from: [1, 1] }, context)).toBeNull();
  expect(brushOf('scatter', { left: [0, 1] }, context)).toBeNull();
  expect(brushOf('time', {}, context)).toBeNull();
});

test('a chart shows its own brush as it was made', () => {
  for (const [source, fields] of [
    ['distribution', { from: [1, 2] }],
    ['scatter', { left: [1, 2], right: [3, 4] }],
    ['time', { time: [START, START + 1000] }],
    ['categories', { value: ['a'] }],
    ['segments', { value: [null] }],
  ] as const)
    expect(marksOf(brushOf(source, fields, context)!)).toEqual(fields);
});

test('every chart is filtered by all brushes but its own', () => {
  const values = made('distribution', { from: [0, 1] });
  const time = made('time', { time: [START, START + 1] });
  const tier = made('segments', { value: ['plus'] });
  const selection = [values, time, tier].reduce<Selection>(withBrush, []);
  const under = (chart: Parameters<typeof ownKey>[0], feature = 'rate', segments: SegmentBy = by) =>
    filterFor(selection, ownKey(chart, feature, segments));
  expect(under('distribution')).toEqual([time.condition, tier.condition]);
  expect(under('time')).toEqual([values.condition, tier.condition]);
  expect(under('segments')).toEqual([values.condition, time.condition]);
  expect(under('scatter')).toHaveLength(3);
  expect(under('selected')).toHaveLength(3);
  // The distribution of another feature, and another segmentation, are filtered by these too.
  expect(under('distribution', 'other')).toHaveLength(3);
  expect(under('segments', 'rate', { ...by, column: 'city' })).toHaveLength(3);
  expect(filterFor(selection, null)).toHaveLength(3);
});

test('a brush that moves keeps its place, and goes alone', () => {
  const values = made('distribution', { from: [0, 1] });
  const time = made('time', { time: [START, START + 1] });
  const moved = made('distribution', { from: [0.5, 1] });
  const selection = [values, time, moved].reduce<Selection>(withBrush, []);
  expect(selection).toEqual([moved, time]);
  expect(withoutBrush(selection, keyOf(values))).toEqual([time]);
  expect(withoutBrush(selection, 'nothing')).toBe(selection);
});
