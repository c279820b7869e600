import { useMemo } from 'react';
import { ResultGrid } from '../results/ResultGrid';
import { useApp, useAppStore } from '../store/context';
import type { OutputProps } from './CellOutput';
import { relationSource } from './relation-source';

export const GRID_HEIGHT = 280;

/** The rows of a query, source or view. */
export function RelationOutput({ block, entry, run }: OutputProps) {
  const store = useAppStore();
  const session = useApp((state) => state.engine.session);
  const { doneId } = entry;
  const source = useMemo(
    () =>
      session === null || run.relation === null
        ? null
        : relationSource({
            database: session.database,
            at: { schema: 'main', name: run.relation },
            key: `${block.id} ${doneId}`,
            rows: run.rows ?? 0,
            columns: run.columns,
            computed: run.kind === 'view',
          }),
    [session, run, block.id, doneId],
  );
  if (source === null) return null;
  if (run.rows === 0)
    return (
      <div className="cell-note">No rows. Look at the conditions, or at the files behind the source.</div>
    );
  return (
    <ResultGrid
      source={source}
      height={GRID_HEIGHT}
      label={`rows of ${block.name}`}
      onSelectValue={({ row, column, value, values }) =>
        store.getState().selection.inspect({ type: 'value', cell: block.name, column, row, value, values })
      }
    />
  );
}
