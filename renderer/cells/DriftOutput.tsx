import { useMemo, useState } from 'react';
import type {
  DriftFeature,
  DriftFreshness,
  DriftMeasure,
  DriftResult,
} from '../../engine/skew/drift/drift-result';
import { formatAge, formatCount } from '../app/format';
import { useThemeColors } from '../results/css-colors';
import { windowsChart, type WindowsChart } from '../results/drift-specs';
import { ChartCard } from '../skew/ChartCard';
import type { OutputProps } from './CellOutput';
import { DriftTable, rateText, windowText } from './DriftTable';
import { Warnings } from './Warnings';

const HEIGHT = 170;
const HOUR_MS = 3_600_000;

const MEASURES: readonly { measure: DriftMeasure; words: string; format?: string }[] = [
  { measure: 'psi', words: 'PSI' },
  { measure: 'ks', words: 'KS' },
  { measure: 'null_rate', words: 'NULL rate', format: '%' },
  { measure: 'default_rate', words: 'default rate', format: '%' },
];

function measureCharts(feature: DriftFeature, { lines, reference }: DriftResult): WindowsChart[] {
  return MEASURES.filter(({ measure }) => feature.windows.some((window) => window[measure] !== null)).map(
    ({ measure, words, format }) => ({
      title: `${feature.column}: ${words}`,
      measure: words,
      format,
      points: feature.windows.map((window) => ({
        time: Date.parse(window.start),
        value: window[measure],
        above: window.alarms.includes(measure),
      })),
      line: lines[measure],
      lineName: `alarm above ${format === undefined ? lines[measure] : rateText(lines[measure])}`,
      reference: { start: Date.parse(reference.start), end: Date.parse(reference.end) },
    }),
  );
}

function freshnessChart({ view, windows, sla_ms: sla }: DriftFreshness): WindowsChart {
  return {
    title: `${view}: age of the newest row at the end of each window`,
    measure: 'hours',
    least: 1,
    points: windows.map(({ at, age_ms: age, late }) => ({
      time: Date.parse(at),
      value: age === null ? null : age / HOUR_MS,
      above: late,
    })),
    line: sla === null ? null : sla / HOUR_MS,
    lineName: sla === null ? '' : `SLA ${formatAge(sla)}`,
    reference: null,
  };
}

function Charts({ cell, charts }: { cell: string; charts: readonly WindowsChart[] }) {
  const colors = useThemeColors();
  const parts = useMemo(() => charts.map((chart) => windowsChart(chart, colors)), [charts, colors]);
  return (
    <div className="skew-charts">
      {parts.map((part) => (
        <ChartCard
          key={part.title}
          face={part}
          rows={part.data}
          height={HEIGHT}
          name={[cell, ...part.title.split(': ')]}
          empty="No window has rows."
        />
      ))}
    </div>
  );
}

function freshnessWords({ windows, sla_ms: sla, alarms }: DriftFreshness): string {
  const ages = windows.flatMap(({ age_ms: age }) => age ?? []);
  if (ages.length === 0) return 'no row was visible';
  const late = windows.filter((one) => one.late).length;
  const promise =
    sla === null
      ? 'no freshness_sla in its tags'
      : alarms.length === 0
        ? `within the SLA of ${formatAge(sla)}`
        : `${late} of ${windows.length} windows past the SLA of ${formatAge(sla)}`;
  return `at most ${formatAge(Math.max(...ages))} old, ${promise}`;
}

function Freshness({ cell, freshness }: { cell: string; freshness: readonly DriftFreshness[] }) {
  const charts = useMemo(() => freshness.map(freshnessChart), [freshness]);
  return (
    <div className="cell-body" data-testid={`cell-${cell}-freshness`}>
      <strong>Freshness</strong>
      <ul className="drift-freshness">
        {freshness.map((one) => (
          <li key={one.view} className={one.alarms.length > 0 ? 'bad' : undefined}>
            <span className="code">{one.view}</span> {freshnessWords(one)}
          </li>
        ))}
      </ul>
      <Charts cell={cell} charts={charts} />
    </div>
  );
}

/** More alarms than these are told by the table and the charts. */
const MOST_ALARMS = 8;

function Alarms({ alarms }: { alarms: readonly string[] }) {
  if (alarms.length === 0) return null;
  const shown = alarms.slice(0, MOST_ALARMS);
  return (
    <ul className="cell-warnings bad">
      {shown.map((alarm) => (
        <li key={alarm}>{alarm}</li>
      ))}
      {alarms.length > shown.length && <li>And {formatCount(alarms.length - shown.length)} more.</li>}
    </ul>
  );
}

function worstColumn(features: readonly DriftFeature[]): string | null {
  const [first] = features.toSorted((a, b) => (b.worst?.psi ?? -1) - (a.worst?.psi ?? -1));
  return first?.column ?? null;
}

/** Features over windows of time: a table, the chosen one in charts, and how fresh the views behind them were. */
export function DriftOutput({ block, run }: OutputProps) {
  const result = run.result as DriftResult;
  const { features, reference, alarms, freshness, warnings } = result;
  const [picked, setPicked] = useState<string | null>(null);
  const chosen = features.find(({ column }) => column === picked)?.column ?? worstColumn(features);
  const feature = features.find(({ column }) => column === chosen);
  const charts = useMemo(
    () => (feature === undefined ? [] : measureCharts(feature, result)),
    [feature, result],
  );
  const gaps = feature?.windows.filter(({ rows }) => rows === 0).length ?? 0;
  return (
    <>
      <div className="cell-note">
        <strong data-testid={`cell-${block.name}-summary`}>
          {alarms.length === 0
            ? 'Nothing is above an alarm line'
            : `${formatCount(alarms.length)} ${alarms.length === 1 ? 'alarm' : 'alarms'}`}
        </strong>
        <span className="dim">
          {formatCount(result.rows)} rows of {result.of} in {feature?.windows.length ?? 0} windows of{' '}
          {result.every}
          {gaps > 0 && `, ${gaps} of them without rows`}; the reference is {windowText(reference.start)} to{' '}
          {windowText(reference.end)}, {formatCount(reference.rows)} rows
        </span>
      </div>
      <Alarms alarms={alarms} />
      <Warnings warnings={warnings} />
      <DriftTable cell={block.name} features={features} chosen={chosen} onChoose={setPicked} />
      {feature !== undefined && (
        <div className="cell-body" data-testid={`cell-${block.name}-charts`}>
          <Charts cell={block.name} charts={charts} />
        </div>
      )}
      {freshness.length > 0 && <Freshness cell={block.name} freshness={freshness} />}
    </>
  );
}
