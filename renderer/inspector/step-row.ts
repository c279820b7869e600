import type { Candidate } from '../../engine/training/explanation';
import { REASONS } from '../../engine/sql/explain-reasons';

/**
 * The row that a key leads to: left and right to the neighbour in time, up and down to the nearest row of the lane above
 * or below, Home and End to the ends. null for any other key, or without rows.
 */
export function stepRow(candidates: readonly Candidate[], from: number | null, key: string): number | null {
  const last = candidates.length - 1;
  if (last < 0) return null;
  const at = Math.min(from ?? 0, last);
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, at - 1);
    case 'ArrowRight':
      return Math.min(last, at + 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowUp':
      return inLane(candidates, at, -1);
    case 'ArrowDown':
      return inLane(candidates, at, 1);
    default:
      return null;
  }
}

function inLane(candidates: readonly Candidate[], from: number, by: 1 | -1): number {
  const here = candidates[from]!;
  const lanes = [...new Set(candidates.map(laneOf))].sort((a, b) => a - b);
  const lane = lanes[lanes.indexOf(laneOf(here)) + by];
  if (lane === undefined) return from;
  const rows = candidates.flatMap((candidate, row) => (laneOf(candidate) === lane ? [row] : []));
  const distance = (row: number): bigint => {
    const [a, b] = [candidates[row]!.at ?? 0n, here.at ?? 0n];
    return a > b ? a - b : b - a;
  };
  return rows.reduce((best, row) => (distance(row) < distance(best) ? row : best));
}

/** The place of a row's lane among all that there can be. */
function laneOf({ reason, side }: Candidate): number {
  return REASONS.indexOf(reason) * 4 + [null, 'of', 'over', 'both'].indexOf(side);
}
