import { useEffect, useMemo, useState } from 'react';
import { formatBytes, formatCount } from '../app/format';
import { useApp } from '../store/context';
import type { OutputProps } from './CellOutput';
import { readProfile } from './column-profile';
import { RelationOutput } from './RelationOutput';

/** First and last event time of a loaded source, once it is known. */
function useTimeRange(name: string, timestamp: string | null, runId: string | null): string | null {
  const session = useApp((state) => state.engine.session);
  const [range, setRange] = useState<{ key: string; text: string } | null>(null);
  const key = `${name} ${timestamp} ${runId}`;
  useEffect(() => {
    if (session === null || timestamp === null) return;
    const controller = new AbortController();
    readProfile(
      session.database,
      { schema: 'main', name },
      { name: timestamp, type: 'TIMESTAMP' },
      controller.signal,
    )
      .then(({ min, max }) => setRange({ key, text: `${min ?? 'NULL'} to ${max ?? 'NULL'} UTC` }))
      .catch(() => undefined);
    return () => controller.abort();
  }, [session, name, timestamp, key]);
  return range?.key === key ? range.text : null;
}

/** A source: its files, rows and time range, then its rows. */
export function SourceOutput(props: OutputProps) {
  const { block, entry, run } = props;
  const definition = useApp((state) => state.analysis.current?.catalog.sources.get(block.name));
  const dataFiles = useApp((state) => state.workspace.info?.dataFiles);
  const range = useTimeRange(block.name, definition?.timestamp ?? null, entry.doneId);
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
        {range !== null && (
          <span>
            {definition?.timestamp} {range}
          </span>
        )}
      </div>
      <RelationOutput {...props} />
    </>
  );
}
