import { useMemo, useState } from 'react';
import { distanceWords } from '../../engine/audit/words';
import type { ReplayFeature, ReplayLateness, ReplayResult } from '../../engine/results';
import { causeWords, delayWords } from '../../engine/stream/words';
import { formatCount, formatMetric, formatShare } from '../app/format';
import { useThemeColors } from '../results/css-colors';
import type { ChartPart } from '../results/charts/chart-face';
import { sweepChart, sweepDifferences } from '../results/sweep-spec';
import { ChartCard } from '../skew/ChartCard';
import type { OutputProps } from './CellOutput';
import { FeatureChoice } from './FeatureChoice';
import { instantText, ReplayNumbers } from './ReplayProgress';

/** What a replay gave: agreement with the batch source, why values differ, and what other delays would give. */
export function ReplayOutput({ block, run }: OutputProps) {
  const result = run.result as ReplayResult;
  const { entities, features } = result;
  const [chosen, setChosen] = useState<string | null>(null);
  const differing = useMemo(() => features.toSorted((a, b) => b.differing - a.differing), [features]);
  const feature = differing.find(({ ref }) => ref === chosen) ?? differing[0];
  if (result.end === null)
    return (
      <div className="cell-body">The log {result.stream} has no row that arrived: nothing was replayed.</div>
    );
  return (
    <>
      <div className="cell-body replay" data-testid={`cell-${block.name}-result`}>
        <div role="status" data-testid={`cell-${block.name}-summary`}>
          <strong>
            {entities.equal === entities.compared
              ? `All ${formatCount(entities.compared)} entities equal the batch source.`
              : `${formatCount(entities.compared - entities.equal)} of ${formatCount(entities.compared)} entities differ from the batch source.`}
          </strong>{' '}
          <span className="dim">
            {result.stream} with a delay of {delayWords(result.delay_us)} against {result.source}, at{' '}
            {instantText(result.end)}
          </span>
        </div>
        <ReplayNumbers name={block.name} counts={result.counts} />
        {result.no_time > 0 && (
          <p className="dim">{formatCount(result.no_time)} rows of the log have no event time or arrival.</p>
        )}
        {result.lateness !== null && <Lateness cell={block.name} lateness={result.lateness} />}
      </div>
      <FeatureTable
        cell={block.name}
        features={differing}
        compared={entities.compared}
        chosen={feature?.ref ?? null}
        onChoose={setChosen}
      />
      {feature !== undefined && feature.differing > 0 && <Causes cell={block.name} feature={feature} />}
      {result.sweep.length > 1 && <Sweep cell={block.name} result={result} />}
    </>
  );
}

function Lateness({ cell, lateness }: { cell: string; lateness: ReplayLateness }) {
  const { median_us, p95_us, max_us, buckets } = lateness;
  const parts = buckets
    .filter(({ rows }) => rows > 0)
    .map(({ up_to_us, rows }) =>
      up_to_us === null
        ? `${formatCount(rows)} by more`
        : `${formatCount(rows)} by up to ${distanceWords(up_to_us)}`,
    );
  return (
    <p className="dim" data-testid={`cell-${cell}-lateness`}>
      Late rows: {parts.join(', ')}. Median {distanceWords(median_us)}, 95 % within {distanceWords(p95_us)},
      at most {distanceWords(max_us)}.
    </p>
  );
}

interface TableProps {
  cell: string;
  features: readonly ReplayFeature[];
  compared: number;
  chosen: string | null;
  onChoose(ref: string): void;
}

/** One row per feature, those that differ most first. */
function FeatureTable({ cell, features, compared, chosen, onChoose }: TableProps) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={`features of ${cell}`}>
      <table className="table choosable" data-testid={`cell-${cell}-features`}>
        <thead>
          <tr>
            <th>feature</th>
            <th className="right">entities that differ</th>
            <th className="right">mean difference</th>
            <th className="right">greatest</th>
            <th>because of rows</th>
          </tr>
        </thead>
        <tbody>
          {features.map((one) => (
            <tr key={one.ref} className={one.ref === chosen ? 'chosen' : undefined}>
              <FeatureChoice
                column={one.ref.slice(one.ref.indexOf(':') + 1)}
                chosen={one.ref === chosen}
                title={one.ref}
                onChoose={() => onChoose(one.ref)}
              />
              <td className={one.differing > 0 ? 'right bad' : 'right'} data-count="differing">
                {formatCount(one.differing)}{' '}
                <span className="dim">{formatShare(one.differing, compared)}</span>
              </td>
              <td className="right">{formatMetric(one.mean_abs_diff)}</td>
              <td className="right">{formatMetric(one.max_abs_diff)}</td>
              <td>
                {one.causes
                  .map(({ reason, entities }) => `${causeWords(reason)} (${formatCount(entities)})`)
                  .join(', ') || '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The entities of a feature that differ most, with the rows behind them. */
function Causes({ cell, feature }: { cell: string; feature: ReplayFeature }) {
  const { ref, differing, explained, examples } = feature;
  return (
    <div className="cell-body" data-testid={`cell-${cell}-causes`}>
      <strong>{ref.slice(ref.indexOf(':') + 1)}: where it differs most</strong>{' '}
      {explained < differing && (
        <span className="dim">rows of {formatCount(explained)} entities were looked at</span>
      )}
      <ul className="replay-examples">
        {examples.map(({ entity, batch, stream, causes, late_by_us }) => {
          const keys = Object.entries(entity).map(([name, value]) => `${name} ${value ?? 'NULL'}`);
          return (
            <li key={keys.join()}>
              <span className="code">{keys.join(', ')}</span>: {stream ?? 'NULL'} in the stream,{' '}
              {batch ?? 'NULL'} in the batch source.{' '}
              <span className="dim">
                {causes
                  .map(({ reason, rows }) =>
                    reason === 'order'
                      ? causeWords(reason)
                      : `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'} ${causeWords(reason)}`,
                  )
                  .join(', ')}
                {late_by_us !== null && ` by ${distanceWords(late_by_us)} at most`}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Match rate, late rows and how far values are off, against the watermark's delay. */
function Sweep({ cell, result }: { cell: string; result: ReplayResult }) {
  const colors = useThemeColors();
  const match = useMemo(() => sweepChart(result.sweep, colors), [result.sweep, colors]);
  const differences = useMemo(() => sweepDifferences(result.sweep), [result.sweep]);
  const card = (part: ChartPart) => ({ face: part, rows: part.data, height: 210, empty: '' });
  return (
    <div className="cell-body" data-testid={`cell-${cell}-sweep`}>
      <div className="skew-charts">
        <ChartCard {...card(match)} name={[cell, 'sweep', 'match']} />
        {differences.data.length > 0 && (
          <ChartCard {...card(differences)} name={[cell, 'sweep', 'difference']} />
        )}
      </div>
    </div>
  );
}
