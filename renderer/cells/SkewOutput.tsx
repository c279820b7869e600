import { useEffect, useMemo, useState } from 'react';
import { skewCategories, skewHistogram, skewOverTime, skewScatter } from '../../engine/skew/charts';
import type { SkewFeature, SkewResult } from '../../engine/results';
import { formatCount, formatMetric, formatShare } from '../app/format';
import { SkewCharts } from '../results/SkewCharts';
import type { SkewChartsProps } from '../results/types';
import type { EngineSession } from '../store/session';
import { useApp } from '../store/context';
import type { OutputProps } from './CellOutput';
import { Warnings } from './Warnings';
import { FoundRows } from './FoundRows';
import { SkewTable } from './SkewTable';

type ChartData = Pick<SkewChartsProps, 'bins' | 'categories' | 'points' | 'overTime'>;

async function readCharts(
  session: EngineSession,
  cell: string,
  column: string,
  signal: AbortSignal,
): Promise<ChartData | null> {
  const skew = session.skew(cell);
  if (skew === undefined || !skew.features.some((feature) => feature.column === column)) return null;
  const { database } = session;
  const bins = await skewHistogram(database, skew, column, { signal });
  const categories = await skewCategories(database, skew, column, { signal });
  const points = await skewScatter(database, skew, column, { signal });
  const overTime = await skewOverTime(database, skew, column, { signal });
  return {
    bins,
    categories: categories.map(({ value, left, right }) => ({ value: value ?? 'NULL', left, right })),
    points,
    overTime,
  };
}

function worst(features: readonly SkewFeature[]): string | null {
  return [...features].sort((a, b) => b.mismatches - a.mismatches)[0]?.column ?? null;
}

/** A comparison: the features in a table, and the charts of the chosen one. */
export function SkewOutput({ block, entry, run }: OutputProps) {
  const result = run.result as SkewResult;
  const { doneId } = entry;
  const session = useApp((state) => state.engine.session);
  const [chosen, setChosen] = useState<string | null>(null);
  const column = chosen ?? worst(result.features);
  const feature = result.features.find((candidate) => candidate.column === column);
  const [charts, setCharts] = useState<{ key: string; data: ChartData } | null>(null);
  const key = `${block.id} ${doneId} ${column}`;

  useEffect(() => {
    if (session === null || column === null) return;
    const controller = new AbortController();
    readCharts(session, block.name, column, controller.signal)
      .then((data) => {
        if (data !== null && !controller.signal.aborted) setCharts({ key, data });
      })
      .catch(() => undefined);
    return () => controller.abort();
  }, [session, block.name, column, key]);

  const mismatches = useMemo(() => {
    const skew = session?.skew(block.name);
    if (session === null || skew === undefined || skew.mismatches === 0) return null;
    const runKey = `${block.id} ${doneId} mismatches`;
    return { session, at: skew.relation, count: skew.mismatches, runKey };
  }, [session, block.id, block.name, doneId]);

  return (
    <>
      <Warnings warnings={result.warnings} />
      <SkewTable cell={block.name} features={result.features} chosen={column} onChoose={setChosen} />
      {feature !== undefined && (
        <div className="cell-body" data-testid={`cell-${block.name}-charts`}>
          <div style={{ marginBottom: 6 }}>
            <strong>
              {feature.column}: {formatCount(feature.mismatches)} of {formatCount(feature.compared)} rows
              differ
            </strong>{' '}
            <span className="dim">
              {formatShare(feature.mismatches, feature.compared)}, PSI {formatMetric(feature.psi)}, KS{' '}
              {formatMetric(feature.ks)}
            </span>
          </div>
          {charts?.key === key ? (
            <SkewCharts
              feature={feature.column}
              leftName={result.sides[0]}
              rightName={result.sides[1]}
              {...charts.data}
            />
          ) : (
            <div className="dim">Drawing…</div>
          )}
        </div>
      )}
      {mismatches !== null && <FoundRows cell={block.name} words="values that differ" {...mismatches} />}
    </>
  );
}
