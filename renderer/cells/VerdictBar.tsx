import { AUDIT_VERDICTS, type AuditFeature, type AuditVerdict } from '../../engine/results';
import { segmentsOf, VERDICT_WORDS } from '../../engine/audit/segments';
import { formatShare } from '../app/format';

const WIDTH = 120;
const HEIGHT = 12;

/** The mark on each verdict's fill: a bar is read by its pattern too. */
const MARKS: Readonly<Record<AuditVerdict, string>> = {
  right: '',
  future: 'M-1 7L7 -1',
  stale: 'M3 1.8V4.2M1.8 3H4.2',
  wrong: 'M0 0L6 6M6 0L0 6',
  not_decidable: 'M1.5 0V6M4.5 0V6',
};

/** The fills of all bars below; `id` keeps them apart from those of another cell. */
export function VerdictPatterns({ id }: { id: string }) {
  return (
    <svg width="0" height="0" aria-hidden="true" style={{ position: 'absolute' }}>
      <defs>
        {AUDIT_VERDICTS.map((verdict) => (
          <pattern key={verdict} id={`${id}-${verdict}`} width="6" height="6" patternUnits="userSpaceOnUse">
            <rect width="6" height="6" fill={`var(--verdict-${verdict.replace('_', '-')})`} />
            <path d={MARKS[verdict]} stroke="var(--raise)" strokeWidth="1.2" />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

/** What each fill means. */
export function VerdictLegend({ id }: { id: string }) {
  return (
    <ul className="verdict-legend">
      {AUDIT_VERDICTS.map((verdict) => (
        <li key={verdict}>
          <svg width="14" height={HEIGHT} aria-hidden="true">
            <rect width="14" height={HEIGHT} fill={`url(#${id}-${verdict})`} />
          </svg>
          {VERDICT_WORDS[verdict]}
        </li>
      ))}
    </ul>
  );
}

/** A feature's rows by verdict. */
export function VerdictBar({ id, feature, rows }: { id: string; feature: AuditFeature; rows: number }) {
  const segments = segmentsOf(feature, WIDTH);
  const words = segments.map(
    ({ verdict, rows: part }) => `${VERDICT_WORDS[verdict]} ${formatShare(part, rows)}`,
  );
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={words.join(', ')}>
      <title>{words.join(', ')}</title>
      {segments.map(({ verdict, from, width }) => (
        <rect key={verdict} x={from} width={width} height={HEIGHT} fill={`url(#${id}-${verdict})`} />
      ))}
    </svg>
  );
}
