import { AUDIT_VERDICTS, type AuditFeature, type AuditVerdict } from '../results';

/** A stretch of a bar of verdicts, in the bar's own units. */
export interface Segment {
  verdict: AuditVerdict;
  rows: number;
  from: number;
  width: number;
}

/** A feature's rows by verdict as stretches of a bar; a verdict that has rows is at least `least` wide. */
export function segmentsOf(feature: AuditFeature, width: number, least = 2): Segment[] {
  const counted = AUDIT_VERDICTS.map((verdict) => ({ verdict, rows: feature[verdict] })).filter(
    ({ rows }) => rows > 0,
  );
  const rows = counted.reduce((sum, one) => sum + one.rows, 0);
  const wanted = counted.map((one) => Math.max(least, (width * one.rows) / rows));
  const scale = width / wanted.reduce((sum, one) => sum + one, 0);
  let from = 0;
  return counted.map((one, index) => {
    const segment = { ...one, from, width: wanted[index]! * scale };
    from += segment.width;
    return segment;
  });
}

/** Verdicts in words, as headings and legends have them. */
export const VERDICT_WORDS: Readonly<Record<AuditVerdict, string>> = {
  right: 'right',
  future: 'future value',
  stale: 'stale',
  wrong: 'wrong',
  not_decidable: 'not decidable',
};
