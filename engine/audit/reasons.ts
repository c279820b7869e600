import { AUDIT_REASONS, type AuditReason, type AuditVerdict } from '../results';
import { literal } from '../sql/literal';

/** What each reason makes of a value, and the reason in words that follow "the value". */
const REASONS: Readonly<Record<AuditReason, { verdict: Exclude<AuditVerdict, 'right'>; words: string }>> = {
  later_row: { verdict: 'future', words: 'is that of a later row' },
  later_instant: { verdict: 'future', words: 'is that of a later time' },
  closed_window: { verdict: 'future', words: 'counts what happened at the very time of the row' },
  naive: { verdict: 'future', words: 'is what a naive join gives' },
  late_rows: { verdict: 'future', words: 'counts rows that had not arrived yet' },
  earlier_row: { verdict: 'stale', words: 'is that of an earlier row' },
  earlier_instant: { verdict: 'stale', words: 'is that of an earlier time' },
  expired_row: { verdict: 'stale', words: 'is that of a row older than the ttl' },
  null: { verdict: 'wrong', words: 'is missing though there is one' },
  default: { verdict: 'wrong', words: 'is the default though there is one' },
  no_default: { verdict: 'wrong', words: 'is missing where the default belongs' },
  no_instant: { verdict: 'wrong', words: 'was right at no time' },
  no_key: { verdict: 'not_decidable', words: 'differs, and the row has no entity to compare with' },
  no_time: { verdict: 'not_decidable', words: 'differs, and the row has no time' },
  not_examined: { verdict: 'not_decidable', words: 'differs; the row was not examined further' },
  cut: { verdict: 'not_decidable', words: 'differs; not every time of its entity was tried' },
  no_rule: { verdict: 'not_decidable', words: 'differs; this kind of view has no other times to try' },
};

export function verdictOf(reason: AuditReason): Exclude<AuditVerdict, 'right'> {
  return REASONS[reason].verdict;
}

export function reasonWords(reason: AuditReason): string {
  return REASONS[reason].words;
}

/** SQL that turns a column of reasons into what `text` says of each. */
export function perReason(column: string, text: (reason: AuditReason) => string): string {
  const cases = AUDIT_REASONS.map((reason) => `WHEN ${literal(reason)} THEN ${literal(text(reason))}`);
  return `CASE ${column} ${cases.join(' ')} END`;
}
