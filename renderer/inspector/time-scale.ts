import type { RowExplanation } from '../../engine/training/explanation';

/** Instants in microseconds UTC, both shown. */
export interface TimeView {
  from: bigint;
  to: bigint;
}

/** What the time line has to show of an explanation; null for a spine row without a time. */
export interface TimeExtent extends TimeView {
  t: bigint;
  /** The window's edges as they are drawn; `lower` is null where nothing limits it below. */
  lower: bigint | null;
  upper: bigint;
  /** Whether an event exactly at `upper` belongs to the window. */
  included: boolean;
}

export function extentOf({ window, t, reasons }: RowExplanation): TimeExtent | null {
  if (window.to === null || t === null) return null;
  const { to: upper, included } = window;
  const instants = [t, upper, ...(window.from === null ? [] : [window.from])];
  for (const { first, last } of reasons) for (const at of [first, last]) if (at !== null) instants.push(at);
  const least = instants.reduce((a, b) => (a < b ? a : b));
  const most = instants.reduce((a, b) => (a > b ? a : b));
  return { from: least, to: most, t, lower: window.from, upper, included };
}

/** Pixels of an instant; outside the view it is beyond the edges or on them. */
export type TimeScale = (at: bigint) => number;

/**
 * The whole extent in `left` to `right` pixels. The window is true to scale and has most of the width; what lies before
 * it, between it and t, and after t have scales of their own, because they can be years long.
 */
export function wholeScale(extent: TimeExtent, left: number, right: number): TimeScale {
  const { from, to, lower, upper, t } = extent;
  const start = lower ?? from;
  const stops: [TimeView, share: number][] = [
    [{ from, to: start }, 0.16],
    [{ from: start, to: upper }, 0],
    [{ from: upper, to: t }, 0.12],
    [{ from: t > upper ? t : upper, to }, 0.16],
  ];
  const taken = stops.reduce((sum, [part, share]) => sum + (part.to > part.from ? share : 0), 0);
  const width = right - left;
  let x = left;
  const parts = stops.map(([part, share], index) => {
    const size = index === 1 ? width * (1 - taken) : part.to > part.from ? width * share : 0;
    const placed = { ...part, left: x, right: x + size };
    x += size;
    return placed;
  });
  return (at) => {
    const part = parts.find((one) => one.to > one.from && at <= one.to) ?? parts[at <= start ? 0 : 3]!;
    return between(at, part, part.left, part.right);
  };
}

export function linearScale(view: TimeView, left: number, right: number): TimeScale {
  return (at) => between(at, view, left, right);
}

function between(at: bigint, { from, to }: TimeView, left: number, right: number): number {
  if (to <= from) return right;
  return left + (Number(at - from) / Number(to - from)) * (right - left);
}

/** Microseconds: no view is narrower. */
const NARROWEST = 1_000n;
const STEP = 4n;

/** One step nearer, around `focus`; the first step from the whole shows the window with a margin. */
export function zoomedIn(extent: TimeExtent, view: TimeView | null, focus: bigint): TimeView {
  if (view === null) {
    const start = extent.lower ?? extent.from;
    const end = extent.t > extent.upper ? extent.t : extent.upper;
    const margin = (end - start) / 10n + NARROWEST;
    return { from: start - margin, to: end + margin };
  }
  const span = (view.to - view.from) / STEP;
  return around(focus, span < NARROWEST ? NARROWEST : span);
}

/** One step back; null is the whole. */
export function zoomedOut(extent: TimeExtent, view: TimeView | null, focus: bigint): TimeView | null {
  if (view === null) return null;
  const span = (view.to - view.from) * STEP;
  const window = zoomedIn(extent, null, focus);
  if (view.to - view.from < window.to - window.from && span >= window.to - window.from) return window;
  return span > extent.to - extent.from ? null : around(focus, span);
}

/** The same width, moved so that `at` is in sight. */
export function movedTo(view: TimeView | null, at: bigint): TimeView | null {
  if (view === null || (at >= view.from && at <= view.to)) return view;
  return around(at, view.to - view.from);
}

function around(focus: bigint, span: bigint): TimeView {
  return { from: focus - span / 2n, to: focus - span / 2n + span };
}
