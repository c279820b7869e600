import type { Attribution, Cause } from '../../engine/skew/causes/attribution';
import { formatCount } from '../app/format';
import { NO_CAUSE } from '../results/charts/causes';

/** `38 %`; `under 1 %` and `over 99 %` where rounding would say none or all. */
export function percent(share: number): string {
  const whole = Math.round(100 * share);
  if (whole === 0 && share > 0) return 'under 1 %';
  if (whole === 100 && share < 1) return 'over 99 %';
  return `${whole} %`;
}

/** The cause that is named, null where none is. */
export function verdictOf({ causes, verdict }: Attribution): Cause | null {
  return causes.find(({ cause }) => cause === verdict) ?? null;
}

/** The verdict in a sentence. */
export function verdictSentence(attribution: Attribution, side: string): string {
  const cause = verdictOf(attribution);
  if (cause === null) return 'No known cause explains the rows that differ.';
  return `${sentence(cause.sentence, side)}.`;
}

/** What is left when the named cause is taken away, and where to look then; null where nothing is. */
export function remainderSentence({ remaining, verdict }: Attribution): string | null {
  if (remaining <= 0) return null;
  const rest = `${percent(remaining)} of the rows that differ remain unexplained.`;
  return verdict === null
    ? `${rest} The charts below show which they are: by value, by time, by segment.`
    : rest;
}

/** In a cell of the table: the named cause, or that there is none. */
export function causeWord(attribution: Attribution | undefined, mismatches: number): string {
  if (mismatches === 0) return '';
  if (attribution === undefined) return 'not looked for';
  return attribution.verdict === null ? NO_CAUSE : causeName(attribution.verdict);
}

/** `boundary:closed` as words; the id itself is on its tooltip. */
export function causeName(cause: string): string {
  return cause.replace(/:/g, ': ');
}

/** What the engine calls serving is called as on this screen. */
export function sentence(text: string, side: string): string {
  return text.replace(/\bserving\b/g, side);
}

/** How many rows were looked at, where that is not all of them. */
export function examinedWords({ examined }: Attribution): string | null {
  if (examined.counted >= examined.mismatches) return null;
  return `Counted over ${formatCount(examined.counted)} of the ${formatCount(examined.mismatches)} rows that differ.`;
}

/** What becomes of the rows that agree. */
export function keepsWords({ keeps }: Cause): string {
  if (keeps === null) return 'No row that agrees was looked at.';
  return `${percent(keeps)} of the agreeing rows that were looked at stay equal.`;
}
