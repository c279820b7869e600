import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reason } from '../../engine/sql/explain-reasons';
import type { Candidate, RowExplanation } from '../../engine/training/explanation';
import { stepRow } from './step-row';
import { timeLine } from './time-line';
import { extentOf, movedTo, zoomedIn, zoomedOut } from './time-scale';

const DAY = 86_400_000_000n;
const t = 1_000n * DAY;
const WINDOW = { from: t - 7n * DAY, to: t, included: false, text: '[t-7d, t)' };

/** An explanation of these rows, all of them listed. */
function explained(
  rows: [at: bigint | null, reason: Reason][],
  window = WINDOW as RowExplanation['window'],
): RowExplanation {
  const candidates = rows.map(([at, reason], order): Candidate => ({
    at,
    known: null,
    until: null,
    order,
    reason,
    side: null,
    values: {},
  }));
  const reasons = [...new Set(rows.map(([, reason]) => reason))].map((reason) => {
    const times = candidates.flatMap((one) => (one.reason === reason && one.at !== null ? [one.at] : []));
    const [first = null] = times;
    return {
      reason,
      side: null,
      rows: rows.filter((row) => row[1] === reason).length,
      first,
      last: times.at(-1) ?? null,
    };
  });
  return {
    set: 'train',
    row: 3,
    mean: null,
    indicator: null,
    spineRow: 3,
    ref: 'user_engagement:user_7d_completion_rate',
    kind: 'aggregate',
    type: 'float64',
    source: 'interactions',
    availableAt: null,
    spine: {},
    spineColumns: [],
    entity: { user_id: 256n },
    t,
    window,
    value: 0,
    raw: null,
    policy: { kind: 'zero' },
    defaulted: true,
    status: 'expired',
    ratio: null,
    naive: { value: 1, leaks: true, last: t + 5n * DAY },
    reasons,
    candidates,
    columns: [],
    sql: '',
  };
}

const spread = explained([
  [null, 'no_time'],
  [t - 400n * DAY, 'before_window'],
  [t - 8n * DAY, 'before_window'],
  [t - 6n * DAY, 'counted'],
  [t - 6n * DAY + 1n, 'counted'],
  [t, 'after_window'],
  [t + 5n * DAY, 'future'],
]);

describe('time line', () => {
  test('a lane for each reason; the window keeps most of the width', () => {
    const line = timeLine(spread, extentOf(spread)!, null, 250);
    expect(line.lanes.map(({ reason, label }) => [reason, label])).toEqual([
      ['before_window', '2 before the window'],
      ['counted', '2 counted'],
      ['after_window', '1 on the window’s end, not in it'],
      ['future', '1 future, would leak'],
    ]);
    expect(line.window!.right - line.window!.left).toBeGreaterThan(150);
    const [before, counted, after, future] = line.lanes.map(({ marks }) => marks);
    expect(before!.map(({ x }) => x < line.lower!)).toEqual([true, true]);
    expect(counted).toMatchObject([{ rows: [3, 4] }]);
    expect(after!.map(({ x }) => x)).toEqual([line.t]);
    expect(future![0]!.x).toBeGreaterThan(line.t!);
  });

  test('inside the window places are true to scale', () => {
    const one = explained([[t - (7n * DAY) / 2n, 'counted']]);
    const line = timeLine(one, extentOf(one)!, null, 250);
    expect(line.lanes[0]!.marks[0]!.x).toBeCloseTo(125);
  });

  test('an unlimited window begins at the oldest row; without t there is no time line', () => {
    const open = explained([[t - 3n * DAY, 'won']], { from: null, to: t, included: true, text: '(.., t]' });
    const extent = extentOf(open)!;
    expect(extent).toMatchObject({ lower: null, upper: t, included: true, from: t - 3n * DAY });
    expect(timeLine(open, extent, null, 250).lower).toBeNull();
    expect(
      extentOf({ ...open, t: null, window: { from: null, to: null, included: true, text: '' } }),
    ).toBeNull();
  });

  test('labels have lines of their own and stay in the picture', () => {
    const shifted = explained([[t - 9n * DAY, 'counted']], {
      from: t - 10n * DAY,
      to: t - 3n * DAY,
      included: false,
      text: '[t-10d, t-3d)',
    });
    const { labels, width, height } = timeLine(shifted, extentOf(shifted)!, null, 230);
    const edges = labels.filter(({ edge }) => edge !== null);
    expect(edges.map(({ text }) => text.split(' ')[0])).toEqual(['from', 'to', 't']);
    expect(new Set(edges.map(({ y }) => y)).size).toBe(3);
    for (const { x, y, text } of labels) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + text.length * 6).toBeLessThanOrEqual(width);
      expect(y).toBeLessThan(height);
    }
  });

  test('whatever the spread, marks stay in the picture, apart from each other, on their side of the edges', () => {
    const distance = fc.bigInt({ min: 1n, max: 4_000n * DAY });
    fc.assert(
      fc.property(
        fc.array(distance, { minLength: 1, maxLength: 30 }),
        distance,
        fc.integer({ min: 200, max: 560 }),
        (ages, length, width) => {
          const sorted = [...ages].sort((a, b) => (a > b ? -1 : 1));
          const rows = sorted.map((age): [bigint, Reason] => [
            t - age,
            age > length ? 'before_window' : 'counted',
          ]);
          const one = explained([...rows, [t + ages[0]!, 'future']], {
            from: t - length,
            to: t,
            included: false,
            text: '',
          });
          const line = timeLine(one, extentOf(one)!, null, width);
          expect(line.window!.right - line.window!.left).toBeGreaterThan(width / 2);
          expect(line.lanes.flatMap(({ marks }) => marks.flatMap((mark) => mark.rows)).length).toBe(
            rows.length + 1,
          );
          for (const { marks, reason } of line.lanes)
            for (const [index, { x }] of marks.entries()) {
              expect(x).toBeGreaterThanOrEqual(8);
              expect(x).toBeLessThanOrEqual(width - 8);
              if (index > 0) expect(x - marks[index - 1]!.x).toBeGreaterThan(11);
              if (reason === 'counted') expect(x).toBeGreaterThanOrEqual(line.lower!);
              if (reason === 'before_window') expect(x).toBeLessThanOrEqual(line.lower!);
              if (reason === 'future') expect(x).toBeGreaterThanOrEqual(line.t!);
            }
        },
      ),
      { seed: 20250316, numRuns: 300 },
    );
  });
});

