import { DAY, hopOf, type TimeWindow } from '../catalog/window';

/** SQL scalars in microseconds: an event at `at` lies in the window when `lo <= at` and `at < hi`. */
export interface WindowEdges {
  lo: string;
  hi: string;
}

/** The edges of the window that ends at `t`, an SQL scalar in microseconds. Every boundary comes down to [lo, hi). */
export function windowEdges(window: TimeWindow, t: string): WindowEdges {
  const { lo, hi } = unshiftedEdges(window, t);
  return { lo: minus(lo, shiftOf(window)), hi: minus(hi, shiftOf(window)) };
}

function unshiftedEdges({ length, offset, boundary }: TimeWindow, t: string): WindowEdges {
  const end = minus(t, offset);
  switch (boundary) {
    case 'half-open':
      return { lo: minus(t, offset + length), hi: end };
    case 'closed':
      return { lo: minus(t, offset + length), hi: minus(t, offset - 1n) };
    case 'open-closed':
      return { lo: minus(t, offset + length - 1n), hi: minus(t, offset - 1n) };
    case 'sawtooth':
      return { lo: floorTo(minus(t, offset + length), hopOf(length)), hi: end };
    case 'calendar-day':
      return { lo: minus(floorTo(end, DAY), length), hi: floorTo(end, DAY) };
  }
}

/** The first `t` at which an event at `event` lies below the window's upper edge. */
export function entersAt(window: TimeWindow, event: string): string {
  const { offset, boundary } = window;
  const at = plus(event, shiftOf(window));
  switch (boundary) {
    case 'half-open':
    case 'sawtooth':
      return plus(at, offset + 1n);
    case 'closed':
    case 'open-closed':
      return plus(at, offset);
    case 'calendar-day':
      return plus(floorTo(at, DAY), DAY + offset);
  }
}

/** The first `t` at which an event at `event` lies below the window's lower edge. */
export function leavesAt(window: TimeWindow, event: string): string {
  const { length, offset, boundary } = window;
  const at = plus(event, shiftOf(window));
  switch (boundary) {
    case 'half-open':
    case 'closed':
      return plus(at, offset + length + 1n);
    case 'open-closed':
      return plus(at, offset + length);
    case 'sawtooth':
      return plus(floorTo(at, hopOf(length)), hopOf(length) + offset + length);
    case 'calendar-day':
      return plus(floorTo(plus(at, length), DAY), DAY + offset);
  }
}

/** At most so far before `t` does an event of the window lie, rounding included. Microseconds. */
export function reachOf(window: TimeWindow): bigint {
  const { length, offset, boundary } = window;
  const rounding = boundary === 'sawtooth' ? hopOf(length) : boundary === 'calendar-day' ? DAY : 0n;
  return offset + shiftOf(window) + length + rounding;
}

/** At most so far after `t` does an event of the window lie; 0 unless it looks ahead. Microseconds. */
export function leadOf(window: TimeWindow): bigint {
  const lead = -(window.offset + shiftOf(window));
  return lead > 0n ? lead : 0n;
}

export function sameWindow(left: TimeWindow, right: TimeWindow): boolean {
  const bare = (window: TimeWindow) => [
    window.length,
    window.offset,
    window.boundary,
    shiftOf(window),
    window.session ?? null,
  ];
  const other = bare(right);
  return bare(left).every((part, index) => part === other[index]);
}

/** Whether the upper edge belongs to the window; where there is none, t does. */
export function includesUpper(window: TimeWindow | null): boolean {
  return window === null || window.boundary === 'closed' || window.boundary === 'open-closed';
}

/** The instant from which a window's session goes back, an SQL scalar in microseconds: its upper edge, in it or not. */
export function sessionEnd(window: TimeWindow, t: string): string {
  const { hi } = windowEdges(window, t);
  return includesUpper(window) ? minus(hi, 1n) : hi;
}

function shiftOf({ shift = 0n }: TimeWindow): bigint {
  return shift;
}

/** Rounds down to a multiple of `step`, towards minus infinity; DuckDB's `%` has the sign of its left side. */
export function floorTo(x: string, step: bigint): string {
  return `(${x} - ((${x}) % ${step} + ${step}) % ${step})`;
}

/** The number of the stretch of `step` microseconds that holds `x`. */
export function cellOf(x: string, step: bigint): string {
  return `${floorTo(x, step)} // ${step}`;
}

function minus(x: string, amount: bigint): string {
  if (amount === 0n) return x;
  return amount < 0n ? `${x} + ${-amount}` : `${x} - ${amount}`;
}

function plus(x: string, amount: bigint): string {
  return minus(x, -amount);
}
