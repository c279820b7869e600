import type { SkewFeature } from '../../engine/results';
import { formatAge, formatCount, formatMetric } from '../app/format';
import { shareText } from '../results/numbers';

/** The numbers of the chosen feature, and what a Feast log says of how it was served. */
export function FeatureHeading({ feature }: { feature: SkewFeature }) {
  const { column, compared, mismatches, served } = feature;
  return (
    <header className="skew-feature-head">
      <strong>
        {mismatches === 0
          ? `${column}: all ${formatCount(compared)} rows agree`
          : `${column}: ${formatCount(mismatches)} of ${formatCount(compared)} rows differ`}
      </strong>{' '}
      <span className="dim">
        {mismatches > 0 && `${shareText(mismatches, compared)}, `}PSI {formatMetric(feature.psi)}
        {feature.ks !== null && `, KS ${formatMetric(feature.ks)}`}
        {feature.js !== undefined &&
          feature.js !== null &&
          `, Jensen-Shannon ${formatMetric(feature.js)} bits`}
        {feature.mean_diff !== null && `, mean difference ${formatMetric(feature.mean_diff)}`}
      </span>
      {served !== undefined && <div className="dim">{servedWords(served, compared)}</div>}
    </header>
  );
}

const STATUS_WORDS: Record<string, string> = {
  present: 'present',
  null: 'NULL',
  not_found: 'not found',
  outside_max_age: 'older than the ttl',
  invalid: 'invalid',
};

/** `Served: 11,900 present, 200 not found. Age when served: median 2 h, p95 1 d, at most 3 d.` */
export function servedWords(
  { statuses, age_ms: age }: NonNullable<SkewFeature['served']>,
  rows: number,
): string {
  const counted = Object.entries(statuses)
    .sort(([, a], [, b]) => b - a)
    .map(
      ([status, count]) =>
        `${formatCount(count)} ${STATUS_WORDS[status] ?? status.replaceAll('_', ' ')} (${shareText(count, rows)})`,
    );
  const ages =
    age === null
      ? []
      : [
          `Age when served: median ${formatAge(age.p50)}, p95 ${formatAge(age.p95)}, at most ${formatAge(age.max)}.`,
        ];
  return [...(counted.length === 0 ? [] : [`Served: ${counted.join(', ')}.`]), ...ages].join(' ');
}
