import { featuresOf, type FeatureName, type FeatureSummary, type Worth } from '../../engine/results';
import './chart.css';
import { MiniHistogram } from './MiniHistogram';
import { countText, scoreText, shareText } from './numbers';
import { SampleTag } from './SampleTag';
import { useState } from 'react';
import type { ColumnProfile, FeatureCardsProps } from './types';

const METRIC = { auc: 'AUC', spearman: '|Spearman|' };

const NAIVE =
  'A naive join gives each row what its entity has at the end of the source, whatever the time of the row. The row leaks when that rests on an event later than its own time.';

/** A card per feature of a training set: how its values spread, what is missing, what leaks and what that is worth. */
export function FeatureCards({ result, whole, profiles, policies, selected, onSelect }: FeatureCardsProps) {
  return (
    <div className="feature-cards" role="group" aria-label="Features">
      <div className="feature-cards-note">
        <span>
          <SampleTag result={result} /> {whole}
        </span>
        <p>
          {result.sample === null ? '' : 'Leaks and AUC are those of the sample. '}
          {NAIVE}
        </p>
      </div>
      {featuresOf(result).map((feature) => (
        <FeatureCard
          key={feature.ref}
          feature={feature}
          sampled={result.sample !== null}
          profile={profiles?.get(feature.column) ?? null}
          policy={policies?.get(feature.ref) ?? null}
          selected={selected === feature.ref}
          onSelect={() => onSelect?.(feature.ref)}
        />
      ))}
    </div>
  );
}

interface FeatureCardProps {
  feature: FeatureName & { summary: FeatureSummary | null };
  /** Whether the counts are of a sample. */
  sampled: boolean;
  profile: ColumnProfile | null;
  policy: string | null;
  selected: boolean;
  onSelect(): void;
}

function FeatureCard({ feature, sampled, profile, policy, selected, onSelect }: FeatureCardProps) {
  const { ref, column, summary } = feature;
  return (
    <button
      type="button"
      className="feature-card"
      aria-pressed={selected}
      aria-busy={summary === null}
      aria-label={summary === null ? `${ref}: being counted` : spoken(summary, sampled)}
      data-feature={ref}
      onClick={onSelect}
    >
      <span className="feature-card-head">
        <span>
          <span className="feature-card-name" title={ref}>
            {column}
          </span>
          <span className="feature-card-view">{ref.split(':')[0]}</span>
        </span>
        {profile !== null && <MiniHistogram profile={profile} width={90} height={30} gap={1} />}
      </span>
      <span className="feature-card-small" title={NAIVE}>
        Rows that would leak under a naive join
      </span>
      <FeatureCounts summary={summary} sampled={sampled} policy={policy} />
    </button>
  );
}

function spoken(summary: FeatureSummary, sampled: boolean): string {
  const { rows, absent } = rowsOf(summary);
  const of = sampled ? 'sampled rows' : 'rows';
  return `${summary.ref}: ${shareText(summary.leaking_rows, rows)} of ${of} leak, ${shareText(absent, rows)} missing`;
}

function rowsOf({ present, missing, expired, null: nulls }: FeatureSummary): {
  rows: number;
  absent: number;
} {
  const absent = missing + expired + nulls;
  return { rows: present + absent, absent };
}

interface FeatureCountsProps {
  summary: FeatureSummary | null;
  sampled: boolean;
  policy: string | null;
}

/** The counts keep their place while they are on their way, so that nothing moves when they arrive. */
function FeatureCounts({ summary, sampled, policy }: FeatureCountsProps) {
  const { rows, absent } = summary === null ? { rows: 0, absent: 0 } : rowsOf(summary);
  const show = (text: (counted: FeatureSummary) => string): string =>
    summary === null ? '…' : text(summary);
  const leaks = summary !== null && summary.leaking_rows > 0;
  const worth = summary?.worth ?? null;
  const on = sampled
    ? ', on the sample'
    : worth?.sample === undefined
      ? ''
      : `, on ${countText(worth.sample)} rows`;
  const [measured, setMeasured] = useState<Worth['metric'] | null>(null);
  const metric = summary === null ? measured : (worth?.metric ?? null);
  if (metric !== measured) setMeasured(metric);
  return (
    <>
      <span>
        <span className={leaks ? 'big leaks' : 'big'}>
          {show(({ leaking_rows }) => shareText(leaking_rows, rows))}
        </span>{' '}
        <span className="feature-card-small">
          {show(
            ({ leaking_rows }) =>
              `${countText(leaking_rows)} of ${countText(rows)}${sampled ? ' sampled' : ''}`,
          )}
        </span>
      </span>
      <dl>
        {metric !== null && (
          <>
            <dt>
              {METRIC[metric]} naive{on}
            </dt>
            <dd>{show(() => scoreText(worth?.naive ?? null))}</dd>
            <dt>
              {METRIC[metric]} true{on}
            </dt>
            <dd>
              <b>{show(() => scoreText(worth?.point_in_time ?? null))}</b>
            </dd>
          </>
        )}
        <dt>Value differs</dt>
        <dd>{show(({ value_differs }) => shareText(value_differs, rows))}</dd>
        <dt>Missing{policy === null ? '' : `, ${policy}`}</dt>
        <dd>{show(() => shareText(absent, rows))}</dd>
      </dl>
      <span className="feature-card-small">{show(absentText)}</span>
    </>
  );
}

/** `528 no row, 3 expired`; nothing when every value is present. */
function absentText({ missing, expired, null: nulls }: FeatureSummary): string {
  const parts = [
    missing > 0 ? `${countText(missing)} without rows` : null,
    expired > 0 ? `${countText(expired)} expired` : null,
    nulls > 0 ? `${countText(nulls)} null` : null,
  ];
  return parts.filter((part) => part !== null).join(', ') || 'every row has a value';
}
