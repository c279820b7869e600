import type { Reason } from '../../engine/sql/explain-rows';
import type { Explanation } from '../../engine/training/explanation';
import { durationText } from '../editor/describe';
import { countText } from '../results/numbers';

/** `[t-7d, t)`; a feature table's window is closed above and may be open below. */
export function windowText({ kind, window }: Pick<Explanation, 'kind' | 'window'>): string {
  const { from, to } = window;
  const length = from === null || to === null ? null : durationText(to - from);
  if (kind === 'aggregate') return length === null ? '(.., t)' : `[t-${length}, t)`;
  return length === null ? '(.., t]' : `[t-${length}, t]`;
}

/** What became of the rows, one line per reason, in the order in which people ask. */
const REASON_WORDS: [Reason, (rows: number, kind: Explanation['kind']) => string][] = [
  ['won', () => 'gave the value'],
  ['counted', () => 'counted'],
  ['filtered', () => 'in the window, but `where` does not hold'],
  ['superseded', () => 'replaced by a newer row'],
  ['lost_tie', () => 'at the same time as the winner, earlier in the file order'],
  ['at_t', () => 'exactly at t: the window ends before it'],
  ['future', () => 'after t: counting it would leak'],
  ['before_window', () => 'before the window'],
  ['expired', () => 'older than the ttl'],
  ['no_time', () => 'without a time'],
];

export interface ReasonLine {
  reason: Reason;
  rows: number;
  words: string;
}

export function reasonLines({ counts, kind }: Pick<Explanation, 'counts' | 'kind'>): ReasonLine[] {
  return REASON_WORDS.flatMap(([reason, words]) => {
    const rows = counts[reason] ?? 0;
    return rows === 0 ? [] : [{ reason, rows, words: words(rows, kind) }];
  });
}

/** The answer in a sentence: how many rows made the value, and why it is a default where it is one. */
export function summaryText(explanation: Explanation): string {
  const { kind, counts, status, defaulted, source } = explanation;
  const used = (counts.won ?? 0) + (counts.counted ?? 0);
  const stands = defaulted ? ' The default stands in.' : '';
  const span = windowText(explanation);
  if (status === 'missing') return `${source} has no row of this entity before t.${stands}`;
  if (kind === 'table') {
    if (status === 'expired') return `The newest row before t is older than the ttl, ${span}.${stands}`;
    if (status === 'null') return `The newest row in ${span} holds NULL.${stands}`;
    return `The newest row in ${span} gives the value.`;
  }
  if (status === 'expired') return `No event in ${span}, only older ones.${stands}`;
  if (used === 0) return `No event in ${span} meets the condition.${stands}`;
  const events = used === 1 ? 'One event' : `${countText(used)} events`;
  return `${events} in ${span} ${used === 1 ? 'makes' : 'make'} the value.${stands}`;
}
