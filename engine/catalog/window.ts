/**
 * Which edges of a window belong to it, and what its edges are rounded to: `half-open` [t-w, t), `closed` [t-w, t],
 * `open-closed` (t-w, t], `sawtooth` (lower edge rounded down to the hop), `calendar-day` (whole UTC days before t's).
 */
export const BOUNDARIES = ['half-open', 'closed', 'open-closed', 'sawtooth', 'calendar-day'] as const;
export type Boundary = (typeof BOUNDARIES)[number];

/** How far back from `t` events count. Microseconds. `offset` moves both edges back. */
export interface TimeWindow {
  length: bigint;
  offset: bigint;
  boundary: Boundary;
  /**
   * Of the window's events only those of the session that is open at its end: back from there, up to the first gap of so
   * much time or more. Microseconds; absent: all of them.
   */
  session?: bigint;
  /** Moves both edges back once they are rounded: as if events were later by so much. No definition has it. */
  shift?: bigint;
}

export const MINUTE = 60_000_000n;
export const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;

/** The window `[t - length, t)`. */
export function halfOpen(length: bigint): TimeWindow {
  return { length, offset: 0n, boundary: 'half-open' };
}

/** What a sawtooth window's lower edge is rounded down to, by the window's length. Microseconds. */
export function hopOf(length: bigint): bigint {
  if (length < 12n * HOUR) return 5n * MINUTE;
  return length < 12n * DAY ? HOUR : DAY;
}

/** The window as it is where every event is taken to be later by `by`: of edges that are not rounded, an offset. */
export function shifted(window: TimeWindow, by: bigint): TimeWindow {
  return isRounded(window)
    ? { ...window, shift: (window.shift ?? 0n) + by }
    : { ...window, offset: window.offset + by };
}

/** Whether an edge of the window is rounded down. */
export function isRounded({ boundary }: TimeWindow): boolean {
  return boundary === 'sawtooth' || boundary === 'calendar-day';
}
