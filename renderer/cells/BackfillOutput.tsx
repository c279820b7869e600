import { FolderOutput, Square } from 'lucide-react';
import { wholeFiles, type BackfillPartition, type BackfillResult } from '../../engine/results';
import { formatCount, formatDuration } from '../app/format';
import { useSeconds } from '../app/useSeconds';
import { useAppStore } from '../store/context';
import type { CellRunEntry } from '../store/state';
import { BackfillPartitions } from './BackfillPartitions';
import type { OutputProps } from './CellOutput';
import { Warnings } from './Warnings';

/** The files of a backfill and how far they are, with the ways to begin, end and go on. */
export function BackfillOutput({ block, entry, run }: OutputProps) {
  const store = useAppStore();
  const result = run.result as BackfillResult;
  const busy = entry.phase !== 'done';
  const partitions = (busy ? entry.progress?.partitions : undefined) ?? result.partitions;
  const whole = wholeFiles(partitions);
  const nothing = whole === partitions.length;
  const begun = whole > 0;
  return (
    <div className="cell-body backfill" data-testid={`cell-${block.name}-result`}>
      <div className="backfill-head">
        <div role="status" data-testid={`cell-${block.name}-summary`}>
          <strong>{summary(result, partitions, busy)}</strong>{' '}
          <span className="dim">
            below <span className="code">{result.out}</span>
          </span>
        </div>
        <span className="grow" />
        {busy ? (
          <button
            className="button"
            data-testid={`cell-${block.name}-stop`}
            onClick={() => store.getState().runs.cancel(block.name)}
          >
            <Square size={11} /> Cancel
          </button>
        ) : (
          <button
            className="button primary"
            data-testid={`cell-${block.name}-write`}
            disabled={nothing}
            title={
              nothing ? 'Every file is there and up to date' : `Write what is missing below ${result.out}`
            }
            onClick={() => void store.getState().runs.run(block.name, 'whole', { write: true })}
          >
            <FolderOutput size={13} /> {begun && !nothing ? 'Resume' : 'Run'} backfill
          </button>
        )}
      </div>
      <BackfillProgress name={block.name} entry={entry} ms={run.ms} partitions={partitions} />
      <Warnings warnings={result.warnings} />
      {partitions.length > 0 && <BackfillPartitions name={block.name} partitions={partitions} />}
    </div>
  );
}

function summary(result: BackfillResult, partitions: readonly BackfillPartition[], busy: boolean): string {
  const [whole, all] = [wholeFiles(partitions), partitions.length];
  if (all === 0) return 'The grid has no instant: `start` is after its end. There is nothing to write.';
  const files = `${formatCount(whole)} of ${formatCount(all)} files are whole`;
  if (busy) return `${files}.`;
  if (whole === all) return `All ${formatCount(all)} files are whole.`;
  if (partitions.some(({ state }) => state === 'cancelled'))
    return `Cancelled: ${files}. Resume goes on with the rest.`;
  if (partitions.some(({ state }) => state === 'failed')) return `Stopped by an error: ${files}.`;
  return result.write ? `${files}.` : `Nothing was written yet: ${formatCount(all - whole)} files to do.`;
}

interface ProgressProps {
  name: string;
  entry: CellRunEntry;
  /** Milliseconds of the finished run. */
  ms: number;
  partitions: readonly BackfillPartition[];
}

/** Rows, files done of all, and time: of the run that goes on, or of the last one. */
function BackfillProgress({ name, entry, ms, partitions }: ProgressProps) {
  const busy = entry.phase === 'running';
  const seconds = useSeconds(busy ? entry.startedAt : null);
  const [whole, all] = [wholeFiles(partitions), partitions.length];
  const rows = partitions.reduce((sum, partition) => sum + (partition.rows ?? 0), 0);
  if (all === 0) return null;
  return (
    <>
      <div className="backfill-progress dim" data-testid={`cell-${name}-progress`}>
        {formatCount(rows)} rows in {formatCount(whole)} of {formatCount(all)} files,{' '}
        {busy ? `${seconds.toFixed(1)} s` : formatDuration(ms)}
      </div>
      <div
        className="progress"
        role="progressbar"
        aria-label={`files of ${name}`}
        aria-valuemin={0}
        aria-valuemax={all}
        aria-valuenow={whole}
      >
        <i style={{ width: `${(100 * whole) / all}%` }} />
      </div>
    </>
  );
}
