import { memo } from 'react';
import type { CellBlock } from '../../engine/notebook/document';
import type { CellRun } from '../../engine/results';
import { ErrorBoundary } from '../app/ErrorBoundary';
import type { CellRunEntry } from '../store/state';
import { AuditOutput } from './AuditOutput';
import { BackfillOutput } from './BackfillOutput';
import { ChartOutput } from './ChartOutput';
import { DriftOutput } from './DriftOutput';
import { LookupOutput } from './LookupOutput';
import { MaterializeOutput } from './MaterializeOutput';
import { RelationOutput } from './RelationOutput';
import { ReplayOutput } from './ReplayOutput';
import { SkewOutput } from './SkewOutput';
import { SourceOutput } from './SourceOutput';
import { TrainingOutput } from './TrainingOutput';

export interface OutputProps {
  block: CellBlock;
  entry: CellRunEntry;
  run: CellRun;
}

const OUTPUTS: Record<string, React.ComponentType<OutputProps>> = {
  query: RelationOutput,
  source: SourceOutput,
  view: RelationOutput,
  'training-set': TrainingOutput,
  skew: SkewOutput,
  drift: DriftOutput,
  audit: AuditOutput,
  materialize: MaterializeOutput,
  backfill: BackfillOutput,
  replay: ReplayOutput,
  lookup: LookupOutput,
  chart: ChartOutput,
};

/** Fields of results that stand although their cell has failed. */
const WHEN_FAILED = ['partitions', 'rows_not_right', 'unmatched', 'freshness'];

type CellOutputProps = OutputProps & { stale: boolean };

/** What the last finished run gave; dimmed while the text above it says something else. */
function CellOutputView({ block, entry, run, stale }: CellOutputProps) {
  const Output = OUTPUTS[block.kind];
  // A backfill that ended early still shows the files that it wrote, an audit, a comparison or a drift check past its limit what it found.
  const shows = run.status === 'ok' || WHEN_FAILED.some((field) => field in run.result);
  if (Output === undefined || !shows || entry.lost) return null;
  return (
    <div className={stale ? 'cell-output stale' : 'cell-output'} data-testid={`cell-${block.name}-output`}>
      <ErrorBoundary name={`result of ${block.name}`} resetKey={entry.doneId}>
        <Output block={block} entry={entry} run={run} />
      </ErrorBoundary>
    </div>
  );
}

/** An output rests on the run, not on the text above it: typing there does not draw it anew. */
export const CellOutput = memo(
  CellOutputView,
  (before, after) =>
    before.stale === after.stale &&
    before.entry === after.entry &&
    before.run === after.run &&
    before.block.id === after.block.id &&
    before.block.name === after.block.name &&
    before.block.kind === after.block.kind,
);
