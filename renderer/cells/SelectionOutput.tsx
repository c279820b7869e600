import { X } from 'lucide-react';
import { useMemo } from 'react';
import { formatCount, formatDuration } from '../app/format';
import { ResultGrid } from '../results/ResultGrid';
import { useApp, useAppStore } from '../store/context';
import { selectionTable } from '../store/selection-run';
import type { SelectionRun } from '../store/state';
import { relationSource } from './relation-source';

const HEIGHT = 220;

/** What the selected part of an SQL cell gave, beside the cell's own result. */
export function SelectionOutput({ cell, run }: { cell: string; run: SelectionRun }) {
  const store = useAppStore();
  const session = useApp((state) => state.engine.session);
  const source = useMemo(
    () =>
      session === null || run.phase !== 'done' || run.error !== null
        ? null
        : relationSource({
            database: session.database,
            at: selectionTable(cell),
            key: `selection ${cell} ${run.id}`,
            rows: run.rows,
            columns: run.columns,
          }),
    [session, cell, run],
  );
  return (
    <div className="cell-selection" data-testid={`cell-${cell}-selection`} data-phase={run.phase}>
      <div className="cell-note">
        <span className="tag">selection</span>
        <span className="code ellipsis" title={run.sql}>
          {run.sql.replace(/\s+/gu, ' ')}
        </span>
        <span className="grow" />
        <span role="status" style={{ whiteSpace: 'nowrap' }}>
          {run.phase === 'running'
            ? 'running'
            : run.error === null
              ? `${formatCount(run.rows)} rows, ${formatDuration(run.ms)}`
              : 'failed'}
        </span>
        <button
          className="button quiet icon"
          aria-label={`Close the selection's result of ${cell}`}
          onClick={() => store.getState().runs.closeSelection(cell)}
        >
          <X size={13} />
        </button>
      </div>
      {run.error !== null && (
        <div className="cell-error" role="alert">
          <span className="mark failed" style={{ marginTop: 5 }} />
          <span className="message">{run.error.message}</span>
          {run.error.hint !== undefined && <span className="hint">{run.error.hint}</span>}
          <span className="code">{run.error.code}</span>
        </div>
      )}
      {source !== null && <ResultGrid source={source} height={HEIGHT} label={`selection of ${cell}`} />}
    </div>
  );
}
