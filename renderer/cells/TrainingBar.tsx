import { FileOutput } from 'lucide-react';
import type { TrainingResult } from '../../engine/results';
import { SampleTag } from '../results/SampleTag';
import { useApp, useAppStore } from '../store/context';
import type { CellRunEntry } from '../store/state';

interface Props {
  name: string;
  entry: CellRunEntry;
  result: TrainingResult;
}

/** Above the rows of a training set: how many of them these are, where they were written, and the way to all of them. */
export function TrainingBar({ name, entry, result }: Props) {
  const store = useAppStore();
  const target = useApp((state) => state.analysis.shown?.trainingSets.get(name)?.export ?? null);
  const busy = entry.phase !== 'done';
  const { rows, totalRows } = entry.progress ?? {};
  const share =
    busy && rows !== undefined && totalRows !== undefined && totalRows > 0
      ? Math.min(100, (100 * rows) / totalRows)
      : null;
  return (
    <>
      <div className="cell-note">
        <SampleTag result={result} testId={`cell-${name}-sample`} />
        {result.sample !== null && <WholeButton name={name} disabled={busy} />}
        {result.file !== null && (
          <span data-testid={`cell-${name}-file`}>
            written to <span className="code">{result.file}</span>, manifest{' '}
            <span className="code">{result.manifest}</span>, sha256{' '}
            <span className="code">{result.sha256?.slice(0, 12)}…</span>
          </span>
        )}
        <span className="grow" />
        <button
          className="button"
          data-testid={`cell-${name}-export`}
          disabled={target === null || busy}
          title={
            target === null
              ? 'Add `export: { file: out/train.parquet }` to the cell'
              : `Run the whole spine and write ${target.file}`
          }
          onClick={() => void store.getState().runs.run(name, 'whole', { exportFiles: true })}
        >
          <FileOutput size={13} /> {busy && entry.mode === 'whole' ? 'Running…' : 'Export'}
        </button>
      </div>
      {share !== null && (
        <div
          className="progress"
          role="progressbar"
          aria-label={`progress of ${name}`}
          aria-valuenow={Math.round(share)}
        >
          <i style={{ width: `${share}%` }} />
        </div>
      )}
    </>
  );
}

/** From a sample to every row of the spine. */
export function WholeButton({ name, disabled }: { name: string; disabled: boolean }) {
  const store = useAppStore();
  return (
    <button
      className="button"
      disabled={disabled}
      onClick={() => void store.getState().runs.run(name, 'whole')}
    >
      Run on the whole spine
    </button>
  );
}
