import { exactText, timestampText } from '../database/exact-text';
import type { Reason } from '../sql/explain-reasons';
import type { Candidate, Explanation } from './explanation';

const UNITS: [unit: string, microseconds: bigint][] = [
  ['d', 86_400_000_000n],
  ['h', 3_600_000_000n],
  ['m', 60_000_000n],
  ['s', 1_000_000n],
  ['ms', 1_000n],
  ['µs', 1n],
];

/** How long for people, in its two largest units: `3d 4h`, `90d`, `1s 500ms`; `0s` for nothing. */
export function spanText(microseconds: bigint): string {
  const span = microseconds < 0n ? -microseconds : microseconds;
  const largest = UNITS.findIndex(([, size]) => span >= size);
  if (largest === -1) return '0s';
  const [[unit, size], next] = [UNITS[largest]!, UNITS[largest + 1]];
  const rest = next === undefined ? 0n : (span % size) / next[1];
  return `${span / size}${unit}${rest === 0n ? '' : ` ${rest}${next![0]}`}`;
}

/** Where an instant lies, seen from t: `3d 4h before t`, `at t`. */
export function placeText(at: bigint, t: bigint): string {
  if (at === t) return 'exactly at t';
  return `${spanText(at - t)} ${at < t ? 'before' : 'after'} t`;
}

/** A value in full; NULL and the empty text can be told apart. */
export function valueWords(value: unknown, type: string): string {
  if (value === null || value === undefined) return 'NULL';
  return value === '' ? "''" : exactText(value, type);
}

/** What a reason means, in few words; `explanation` tells a feature table's from an aggregate's. */
function reasonWords(reason: Reason, explanation: Explanation): string {
  const { kind, t, window } = explanation;
  switch (reason) {
    case 'won':
      return kind !== 'aggregate' ? 'gives the value' : 'decides the value';
    case 'counted':
      return 'counted';
    case 'filtered':
      return 'in the window, but where does not hold';
    case 'null_input':
      return 'in the window, but NULL';
    case 'superseded':
      return 'replaced by a newer row';
    case 'lost_tie':
      return 'at the time of the winner, lost the tie';
    case 'expired':
      return kind === 'dimension' ? 'had ended' : 'older than the ttl';
    case 'before_window':
      return 'before the window';
    case 'after_window':
      return window.to === t ? 'on the window’s end, not in it' : 'past the window’s end';
    case 'not_available':
      return 'not yet available at t';
    case 'future':
      return 'future, would leak';
    case 'no_time':
      return t === null ? 'the spine row has no time' : 'without an event time';
  }
}

const SIDES = { of: ' in the numerator', over: ' in the denominator', both: ' on both sides' };

/** The reason with a ratio's side: `counted in the numerator`. */
export function fateWords(
  { reason, side }: Pick<Candidate, 'reason' | 'side'>,
  explanation: Explanation,
): string {
  return reasonWords(reason, explanation) + (side === null ? '' : SIDES[side]);
}

/** What became of one row: `3d 4h before t: counted in the numerator`. */
export function candidateWords(candidate: Candidate, explanation: Explanation): string {
  const { at, known, reason } = candidate;
  const { t } = explanation;
  const words = fateWords(candidate, explanation);
  if (at === null || t === null) return words;
  const late =
    reason !== 'not_available' ? '' : known === null ? ', nor ever after' : `, only ${placeText(known, t)}`;
  return `${placeText(at, t)}: ${words}${late}`;
}

/** The window with its edges in UTC. */
export function windowWords({ kind, window, source }: Explanation): string {
  const { from, to, included, text } = window;
  if (to === null) return `${text} of ${source}; the spine row has no time`;
  const lower = from === null ? 'the first row' : timestampText(from);
  const upper = `${timestampText(to)}, ${included ? 'included' : 'not included'}`;
  return `${kind !== 'aggregate' ? 'rows in' : 'window'} ${text} of ${source}: from ${lower} to ${upper} (UTC)`;
}

/** The counts of the rows that could not be used, or were not, whatever their reason. */
function rowsOf({ reasons }: Explanation, wanted: readonly Reason[]): number {
  return reasons.reduce((sum, { reason, rows }) => sum + (wanted.includes(reason) ? rows : 0), 0);
}

