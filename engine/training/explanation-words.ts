import { exactText, timestampText } from '../database/exact-text';
import type { Reason } from '../sql/explain-reasons';
import type { Candidate, ExplainedValue, Explanation, RowExplanation } from './explanation';
import { placeText } from './instant-words';

/** A value in full; NULL and the empty text can be told apart. */
export function valueWords(value: unknown, type: string): string {
  if (value === null || value === undefined) return 'NULL';
  return value === '' ? "''" : exactText(value, type);
}

/** `12,480 rows`, `1 row`. */
export function countWords(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** What a reason means, in few words; the view's kind says what its rows are. */
function reasonWords(reason: Reason, { kind, t, window }: RowExplanation): string {
  switch (reason) {
    case 'won':
      return { table: 'gives the value', aggregate: 'decides the value', dimension: 'holds at t' }[kind];
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
      return 'older than the ttl';
    case 'ended':
      return 'had ended by t';
    case 'before_window':
      return 'before the window';
    case 'after_window':
      return window.to === t ? 'on the window’s end, not in it' : 'past the window’s end';
    case 'earlier_session':
      return 'of an earlier session';
    case 'not_available':
      return 'not yet available at t';
    case 'future':
      return kind === 'dimension' ? 'had not begun, would leak' : 'future, would leak';
    case 'no_time':
      return t === null ? 'the spine row has no time' : 'without an event time';
  }
}

const SIDES = { of: ' in the numerator', over: ' in the denominator', both: ' on both sides' };

/** The reason with a ratio's side: `counted in the numerator`. */
export function fateWords(
  { reason, side }: Pick<Candidate, 'reason' | 'side'>,
  explanation: RowExplanation,
): string {
  return reasonWords(reason, explanation) + (side === null ? '' : SIDES[side]);
}

/** What became of one row: `3d 4h before t: counted in the numerator`. */
export function candidateWords(candidate: Candidate, explanation: RowExplanation): string {
  const { at, until, known, reason } = candidate;
  const { t, kind } = explanation;
  const words = fateWords(candidate, explanation);
  if (at === null || t === null) return words;
  const late =
    reason !== 'not_available' ? '' : known === null ? ', nor ever after' : `, only ${placeText(known, t)}`;
  if (kind !== 'dimension') return `${placeText(at, t)}: ${words}${late}`;
  return `from ${placeText(at, t)} ${until === null ? 'on' : `to ${placeText(until, t)}`}: ${words}${late}`;
}

/** The window with its edges in UTC. */
export function windowWords({ kind, window, source, t }: RowExplanation): string {
  const { from, to, included, text } = window;
  if (to === null) return `${text} of ${source}; the spine row has no time`;
  if (kind === 'dimension') return `the row of ${source} with ${text}: t is ${timestampText(t ?? to)} (UTC)`;
  const lower = from === null ? 'the first row' : timestampText(from);
  const upper = `${timestampText(to)}, ${included ? 'included' : 'not included'}`;
  return `${kind === 'table' ? 'rows in' : 'window'} ${text} of ${source}: from ${lower} to ${upper} (UTC)`;
}

/** The answer in a sentence or two: what made the value, or why there is none. */
export function summaryWords(explanation: Explanation): string {
  const made =
    explanation.kind === 'on_demand'
      ? `The expression gives ${valueWords(explanation.raw, explanation.type)}.`
      : reasonOfValue(explanation);
  return [made, standIn(explanation)].filter((part) => part !== '').join(' ');
}

function rowsOf({ reasons }: RowExplanation, wanted: readonly Reason[]): number {
  return reasons.reduce((sum, { reason, rows }) => sum + (wanted.includes(reason) ? rows : 0), 0);
}

function reasonOfValue(explanation: RowExplanation): string {
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
    if (later === all) return `All ${countWords(all, 'row')} of this entity in ${source} lie after t.`;
    return `${source} has no row of this entity that could be known at t.`;
  }
  if (kind !== 'aggregate') {
    const isNull = status === 'null' ? ', which is NULL' : '';
    if (kind === 'dimension')
      return status === 'expired'
        ? 'No row holds at t; those that had begun have ended.'
        : `The row that holds at t gives the value${isNull}.`;
    if (status === 'expired') return `The newest row is older than the ttl: ${span} holds none.`;
    return `The newest row in ${span} gives the value${isNull}.`;
  }
  if (status === 'expired') return `No event lies in ${span}, only older ones.`;
  const used = rowsOf(explanation, ['won', 'counted']);
  if (used === 0) {
    const idle = rowsOf(explanation, ['filtered', 'null_input']);
    return `${idle === 1 ? 'One event' : countWords(idle, 'event')} in ${span}, none of which counts.`;
  }
  const decided = rowsOf(explanation, ['won']);
  const which =
    decided > 0 && used > 1
      ? `, ${decided.toLocaleString('en-US')} of them ${decided === 1 ? 'decides' : 'decide'} the value`
      : '';
  return `${used === 1 ? 'One event' : countWords(used, 'event')} in ${span} ${used === 1 ? 'counts' : 'count'}${which}.`;
}

/** What stands in for NULL, and by which rule. */
function standIn({ defaulted, policy, value, type, mean }: ExplainedValue): string {
  const shown = valueWords(value, type);
  if (!defaulted) return '';
  if (policy.kind === 'zero') return `NULL became the default zero: ${shown}.`;
  if (mean === null) return `NULL became the default: ${shown}.`;
  const { taken, category } = mean;
  const own =
    taken.by === null ? undefined : taken.categories.find((one) => sameCategory(one.value, category));
  const group = own === undefined ? '' : ` with ${taken.by} ${valueWords(category, '')}`;
  const before = taken.before === null ? '' : ` before ${taken.before}`;
  return `NULL became the mean of ${countWords((own ?? taken).rows, 'row')}${group}${before}: ${shown}.`;
}

/** Means carry whole numbers beyond 2^53 as text. */
function sameCategory(value: string | number | boolean, category: unknown): boolean {
  return category !== null && String(value) === String(category);
}

/** From here on `naive.last` stands for rows that could never be known. */
const NEVER = 2n ** 62n;

/** What a join that ignores t gives, and why that leaks. */
export function naiveWords(explanation: Explanation): string {
  const { naive, type, value } = explanation;
  const shown = valueWords(naive.value, type);
  const same = shown === valueWords(value, type) ? `the same ${shown}` : shown;
  if (explanation.kind === 'on_demand')
    return `Over what a naive join takes the expression gives ${same}. ${
      naive.leaks ? 'That leaks: an input comes from after t.' : 'That does not leak here.'
    }`;
  if (explanation.naive.last === null) return `A naive join finds nothing to take: ${shown}.`;
  const leak = naive.leaks ? 'That leaks: at t nobody could know it.' : 'That does not leak here.';
  return `A naive join ${naiveTake(explanation, explanation.naive.last)}, and gives ${same}. ${leak}`;
}

function naiveTake({ kind, t, availableAt }: RowExplanation, last: bigint): string {
  const when = `${timestampText(last)} UTC${t === null ? '' : `, ${placeText(last, t)}`}`;
  const whole = kind === 'aggregate' ? 'counts up to the end of the data' : 'takes the newest row of all';
  if (availableAt === null) return `${whole}, ${kind === 'aggregate' ? 'here to' : 'of'} ${when}`;
  const part = kind === 'aggregate';
  if (last >= NEVER) return `${whole}, ${part ? 'some of which' : 'which'} could never be known`;
  return `${whole}, ${part ? 'the last of it ' : ''}known from ${when}`;
}
