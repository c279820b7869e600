import type { Candidate, Explanation } from '../../engine/training/explanation';
import type { Reason } from '../../engine/sql/explain-rows';

/** How a candidate row is drawn; every shape differs, so that colour is not needed to tell them apart. */
export type Mark = 'counted' | 'passed-over' | 'filtered' | 'outside' | 'at-t' | 'future';

export const MARKS: Record<Exclude<Reason, 'no_time'>, Mark> = {
  won: 'counted',
  counted: 'counted',
  lost_tie: 'passed-over',
  superseded: 'passed-over',
  filtered: 'filtered',
  expired: 'outside',
  before_window: 'outside',
  at_t: 'at-t',
  future: 'future',
};

export interface TimeMark {
  /** Pixels from the left. */
  x: number;
  mark: Mark;
  candidate: Candidate;
}

export interface TimeLine {
  width: number;
  /** Pixels of the window's edges; `from` is null when the window has no lower edge. */
  from: number | null;
  to: number;
  marks: TimeMark[];
}

const SIDE = 0.2;

/**
 * Places rows around the window: the window takes the middle, at true scale; what lies before and after it shares
 * the margins, at a scale of their own, because it can be years away. null where the spine row has no time.
 */
export function timeLine({ window, candidates }: Explanation, width: number): TimeLine | null {
  const { to } = window;
  if (to === null) return null;
  const timed = candidates.filter((one): one is Candidate & { at: bigint } => one.at !== null);
  const earliest = timed.reduce((least, { at }) => (at < least ? at : least), to);
  const latest = timed.reduce((most, { at }) => (at > most ? at : most), to);
  const pad = 8;
  const right = width * (1 - SIDE);
  const left = window.from === null ? pad : width * SIDE;
  const start = window.from ?? earliest;
  const place = (at: bigint): number => {
    if (at < start) return between(at, earliest, start, pad, left - pad);
    if (at <= to) return between(at, start, to, left, right);
    return between(at, to, latest, right + pad, width - pad);
  };
  return {
    width,
    from: window.from === null ? null : left,
    to: right,
    marks: timed.flatMap((candidate) =>
      candidate.reason === 'no_time'
        ? []
        : [{ x: place(candidate.at), mark: MARKS[candidate.reason], candidate }],
    ),
  };
}

function between(at: bigint, from: bigint, to: bigint, left: number, right: number): number {
  if (to <= from) return right;
  return left + (Number(at - from) / Number(to - from)) * (right - left);
}