/** `One row`, `12 rows`; `One event` for an aggregate. */
function countOf(rows: number, { kind }: Explanation): string {
  const noun = kind !== 'aggregate' ? 'row' : 'event';
  return rows === 1 ? `One ${noun}` : `${rows.toLocaleString('en-US')} ${noun}s`;
}

/** The answer in a sentence or two: what made the value, or why there is none. */
export function summaryWords(explanation: Explanation): string {
  return [reasonOfValue(explanation), standIn(explanation)].filter((part) => part !== '').join(' ');
}

function reasonOfValue(explanation: Explanation): string {
  const { kind, status, source, entity, t, window, reasons } = explanation;
  const keyless = Object.entries(entity).find(([, value]) => value === null || value === undefined);
  if (keyless) return `${keyless[0]} is NULL in the spine row, and NULL matches nothing.`;
  if (t === null) return 'The spine row has no time, so nothing lies before it.';
  const all = rowsOf(
    explanation,
    reasons.map(({ reason }) => reason),
  );
  if (all === 0) return `${source} has no row of this entity at all.`;
  const span = window.text;
  if (status === 'missing') {
    const later = rowsOf(explanation, ['future']);
    if (later === all && all === 1) return `The one row of this entity in ${source} lies after t.`;
    if (later === all)
      return `All ${all.toLocaleString('en-US')} rows of this entity in ${source} lie after t.`;
    return `${source} has no row of this entity that could be known at t.`;
  }
  if (kind === 'table') {
    if (status === 'expired') return `The newest row is older than the ttl: ${span} holds none.`;
    return `The newest row in ${span} gives the value${status === 'null' ? ', which is NULL' : ''}.`;
  }
  if (kind === 'dimension') {
    if (status === 'expired') return 'No row holds at t: every one that had begun had ended.';
    return `The row that holds at t gives the value${status === 'null' ? ', which is NULL' : ''}.`;
  }
  if (status === 'expired') return `No event lies in ${span}, only older ones.`;
  const used = rowsOf(explanation, ['won', 'counted']);
  if (used === 0)
    return `${countOf(rowsOf(explanation, ['filtered', 'null_input']), explanation)} in ${span}, none of which counts.`;
  const decided = rowsOf(explanation, ['won']);
  const which =
    decided > 0 && used > 1
      ? `, ${decided.toLocaleString('en-US')} of them ${decided === 1 ? 'decides' : 'decide'} the value`
      : '';
  return `${countOf(used, explanation)} in ${span} ${used === 1 ? 'counts' : 'count'}${which}.`;
}

const RULES = {
  none: 'the default',
  constant: 'the default',
  zero: 'the default zero',
  global_mean: 'the mean',
  category_mean: 'the mean of its category, or of all',
};

function standIn({ defaulted, policy, value, type }: Explanation): string {
  if (!defaulted) return '';
  const rule = RULES[policy.kind];
  return `NULL became ${rule}: ${valueWords(value, type)}.`;
}

/** From here on `naive.last` stands for rows that could never be known. */
const NEVER = 2n ** 62n;

/** What a join that ignores t gives, and why that leaks. */
export function naiveWords({ kind, naive, t, type, value, availableAt }: Explanation): string {
  const shown = valueWords(naive.value, type);
  if (naive.last === null) return `A naive join finds nothing to take either: ${shown}.`;
  const never = naive.last >= NEVER;
  const when = `${timestampText(naive.last)} UTC${t === null ? '' : `, ${placeText(naive.last, t)}`}`;
  const table = {
    happened: `of ${when}`,
    known: never ? 'which could never be known' : `known from ${when}`,
  };
  const windows = {
    happened: `here to ${when}`,
    known: never ? 'some of which could never be known' : `the last of it known from ${when}`,
  };
  const newest = (kind !== 'aggregate' ? table : windows)[availableAt === null ? 'happened' : 'known'];
  const took =
    kind !== 'aggregate'
      ? `takes the newest row of all, ${newest}`
      : `counts up to the end of the data, ${newest}`;
  const leak = naive.leaks ? ' That leaks: at t nobody could know it.' : ' That does not leak here.';
  const same = shown === valueWords(value, type) ? `the same ${shown}` : shown;
  return `A naive join ${took}, and gives ${same}.${leak}`;
}
