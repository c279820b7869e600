import type { Reason } from '../../engine/sql/explain-reasons';
import type { Candidate, ReasonCount, RowExplanation } from '../../engine/training/explanation';
import { fateWords } from '../../engine/training/explanation-words';
import { timestampText } from '../../engine/database/exact-text';
import { countText } from '../results/numbers';
import { linearScale, wholeScale, type TimeExtent, type TimeScale, type TimeView } from './time-scale';

/** One shape for one or several rows that lie too near to each other to be told apart. */
export interface Mark {
  x: number;
  /** Where a dimension's rows cease to hold; the right end where they never do; null for all other rows. */
  until: number | null;
  /** Positions in `RowExplanation.candidates`. */
  rows: number[];
}

/** All rows of one reason, and of one side where it is a ratio's. */
export interface Lane {
  reason: Reason;
  side: Candidate['side'];
  /** Pixels from the top, of the lane's upper edge. */
  y: number;
  label: string;
  /** Where its rows lie, listed or not, within the view; null when all are out of sight. */
  span: { left: number; right: number } | null;
  /** Whether it has rows beyond the view. */
  earlier: boolean;
  later: boolean;
  marks: Mark[];
}

export interface EdgeLabel {
  /** Of the text's left end. */
  x: number;
  y: number;
  /** Of the line that it speaks of; null for the ends of the view. */
  edge: number | null;
  text: string;
}

export interface TimeLine {
  width: number;
  height: number;
  /** Where the lanes end and the labels begin. */
  bottom: number;
  window: { left: number; right: number } | null;
  /** Pixels; null when out of sight. */
  lower: number | null;
  upper: number | null;
  t: number | null;
  lanes: Lane[];
  labels: EdgeLabel[];
}

export const LANE = 32;
const LABEL = 14;
const PAD = 8;
/** Marks nearer than this are one. */
const APART = 12;
/** Width of a letter at the labels' size, a little more than the widest digit. */
const LETTER = 6;

/** Lays out lanes, window, t and labels for a width in pixels. `view` null = the whole extent, the window at true scale. */
export function timeLine(
  explanation: RowExplanation,
  extent: TimeExtent,
  view: TimeView | null,
  width: number,
): TimeLine {
  const [left, right] = [PAD, width - PAD];
  const scale = view === null ? wholeScale(extent, left, right) : linearScale(view, left, right);
  const shown = view ?? extent;
  const inSight = (at: bigint): number | null => (at >= shown.from && at <= shown.to ? scale(at) : null);
  const clamp = (at: bigint): number => Math.min(right, Math.max(left, scale(at)));
  const reasons = explanation.reasons.filter(({ first }) => first !== null);
  const lanes = reasons.map((counted, index) =>
    laneOf(explanation, counted, index * LANE, shown, scale, clamp),
  );
  const bottom = Math.max(1, lanes.length) * LANE;
  const from = clamp(extent.lower ?? extent.from);
  const to = clamp(extent.upper);
  const labels = edgeLabels(extent, shown, inSight, bottom, width);
  return {
    width,
    height: Math.max(...labels.map(({ y }) => y)) + 4,
    bottom,
    window: to > from ? { left: from, right: to } : null,
    lower: extent.lower === null ? null : inSight(extent.lower),
    upper: inSight(extent.upper),
    t: inSight(extent.t),
    lanes,
    labels,
  };
}

function laneOf(
  explanation: RowExplanation,
  counted: ReasonCount,
  y: number,
  shown: TimeView,
  scale: TimeScale,
  clamp: TimeScale,
): Lane {
  const { reason, side, rows, first, last } = counted;
  const outside = last! < shown.from || first! > shown.to;
  return {
    reason,
    side,
    y,
    label: `${countText(rows)} ${fateWords(counted, explanation)}`,
    span: outside ? null : { left: clamp(first!), right: clamp(last!) },
    earlier: first! < shown.from,
    later: last! > shown.to,
    marks: marksOf(explanation, counted, shown, scale, clamp),
  };
}

function marksOf(
  { candidates, kind }: RowExplanation,
  { reason, side }: ReasonCount,
  shown: TimeView,
  scale: TimeScale,
  clamp: TimeScale,
): Mark[] {
  const marks: Mark[] = [];
  for (const [row, candidate] of candidates.entries()) {
    const { at } = candidate;
    if (candidate.reason !== reason || candidate.side !== side) continue;
    if (at === null || at < shown.from || at > shown.to) continue;
    const x = scale(at);
    const until = kind !== 'dimension' ? null : clamp(candidate.until ?? shown.to);
    const near = marks.at(-1);
    if (near === undefined || x - near.x >= APART) marks.push({ x, until, rows: [row] });
    else {
      near.rows.push(row);
      near.until = until;
    }
  }
  return marks;
}

/** A line of its own for each label, so that none covers another whatever the zoom. */
function edgeLabels(
  extent: TimeExtent,
  shown: TimeView,
  inSight: (at: bigint) => number | null,
  bottom: number,
  width: number,
): EdgeLabel[] {
  const { lower, upper, t } = extent;
  const wanted: [at: bigint, text: string][] = [
    ...(lower === null ? [] : [[lower, `from ${timestampText(lower)}`] as [bigint, string]]),
    [upper, `${upper === t ? 'to t =' : 'to'} ${timestampText(upper)}`],
    ...(upper === t ? [] : [[t, `t = ${timestampText(t)}`] as [bigint, string]]),
  ];
  const edges = wanted
    .flatMap(([at, text]) => {
      const edge = inSight(at);
      return edge === null ? [] : [{ edge, text }];
    })
    .map(({ edge, text }, index): EdgeLabel => {
      const size = text.length * LETTER;
      return {
        x: Math.max(0, Math.min(edge - size / 2, width - size)),
        y: bottom + LABEL * (index + 1),
        edge,
        text,
      };
    });
  const y = bottom + LABEL * (edges.length + 1) + 2;
  const ends = [shown.from, shown.to].map((at) => timestampText(at).slice(0, 19));
  return [
    ...edges,
    { x: 0, y, edge: null, text: ends[0]! },
    { x: width - ends[1]!.length * LETTER, y, edge: null, text: ends[1]! },
  ];
}
