import { useMemo, type KeyboardEvent } from 'react';
import type { SkewFeature } from '../../engine/results';
import { formatCount, formatMetric } from '../app/format';
import { shareText } from '../results/numbers';
import { causeWord } from './cause-words';
import { levelOf, type Alarm } from './alarm';

interface Props {
  cell: string;
  sides: readonly [left: string, right: string];
  features: readonly SkewFeature[];
  chosen: string | null;
  onChoose(column: string): void;
}

/** One row per feature, those that differ most first. Arrows move, Enter opens the feature's causes and charts. */
export function SkewTable({ cell, sides, features, chosen, onChoose }: Props) {
  const sorted = useMemo(() => features.toSorted((a, b) => b.mismatches - a.mismatches), [features]);
  return (
    <div className="scroll-x skew-table" onKeyDown={moveFocus}>
      <table className="table choosable" data-testid={`cell-${cell}-features`}>
        <thead>
          <tr>
            <th>feature</th>
            <th className="right">differ</th>
            <th className="right">share</th>
            <th>cause</th>
            <th className="right">mean |diff|</th>
            <th className="right">max |diff|</th>
            <th className="right" title="Population stability index: look from 0.1, alarm from 0.25">
              PSI
            </th>
            <th className="right" title="Kolmogorov-Smirnov distance: look from 0.1, alarm from 0.2">
              KS
            </th>
            <th className="right" title={`NULL in ${sides[0]} / ${sides[1]}`}>
              NULL
            </th>
            <th className="right" title={`The default in ${sides[0]} / ${sides[1]}`}>
              default
            </th>
            <th className="right">compared</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((feature) => (
            <FeatureRow
              key={feature.ref}
              feature={feature}
              sides={sides}
              chosen={feature.column === chosen}
              onChoose={onChoose}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  feature: SkewFeature;
  sides: readonly [string, string];
  chosen: boolean;
  onChoose(column: string): void;
}

function FeatureRow({ feature, sides, chosen, onChoose }: RowProps) {
  const { column, ref, compared, mismatches, attribution } = feature;
  const name = (
    <td className="skew-feature-name">
      <button
        className="link ellipsis"
        aria-pressed={chosen}
        title={ref}
        data-row-choice=""
        onClick={() => onChoose(column)}
      >
        {column}
      </button>
    </td>
  );
  if (compared === 0)
    return (
      <tr className={chosen ? 'chosen' : undefined}>
        {name}
        <td className="dim" colSpan={10}>
          not in {feature.only_left > 0 ? sides[1] : sides[0]}: nothing to compare
        </td>
      </tr>
    );
  return (
    <tr className={chosen ? 'chosen' : undefined}>
      {name}
      <td className={mismatches > 0 ? 'right bad' : 'right'}>{formatCount(mismatches)}</td>
      <td className="right">{shareText(mismatches, compared)}</td>
      <td className={attribution?.verdict === null ? 'dim' : undefined}>
        {causeWord(attribution, mismatches)}
      </td>
      <td className="right">{formatMetric(feature.mean_abs_diff)}</td>
      <td className="right">{formatMetric(feature.max_abs_diff)}</td>
      <Metric value={feature.psi} level={levelOf('psi', feature.psi)} />
      <Metric value={feature.ks} level={levelOf('ks', feature.ks)} />
      <td className="right">{rates(feature.null_rate)}</td>
      <td className="right">{rates(feature.default_rate)}</td>
      <td className="right">{formatCount(compared)}</td>
    </tr>
  );
}

const LEVEL = { look: ['warn', '△ look'], alarm: ['bad', '▲ alarm'] } as const;

/** A distance with its level by shape, word and colour. */
function Metric({ value, level }: { value: number | null; level: Alarm | null }) {
  if (level === null) return <td className="right">{formatMetric(value)}</td>;
  const [tone, words] = LEVEL[level];
  return (
    <td className={`right ${tone}`}>
      <span className="skew-level">{words}</span> {formatMetric(value)}
    </td>
  );
}

function rates([left, right]: SkewFeature['null_rate']): string {
  const print = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);
  return left === null && right === null ? '–' : `${print(left)} / ${print(right)}`;
}

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, count) => count - 1,
};

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = STEPS[event.key];
  const choices = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-choice]')];
  const at = choices.indexOf(event.target as HTMLElement);
  if (step === undefined || at < 0) return;
  choices[step(at, choices.length)]?.focus();
  event.preventDefault();
  event.stopPropagation();
}
