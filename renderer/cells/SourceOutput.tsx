import { useEffect, useMemo } from 'react';
import { formatBytes, formatCount } from '../app/format';
import { useApp, useAppStore } from '../store/context';
import type { OutputProps } from './CellOutput';
import { readProfile } from './column-profile';
import { RelationOutput } from './RelationOutput';
import { relation } from '../../engine/sql/quote';

/** Reads the first and last event time of a loaded source into the store. */
function useTimeRange(name: string, timestamp: string | null, runId: string | null): void {
  const store = useAppStore();
  const session = useApp((state) => state.engine.session);
  useEffect(() => {
    if (session === null || timestamp === null || runId === null) return;
    const controller = new AbortController();
    const column = { name: timestamp, type: 'TIMESTAMP' };
    readProfile(session.database, relation({ schema: 'main', name }), column, controller.signal)
      .then(({ min, max }) => store.getState().analysis.setSourceRange(name, min, max))
      .catch(() => undefined);
    return () => controller.abort();
  }, [store, session, name, timestamp, runId]);
}

/** A source: its files, rows and time range, then its rows. */
export function SourceOutput(props: OutputProps) {
  const { block, entry, run } = props;
  const definition = useApp((state) => state.analysis.shown?.sources.get(block.name));
  const dataFiles = useApp((state) => state.workspace.info?.dataFiles);
  const range = useApp((state) => state.analysis.sourceRanges[block.name]);
  const timestamp = definition?.timestamp ?? null;
  useTimeRange(block.name, timestamp, entry.doneId);
  const files = useMemo(() => {
    const patterns = definition?.files ?? [];
    const known = (dataFiles ?? []).filter(({ path }) => patterns.includes(path));
    const bytes = known.reduce((sum, file) => sum + file.size, 0);
    return { text: patterns.join(', '), bytes };
  }, [definition, dataFiles]);
  return (
    <>
      <div className="cell-note" data-testid={`cell-${block.name}-facts`}>
        <span className="code">{files.text}</span>
        {files.bytes > 0 && <span>{formatBytes(files.bytes)}</span>}
        <span>{formatCount(run.rows ?? 0)} rows</span>
        <span>{run.columns.length} columns</span>
        {range !== undefined && timestamp !== null && (
          <span>
            {timestamp} {range.from} to {range.to} UTC
          </span>
        )}
      </div>
      <RelationOutput {...props} />
    </>
  );
}
