import type { FeatureSummary } from '../../engine/results';
import './chart.css';
import { MiniHistogram } from './MiniHistogram';
import { countText, scoreText, shareText } from './numbers';
import type { ColumnProfile, FeatureCardsProps } from './types';

const METRIC = { auc: 'AUC', spearman: '|Spearman|' };

const NAIVE =
  'A naive join gives each row what its entity has at the end of the source, whatever the time of the row. The row leaks when that rests on an event later than its own time.';

/** A card per feature of a training set: how its values spread, what is missing, what leaks and what that is worth. */
export function FeatureCards({ result, profiles, policies, selected, onSelect }: FeatureCardsProps) {
  return (
    <div className="feature-cards" role="group" aria-label="Features">
      <p className="feature-cards-note">
        {result.sample !== null && (
          <span className="tag warn">sample of {countText(result.sample)} rows</span>
        )}
        {NAIVE}
      </p>
      {result.features.map((feature) => (
        <FeatureCard
          key={feature.ref}
          feature={feature}
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
  feature: FeatureSummary;
  profile: ColumnProfile | null;
  policy: string | null;
  selected: boolean;
  onSelect(): void;
}

function FeatureCard({ feature, profile, policy, selected, onSelect }: FeatureCardProps) {
  const absent = feature.missing + feature.expired + feature.null;
  const rows = feature.present + absent;
  const view = feature.ref.split(':')[0];
  return (
    <button
      type="button"
      className="feature-card"
      aria-pressed={selected}
      aria-label={`${feature.ref}: ${shareText(feature.leaking_rows, rows)} of rows leak, ${shareText(absent, rows)} missing`}
      data-feature={feature.ref}
      onClick={onSelect}
    >
      <span className="feature-card-head">
        <span>
          <span className="feature-card-name" title={feature.ref}>
            {feature.column}
          </span>
          <span className="feature-card-view">{view}</span>
        </span>
        {profile !== null && <MiniHistogram profile={profile} width={90} height={30} gap={1} />}
      </span>
      <span className="feature-card-small" title={NAIVE}>
        Rows that would leak under a naive join
      </span>
      <span>
        <span className={feature.leaking_rows > 0 ? 'big leaks' : 'big'}>
          {shareText(feature.leaking_rows, rows)}
        </span>{' '}
        <span className="feature-card-small">
          {countText(feature.leaking_rows)} of {countText(rows)}
        </span>
      </span>
      <dl>
        {feature.worth !== null && (
          <>
            <dt>{METRIC[feature.worth.metric]} naive</dt>
            <dd>{scoreText(feature.worth.naive)}</dd>
            <dt>{METRIC[feature.worth.metric]} true</dt>
            <dd>
              <b>{scoreText(feature.worth.point_in_time)}</b>
            </dd>
          </>
        )}
        <dt>Value differs</dt>
        <dd>{shareText(feature.value_differs, rows)}</dd>
        <dt>Missing{policy === null ? '' : `, ${policy}`}</dt>
        <dd>{shareText(absent, rows)}</dd>
      </dl>
      <span className="feature-card-small">{absentText(feature)}</span>
    </button>
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
