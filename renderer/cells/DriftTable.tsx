import { useMemo } from 'react';
import type { DriftFeature, DriftMeasure } from '../../engine/skew/drift/drift-result';
import { formatMetric } from '../app/format';
import { FeatureChoice } from './FeatureChoice';

interface Props {
  cell: string;
  features: readonly DriftFeature[];
  chosen: string | null;
  onChoose(column: string): void;
}

/** A share in percent; null as a dash. */
export function rateText(rate: number | null): string {
  return rate === null ? '–' : `${(100 * rate).toFixed(1)} %`;
}

function most({ windows }: DriftFeature, measure: DriftMeasure): number | null {
  const values = windows.flatMap((window) => window[measure] ?? []);
  return values.length === 0 ? null : Math.max(...values);
}

function psiClass({ alarms, notice }: { alarms: readonly string[]; notice: boolean }): string {
  if (alarms.includes('psi')) return 'right bad';
  return notice ? 'right warn' : 'right';
}

/** One row per feature, the highest PSI first; choosing one shows it over time. */
export function DriftTable({ cell, features, chosen, onChoose }: Props) {
  const sorted = useMemo(
    () => features.toSorted((a, b) => (b.worst?.psi ?? -1) - (a.worst?.psi ?? -1)),
    [features],
  );
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={`features of ${cell}`}>
      <table className="table choosable" data-testid={`cell-${cell}-features`}>
        <thead>
          <tr>
            <th>feature</th>
            <th className="right" title="Windows with an alarm">
              alarms
            </th>
            <th className="right">worst PSI</th>
            <th>worst window</th>
            <th className="right">most KS</th>
            <th className="right">most NULL</th>
            <th className="right">most default</th>
            <th className="right">reference mean</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((feature) => {
            const { ref, column, worst, reference, windows } = feature;
            const above = windows.filter(({ alarms }) => alarms.length > 0).length;
            const window = windows.find(({ start }) => start === worst?.start);
            return (
              <tr key={ref} className={column === chosen ? 'chosen' : undefined}>
                <FeatureChoice column={column} chosen={column === chosen} title={ref} onChoose={onChoose} />
                <td className={above > 0 ? 'right bad' : 'right'}>
                  {above} of {windows.length}
                </td>
                <td className={window === undefined ? 'right' : psiClass(window)}>
                  {formatMetric(worst?.psi ?? null)}
                  {window?.notice === true && ' (notice)'}
                </td>
                <td>{worst === null ? '–' : windowText(worst.start)}</td>
                <td className="right">{formatMetric(most(feature, 'ks'))}</td>
                <td className="right">{rateText(most(feature, 'null_rate'))}</td>
                <td className="right">{rateText(most(feature, 'default_rate'))}</td>
                <td className="right">{formatMetric(reference.mean)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** `2025-03-07`, or `2025-03-07 06:00` where a window begins within a day. */
export function windowText(start: string): string {
  return start
    .replace('T00:00:00Z', '')
    .replace('T', ' ')
    .replace(/(?::00)?Z$/, '');
}
