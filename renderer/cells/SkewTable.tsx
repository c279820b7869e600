import { useMemo } from 'react';
import type { SkewFeature } from '../../engine/results';
import { FeatureChoice } from './FeatureChoice';
import { formatCount, formatMetric, formatShare } from '../app/format';

interface Props {
  cell: string;
  features: readonly SkewFeature[];
  chosen: string | null;
  onChoose(column: string): void;
}

/** PSI above 0.1 asks for a look, above 0.25 for an alarm. */
function psiClass(psi: number | null): string {
  if (psi === null || psi < 0.1) return 'right';
  return psi < 0.25 ? 'right warn' : 'right bad';
}

function rate(value: number | null): string {
  return value === null ? '–' : `${(100 * value).toFixed(1)} %`;
}

/** One row per feature, those that differ most first; choosing one shows its charts. */
export function SkewTable({ cell, features, chosen, onChoose }: Props) {
  const sorted = useMemo(() => features.toSorted((a, b) => b.mismatches - a.mismatches), [features]);
  return (
    <div className="scroll-x">
      <table className="table choosable" data-testid={`cell-${cell}-features`}>
        <thead>
          <tr>
            <th>feature</th>
            <th className="right">differ</th>
            <th className="right">share</th>
            <th className="right">compared</th>
            <th className="right">only train</th>
            <th className="right">only serving</th>
            <th className="right">mean |diff|</th>
            <th className="right">max |diff|</th>
            <th className="right">PSI</th>
            <th className="right">KS</th>
            <th className="right">NULL train / serving</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((feature) => (
            <tr key={feature.ref} className={feature.column === chosen ? 'chosen' : undefined}>
              <FeatureChoice column={feature.column} chosen={feature.column === chosen} onChoose={onChoose} />
              <td className={feature.mismatches > 0 ? 'right bad' : 'right'}>
                {formatCount(feature.mismatches)}
              </td>
              <td className="right">{formatShare(feature.mismatches, feature.compared)}</td>
              <td className="right">{formatCount(feature.compared)}</td>
              <td className="right">{formatCount(feature.only_left)}</td>
              <td className="right">{formatCount(feature.only_right)}</td>
              <td className="right">{formatMetric(feature.mean_abs_diff)}</td>
              <td className="right">{formatMetric(feature.max_abs_diff)}</td>
              <td className={psiClass(feature.psi)}>{formatMetric(feature.psi)}</td>
              <td className="right">{formatMetric(feature.ks)}</td>
              <td className="right">
                {rate(feature.null_rate[0])} / {rate(feature.null_rate[1])}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