describe('zoom', () => {
  const extent = extentOf(spread)!;

  test('goes from the whole to the window, then nearer around the chosen row, and back', () => {
    const window = zoomedIn(extent, null, t);
    expect([window.from < t - 7n * DAY, window.to > t]).toEqual([true, true]);
    const near = zoomedIn(extent, window, t - 6n * DAY);
    expect(near.to - near.from).toBeLessThan((2n * 7n * DAY) / 4n);
    expect((near.from + near.to) / 2n).toBe(t - 6n * DAY);
    expect(zoomedOut(extent, near, t)).toEqual(window);
    let view: typeof near | null = window;
    for (let at = 0; at < 9 && view !== null; at++) view = zoomedOut(extent, view, t);
    expect(view).toBeNull();
  });

  test('tells rows a microsecond apart, and says what lies beyond the view', () => {
    const at = t - 6n * DAY;
    let view = zoomedIn(extent, null, at);
    for (let step = 0; step < 30; step++) view = zoomedIn(extent, view, at);
    expect(view.to - view.from).toBe(1_000n);
    const line = timeLine(spread, extent, view, 400);
    const lanes = line.lanes.map(({ reason, marks, earlier, later }) => [
      reason,
      marks.length,
      earlier,
      later,
    ]);
    expect(lanes).toEqual([
      ['before_window', 0, true, false],
      ['counted', 1, false, false],
      ['after_window', 0, false, true],
      ['future', 0, false, true],
    ]);
    expect([line.lower, line.t]).toEqual([null, null]);
  });

  test('follows the chosen row', () => {
    const view = { from: t - DAY, to: t };
    expect(movedTo(view, t - DAY / 2n)).toBe(view);
    expect(movedTo(view, t - 9n * DAY)).toEqual({
      from: t - 9n * DAY - DAY / 2n,
      to: t - 9n * DAY + DAY / 2n,
    });
    expect(movedTo(null, t)).toBeNull();
  });
});

test('arrow keys walk in time and between lanes', () => {
  const { candidates } = spread;
  const step = (from: number | null, key: string) => stepRow(candidates, from, key);
  expect([step(3, 'ArrowLeft'), step(3, 'ArrowRight'), step(0, 'ArrowLeft'), step(6, 'ArrowRight')]).toEqual([
    2, 4, 0, 6,
  ]);
  expect([step(3, 'Home'), step(3, 'End'), step(3, 'a')]).toEqual([0, 6, null]);
  // Lanes from above: counted, before the window, on its end, future, without a time.
  expect([step(3, 'ArrowDown'), step(2, 'ArrowUp'), step(6, 'ArrowDown'), step(3, 'ArrowUp')]).toEqual([
    2, 3, 0, 3,
  ]);
  expect(stepRow([], null, 'ArrowLeft')).toBeNull();
});
