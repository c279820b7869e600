import { useEffect, useState } from 'react';
import { queryRows } from '../../engine/database/rows';
import { quote } from '../../engine/sql/quote';
import type { ChartResult } from '../../engine/results';
import { formatCount } from '../app/format';
import { VegaChart } from '../results/VegaChart';
import { isNumber, isTimestamp } from '../results/type-names';
import type { GridRow } from '../results/types';
import { useApp } from '../store/context';
import type { OutputProps } from './CellOutput';

/** More marks than this are no longer told apart on a screen. */
const MOST_ROWS = 5_000;
const HEIGHT = 260;

/** Vega computes with JavaScript numbers and milliseconds: both are made in SQL. */
function chartColumn({ name, type }: { name: string; type: string }): string {
  const column = quote(name);
  if (isTimestamp(type) || /^DATE/i.test(type)) return `epoch_ms(${column}::TIMESTAMP)::DOUBLE AS ${column}`;
  if (isNumber(type)) return `${column}::DOUBLE AS ${column}`;
  return `CAST(${column} AS VARCHAR) AS ${column}`;
}

export function ChartOutput({ block, entry, run }: OutputProps) {
  const result = run.result as ChartResult;
  const session = useApp((state) => state.engine.session);
  const [rows, setRows] = useState<{ key: string; rows: GridRow[] } | null>(null);
  const key = `${block.id} ${entry.doneId}`;
  useEffect(() => {
    if (session === null || run.relation === null) return;
    const controller = new AbortController();
    const columns = run.columns.map(chartColumn).join(', ');
    const sql = `SELECT ${columns} FROM main.${quote(run.relation)} LIMIT ${MOST_ROWS}`;
    queryRows(session.database, sql, { signal: controller.signal })
      .then((found) => setRows({ key, rows: found }))
      .catch(() => undefined);
    return () => controller.abort();
  }, [session, run, key]);
  if (rows?.key !== key) return <div className="cell-note">Drawing…</div>;
  return (
    <div className="cell-body" data-testid={`cell-${block.name}-chart`}>
      <VegaChart spec={result.spec} data={rows.rows} title={block.name} height={HEIGHT} />
      {result.rows > MOST_ROWS && (
        <div className="dim">
          The first {formatCount(MOST_ROWS)} of {formatCount(result.rows)} rows. Aggregate in a query to draw
          all.
        </div>
      )}
    </div>
  );
}
