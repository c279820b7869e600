import { useMemo, useState } from 'react';
import { causeShares } from '../../engine/skew/charts/cause-shares';
import type { Attribution } from '../../engine/skew/causes/attribution';
import type { SkewFeature } from '../../engine/results';
import type { BuiltSkew } from '../../engine/skew/skew';
import { formatCount } from '../app/format';
import { causeFace, causeRows, NO_CAUSE } from '../results/charts/causes';
import { ChartMenu } from '../results/ChartMenu';
import { useThemeColors } from '../results/css-colors';
import {
  causeName,
  examinedWords,
  keepsWords,
  percent,
  remainderSentence,
  verdictOf,
  verdictSentence,
} from './cause-words';
import { CauseDetail } from './CauseDetail';
import type { Brush } from './skew-selection';

interface Props {
  cell: string;
  skew: BuiltSkew | null;
  feature: SkewFeature;
  features: readonly SkewFeature[];
  attribution: Attribution;
  /** What serving is called. */
  side: string;
  /** Shows the evidence of a cause in the charts and the grid. */
  onEvidence(brush: Brush): void;
}

/** Why a feature differs: the verdict, each cause with what it explains, and what would make both sides agree. */
export function CausePanel(props: Props) {
  const { cell, feature, attribution, side } = props;
  const [opened, setOpened] = useState<{ of: Attribution; cause: string } | null>(null);
  const chosen = opened?.of === attribution ? opened.cause : attribution.verdict;
  const cause = attribution.causes.find((one) => one.cause === chosen) ?? null;
  const remainder = remainderSentence(attribution);
  const examined = examinedWords(attribution);
  return (
    <section
      className="skew-causes"
      aria-label={`Causes of ${feature.column}`}
      data-testid={`cell-${cell}-causes`}
    >
      <div className="skew-causes-head">
        <strong className="grow" data-testid={`cell-${cell}-verdict`}>
          {verdictSentence(attribution, side)}
        </strong>
        <SaveCauses cell={cell} feature={feature.column} attribution={attribution} />
      </div>
      {attribution.causes.length > 0 && (
        <div className="skew-causes-body">
          {attribution.verdict === null && <p className="dim">These come closest:</p>}
          <CauseBars
            attribution={attribution}
            chosen={chosen}
            onChoose={(one) => setOpened({ of: attribution, cause: one })}
          />
          {cause !== null && (
            <CauseDetail
              key={cause.cause}
              {...props}
              cause={cause}
              named={cause === verdictOf(attribution)}
            />
          )}
        </div>
      )}
      {remainder !== null && <p className="dim">{remainder}</p>}
      {attribution.note !== null && <p className="dim">{attribution.note}</p>}
      {examined !== null && <p className="dim">{examined}</p>}
    </section>
  );
}

interface BarsProps {
  attribution: Attribution;
  chosen: string | null;
  onChoose(cause: string): void;
}

function CauseBars({ attribution, chosen, onChoose }: BarsProps) {
  const { causes, remaining, examined } = attribution;
  return (
    <ul className="skew-cause-bars">
      {causes.map((cause) => (
        <li key={cause.cause}>
          <button
            className="skew-cause-bar"
            aria-pressed={cause.cause === chosen}
            title={keepsWords(cause)}
            onClick={() => onChoose(cause.cause)}
          >
            <Bar name={causeName(cause.cause)} share={cause.explains} rows={cause.rows} known />
          </button>
        </li>
      ))}
      {remaining > 0 && (
        <li className="skew-cause-bar rest">
          <Bar
            name={NO_CAUSE}
            share={remaining}
            rows={Math.round(remaining * examined.mismatches)}
            known={false}
          />
        </li>
      )}
    </ul>
  );
}

function Bar({ name, share, rows, known }: { name: string; share: number; rows: number; known: boolean }) {
  return (
    <>
      <span className="skew-cause-name ellipsis" title={name}>
        {name}
      </span>
      <span className={known ? 'skew-cause-track' : 'skew-cause-track unknown'} aria-hidden="true">
        <i style={{ width: `${100 * share}%` }} />
      </span>
      <span className="right">{percent(share)}</span>
      <span className="right dim">{formatCount(rows)} rows</span>
    </>
  );
}

function SaveCauses({
  cell,
  feature,
  attribution,
}: {
  cell: string;
  feature: string;
  attribution: Attribution;
}) {
  const colors = useThemeColors();
  const { title, spec } = useMemo(() => causeFace({ feature }, colors), [feature, colors]);
  const rows = useMemo(() => causeRows(causeShares(attribution)), [attribution]);
  if (rows.length === 0) return null;
  const height = 40 + 24 * rows.length;
  return <ChartMenu spec={spec} data={rows} title={title} height={height} name={[cell, feature, 'causes']} />;
}
