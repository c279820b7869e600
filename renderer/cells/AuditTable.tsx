import { useMemo } from 'react';
import { VERDICT_WORDS } from '../../engine/audit/segments';
import { distanceWords } from '../../engine/audit/words';
import { AUDIT_VERDICTS, type AuditDistance, type AuditFeature } from '../../engine/results';
import { FeatureChoice } from './FeatureChoice';
import { formatCount, formatShare } from '../app/format';
import { VerdictBar } from './VerdictBar';

interface Props {
  cell: string;
  /** Prefix of the fills' ids. */
  patterns: string;
  features: readonly AuditFeature[];
  rows: number;
  chosen: string | null;
  onChoose(column: string): void;
}

function distance(one: AuditDistance | null): string {
  return one === null ? '–' : `${distanceWords(one.median_us)}, max ${distanceWords(one.max_us)}`;
}

/** One row per feature, those with the fewest right values first; choosing one shows its reasons. */
export function AuditTable({ cell, patterns, features, rows, chosen, onChoose }: Props) {
  const sorted = useMemo(() => features.toSorted((a, b) => a.right - b.right), [features]);
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={`features of ${cell}`}>
      <table className="table choosable" data-testid={`cell-${cell}-features`}>
        <thead>
          <tr>
            <th>feature</th>
            <th>rows by verdict</th>
            {AUDIT_VERDICTS.map((verdict) => (
              <th key={verdict} className="right">
                {VERDICT_WORDS[verdict]}
              </th>
            ))}
            <th className="right">ahead (median)</th>
            <th className="right">old (median)</th>
            <th className="right">as a naive join</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((feature) => (
            <tr key={feature.ref} className={feature.column === chosen ? 'chosen' : undefined}>
              <FeatureChoice
                column={feature.column}
                chosen={feature.column === chosen}
                title={feature.ref}
                onChoose={onChoose}
              />
              <td>
                <VerdictBar id={patterns} feature={feature} rows={rows} />
              </td>
              {AUDIT_VERDICTS.map((verdict) => (
                <td
                  key={verdict}
                  className={verdict !== 'right' && feature[verdict] > 0 ? 'right bad' : 'right'}
                  data-verdict={verdict}
                >
                  {formatCount(feature[verdict])}{' '}
                  <span className="dim">{formatShare(feature[verdict], rows)}</span>
                </td>
              ))}
              <td className="right">{distance(feature.ahead)}</td>
              <td className="right">{distance(feature.age)}</td>
              <td className="right">{formatCount(feature.equals_naive)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
