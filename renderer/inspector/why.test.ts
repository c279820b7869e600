import { expect, test } from 'vitest';
import type { Candidate, Explanation } from '../../engine/training/explanation';
import { timeLine } from './time-line';
import { reasonLines, summaryText, windowText } from './why-text';

const DAY = 86_400_000_000n;
const t = 1_000n * DAY;
const candidate = (at: bigint | null, reason: Candidate['reason']): Candidate => ({
  at,
  order: 0,
  reason,
  side: null,
  values: {},
});

const explanation: Explanation = {
  set: 'train',
  row: 3,
  ref: 'user_engagement:user_7d_completion_rate',
  kind: 'aggregate',
  source: 'interactions',
  spine: {},
  entity: { user_id: 256n },
  t,
  window: { from: t - 7n * DAY, to: t },
  value: 0,
  raw: null,
  defaulted: true,
  status: 'expired',
  naive: { value: 1, leaks: true },
  counts: { before_window: 2, at_t: 1, future: 1 },
  candidates: [
    candidate(t - 400n * DAY, 'before_window'),
    candidate(t - 8n * DAY, 'before_window'),
    candidate(t, 'at_t'),
    candidate(t + 5n * DAY, 'future'),
    candidate(null, 'no_time'),
  ],
  sql: '',
};

test('the window takes the middle; older and later rows keep their order in the margins', () => {
  const line = timeLine(explanation, 250)!;
  expect(line.from).toBe(50);
  expect(line.to).toBe(200);
  const [old, older, at, future] = line.marks.map(({ x }) => x);
  expect(old).toBeLessThan(older!);
  expect(older).toBeLessThan(line.from!);
  expect(at).toBe(line.to);
  expect(future).toBeGreaterThan(line.to);
  expect(line.marks.map(({ mark }) => mark)).toEqual(['outside', 'outside', 'at-t', 'future']);
});

test('inside the window places are true to scale', () => {
  const inside = { ...explanation, candidates: [candidate(t - (7n * DAY) / 2n, 'counted')] };
  expect(timeLine(inside, 250)!.marks[0]!.x).toBeCloseTo(125);
});

test('an unlimited window begins at the oldest row, and a spine row without a time has no line', () => {
  const open = { ...explanation, window: { from: null, to: t } };
  expect(timeLine(open, 250)!.from).toBeNull();
  expect(timeLine({ ...explanation, window: { from: null, to: null } }, 250)).toBeNull();
});

test('the answer in words', () => {
  expect(windowText(explanation)).toBe('[t-7d, t)');
  expect(windowText({ kind: 'table', window: { from: null, to: t } })).toBe('(.., t]');
  expect(summaryText(explanation)).toBe('No event in [t-7d, t), only older ones. The default stands in.');
  expect(summaryText({ ...explanation, status: 'present', defaulted: false, counts: { counted: 12 } })).toBe(
    '12 events in [t-7d, t) make the value.',
  );
  expect(reasonLines(explanation).map(({ reason, rows }) => [reason, rows])).toEqual([
    ['at_t', 1],
    ['future', 1],
    ['before_window', 2],
  ]);
});
