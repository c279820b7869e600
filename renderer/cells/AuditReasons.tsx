import { reasonWords, verdictOf } from '../../engine/audit/reasons';
import { VERDICT_WORDS } from '../../engine/audit/segments';
import type { AuditFeature } from '../../engine/results';
import { formatCount, formatShare } from '../app/format';

/** Why the values of one feature are not right, most rows first. */
export function AuditReasons({ cell, feature, rows }: { cell: string; feature: AuditFeature; rows: number }) {
  return (
    <div className="cell-body" data-testid={`cell-${cell}-reasons`}>
      <strong>
        {feature.column}: {formatCount(feature.right)} of {formatCount(rows)} values are right
      </strong>
      {feature.reasons.length > 0 && (
        <ul className="audit-reasons">
          {feature.reasons.map(({ reason, rows: part }) => (
            <li key={reason}>
              <span className="tag">{VERDICT_WORDS[verdictOf(reason)]}</span> {formatCount(part)}{' '}
              {part === 1 ? 'row' : 'rows'} ({formatShare(part, rows)}): the value {reasonWords(reason)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
