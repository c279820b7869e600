import { useEffect, useMemo, useState } from 'react';
import type { ColumnInfo } from '../../engine/database/database';
import { relation } from '../../engine/sql/quote';
import type { BuiltSkew } from '../../engine/skew/skew';
import { formatCount } from '../app/format';
import { ResultGrid } from '../results/ResultGrid';
import type { EngineSession } from '../store/session';
import { relationSource } from './relation-source';

/** Names of features and the exact digits of both values are to be read without widening a column. */
const WIDTHS = { feature: 190, left: 160, right: 160 };

interface Props {
  cell: string;
  session: EngineSession;
  skew: BuiltSkew;
  runKey: string;
}

/** The values that differ, feature by feature; their columns are told by the engine. */
export function MismatchRows({ cell, session, skew, runKey }: Props) {
  const [open, setOpen] = useState(false);
  const [columns, setColumns] = useState<ColumnInfo[] | null>(null);
  useEffect(() => {
    if (!open) return;
    const controller = new AbortController();
    session.database
      .describe(`SELECT * FROM ${relation(skew.relation)}`, { signal: controller.signal })
      .then(setColumns)
      .catch(() => undefined);
    return () => controller.abort();
  }, [open, session, skew]);
  const source = useMemo(
    () =>
      columns === null
        ? null
        : relationSource({
            database: session.database,
            at: skew.relation,
            key: runKey,
            rows: skew.mismatches,
            columns,
          }),
    [columns, session, skew, runKey],
  );
  return (
    <>
      <div className="cell-note">
        <button className="button" data-testid={`cell-${cell}-mismatches`} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Show'} the {formatCount(skew.mismatches)} values that differ
        </button>
      </div>
      {open && source !== null && (
        <ResultGrid source={source} firstWidths={WIDTHS} height={240} label={`mismatches of ${cell}`} />
      )}
    </>
  );
}
