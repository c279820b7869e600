import type { StreamLog } from '../catalog/stream-view';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import type { SweepPoint } from '../results';
import { block, printSelect } from '../sql/select';
import { acceptedViewSql } from './accepted-rows';
import { inTime } from './arrivals';
import { agreement, type ComparisonTables, pairsSql, type Sides } from './comparison';

export interface SweepInputs {
  log: StreamLog;
  sides: Sides;
  /** Filled by `makeArrivals` and, for so many points, by `batchValues`. */
  tables: ComparisonTables;
  points: number;
  end: bigint;
  signal?: AbortSignal;
  onDelay?: (done: number) => void;
}

/** What each delay (microseconds) would give at the same end: one pass over the arrivals, then one over the rows each. */
export async function delaySweep(
  db: Database,
  delays: readonly bigint[],
  inputs: SweepInputs,
): Promise<SweepPoint[]> {
  if (delays.length === 0) return [];
  const { log, sides, tables, points, end, signal } = inputs;
  const late = printSelect({
    columns: [
      'count(*) AS n',
      ...delays.map((delay, at) => `count(*) FILTER (WHERE NOT ${inTime(delay)}) AS late${at}`),
    ],
    from: [tables.arrivals],
    where: [`"__known" <= ${end}`],
  });
  const [counts = {}] = await queryRows(db, late, { signal });
  const rows = Number(counts['n']);
  const found: SweepPoint[] = [];
  for (const [at, delay] of delays.entries()) {
    inputs.onDelay?.(at);
    const source = tables.accepted;
    await db.query(acceptedViewSql(log, tables.arrivals, delay, source), { signal });
    const pairs = block(pairsSql({ ...sides.log, source }, tables, points));
    const { compared, equal, features } = await agreement(db, sides.log, pairs, signal);
    const lateRows = Number(counts[`late${at}`]);
    found.push({
      delay_us: Number(delay),
      late: lateRows,
      late_share: rows === 0 ? 0 : lateRows / rows,
      match_rate: compared === 0 ? 1 : equal / compared,
      features,
    });
  }
  return found;
}
