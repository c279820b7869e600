import type { OracleEvent, OracleStatus, OracleView } from './definition';

/** The row that a feature table or a view of intervals gives at `t`, and what it means. */
export function rowAt(
  view: OracleView,
  visible: readonly OracleEvent[],
  t: bigint | null,
): { row: OracleEvent | null; absent: OracleStatus } {
  if (t === null) return { row: null, absent: 'missing' };
  const begun = visible.filter(({ at }) => at! <= t);
  const newest = newestOf(view, begun);
  if (newest === null) return { row: null, absent: 'missing' };
  if (view.kind === 'dimension') {
    const holds = begun.find(({ until }) => until === null || t < until);
    return { row: holds ?? null, absent: 'expired' };
  }
  const old = view.ttl !== null && newest.at! < t - view.ttl;
  return { row: old ? null : newest, absent: 'expired' };
}

/** The row with the greatest event time; ties as the view decides them. */
export function newestOf(view: OracleView, rows: readonly OracleEvent[]): OracleEvent | null {
  let best: OracleEvent | null = null;
  for (const row of rows) {
    if (best === null || row.at! > best.at!) best = row;
    else if (row.at === best.at && winsTie(view, row, best)) best = row;
  }
  return best;
}

/** A later created time wins, none at all loses; then the later place in the file. */
function winsTie(view: OracleView, row: OracleEvent, best: OracleEvent): boolean {
  if (view.usesMade && row.made !== best.made)
    return best.made === null || (row.made !== null && row.made > best.made);
  return row.order > best.order;
}
