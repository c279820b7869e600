import { FileOutput } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { TrainingResult, ValueStatus } from '../../engine/results';
import { trainingTable } from '../../engine/training/training-set';
import { formatCount } from '../app/format';
import { FeatureCards } from '../results/FeatureCards';
import { ResultGrid } from '../results/ResultGrid';
import type { CellStatus, ColumnProfile, GridRow } from '../results/types';
import { useApp, useAppStore } from '../store/context';
import type { OutputProps } from './CellOutput';
import { Warnings } from './Warnings';
import { GRID_HEIGHT } from './RelationOutput';
import { defaultPolicies, policyNote } from './default-policy';
import { relationSource } from './relation-source';

/** The rows of a training set with a status beside each feature value, and a card per feature. */
export function TrainingOutput({ block, entry, run }: OutputProps) {
  const store = useAppStore();
  const result = run.result as TrainingResult;
  const { doneId } = entry;
  const session = useApp((state) => state.engine.session);
  const catalog = useApp((state) => state.analysis.shown);
  const target = catalog?.trainingSets.get(block.name)?.export ?? null;
  const policies = useMemo(() => defaultPolicies(catalog, result.means), [catalog, result.means]);
  const busy = entry.phase !== 'done';
  const { rows, totalRows } = entry.progress ?? {};
  const share =
    busy && rows !== undefined && totalRows !== undefined && totalRows > 0
      ? Math.min(100, (100 * rows) / totalRows)
      : null;
  const [profiles, setProfiles] = useState<ReadonlyMap<string, ColumnProfile>>(new Map());
  const [selected, setSelected] = useState<string | null>(null);
  const positions = useMemo(
    () => new Map(result.features.map((feature, index) => [feature.column, { feature, index }])),
    [result],
  );

  const statusColumns = useMemo(() => [...positions.keys()], [positions]);

  const source = useMemo(() => {
    if (session === null) return null;
    const hidden = result.features.flatMap((_, index) => [
      `__status_${index}`,
      `__naive_${index}`,
      `__leaks_${index}`,
    ]);
    return relationSource({
      database: session.database,
      at: trainingTable(block.name),
      key: `${block.id} ${doneId}`,
      rows: run.rows ?? 0,
      columns: run.columns,
      hidden: ['__row', ...hidden],
      order: '__row',
    });
  }, [session, run, result, block.id, block.name, doneId]);

  useEffect(() => {
    const controller = new AbortController();
    const read = async () => {
      const found = new Map<string, ColumnProfile>();
      for (const { column } of result.features) {
        const profile = await source?.profile?.(column, controller.signal);
        if (profile === undefined || controller.signal.aborted) return;
        found.set(column, profile);
        setProfiles(new Map(found));
      }
    };
    void read().catch(() => undefined);
    return () => controller.abort();
  }, [source, result]);

  const cellStatus = useCallback(
    (_row: number, column: string, values: GridRow): CellStatus | null => {
      const found = positions.get(column);
      if (found === undefined) return null;
      const status = values[`__status_${found.index}`] as ValueStatus;
      const leaks = values[`__leaks_${found.index}`] === true;
      return { status, leaks, note: policyNote(status, policies.get(found.feature.ref)) };
    },
    [positions, policies],
  );

  if (source === null) return null;
  return (
    <>
      <div className="cell-note">
        {result.sample === null ? (
          <span data-testid={`cell-${block.name}-sample`}>
            whole spine, {formatCount(result.spine_rows)} rows
          </span>
        ) : (
          <span className="tag warn" data-testid={`cell-${block.name}-sample`}>
            sample of {formatCount(result.sample)} of {formatCount(result.spine_rows)} spine rows
          </span>
        )}
        {result.file !== null && (
          <span data-testid={`cell-${block.name}-file`}>
            written to <span className="code">{result.file}</span>, manifest{' '}
            <span className="code">{result.manifest}</span>, sha256{' '}
            <span className="code">{result.sha256?.slice(0, 12)}…</span>
          </span>
        )}
        <span className="grow" />
        {result.sample !== null && (
          <button
            className="button"
            disabled={busy}
            onClick={() => void store.getState().runs.run(block.name, 'whole')}
          >
            Run on the whole spine
          </button>
        )}
        <button
          className="button"
          data-testid={`cell-${block.name}-export`}
          disabled={target === null || busy}
          title={
            target === null
              ? 'Add `export: { file: out/train.parquet }` to the cell'
              : `Run the whole spine and write ${target.file}`
          }
          onClick={() => void store.getState().runs.run(block.name, 'whole', { exportFiles: true })}
        >
          <FileOutput size={13} /> {busy && entry.mode === 'whole' ? 'Running…' : 'Export'}
        </button>
      </div>
      {share !== null && (
        <div
          className="progress"
          role="progressbar"
          aria-label={`progress of ${block.name}`}
          aria-valuenow={Math.round(share)}
        >
          <i style={{ width: `${share}%` }} />
        </div>
      )}
      <Warnings warnings={result.warnings} />
      <ResultGrid
        source={source}
        cellStatus={cellStatus}
        statusColumns={statusColumns}
        height={GRID_HEIGHT}
        label={`rows of ${block.name}`}
        onSelectValue={({ row, column, value, values }) =>
          store.getState().selection.inspect({ type: 'value', cell: block.name, column, row, value, values })
        }
      />
      <FeatureCards
        result={result}
        profiles={profiles}
        policies={policies}
        selected={selected}
        onSelect={(ref) => {
          setSelected(ref);
          store.getState().selection.inspect({ type: 'catalog', item: { kind: 'feature', name: ref } });
        }}
      />
    </>
  );
}
