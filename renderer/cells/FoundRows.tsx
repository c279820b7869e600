import { useEffect, useMemo, useState } from 'react';
import type { ColumnInfo } from '../../engine/database/database';
import { relation } from '../../engine/sql/quote';
import { formatCount } from '../app/format';
import { ResultGrid } from '../results/ResultGrid';
import type { EngineSession } from '../store/session';
import { relationSource, type RowsAt } from './relation-source';

/** Names of features, both values and words are to be read without widening a column. */
const WIDTHS = {
  feature: 180,
  left: 160,
  right: 160,
  in_file: 110,
  truth: 110,
  verdict: 110,
  away: 90,
  why: 320,
};

interface Props {
  cell: string;
  session: EngineSession;
  /** Where the rows lie, and how many there are. */
  at: { schema: string; name: string };
  /** Those of `at` that are shown; all when absent. */
  rowsAt?: RowsAt;
  count: number;
  /** Changes whenever the rows do. */
  runKey: string;
  /** What columns are called, where that is not their name. */
  titles?: Readonly<Record<string, string>>;
  /** What the rows are, after their count: `values that differ`. */
  words: string;
}

/** The single values behind a comparison's counts, shown on request; their columns are told by the engine. */
export function FoundRows({ cell, session, at, rowsAt = at, count, runKey, titles, words }: Props) {
  const [open, setOpen] = useState(false);
  const [columns, setColumns] = useState<ColumnInfo[] | null>(null);
  useEffect(() => {
    if (!open) return;
    const controller = new AbortController();
    session.database
      .describe(`SELECT * FROM ${relation(at)}`, { signal: controller.signal })
      .then(setColumns)
      .catch(() => undefined);
    return () => controller.abort();
  }, [open, session, at]);
  const source = useMemo(
    () =>
      columns === null
        ? null
        : relationSource({
            database: session.database,
            at: rowsAt,
            key: runKey,
            rows: count,
            columns: columns.map((one) => ({ ...one, title: titles?.[one.name] })),
          }),
    [columns, session, rowsAt, count, runKey, titles],
  );
  return (
    <>
      <div className="cell-note">
        <button className="button" data-testid={`cell-${cell}-mismatches`} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Show'} the {formatCount(count)} {words}
        </button>
      </div>
      {open && source !== null && (
        <ResultGrid source={source} firstWidths={WIDTHS} height={240} label={`mismatches of ${cell}`} />
      )}
    </>
  );
}
