import { HOUR } from '../catalog/window';
import { ORDER_COLUMN } from '../database/database';
import { type CompiledView, keyColumns, keySelect, sameKeys } from './compiled-view';
import { afterLastEvent } from './naive-join';
import type { Points } from './points';
import { quote } from './quote';
import { block, printSelect } from './select';
import { cellOf, reachOf } from './window-edges';

/** Stretches into which a reach is cut. */
const STRETCHES = 4n;

/**
 * The rows of a view's source that can matter to values at `points`: those of the points' entities, and the newest row
 * of all, because a naive join ends where the source ends. `columns` are those that the engine holds of the source.
 */
export function nearRowsSql(
  { view, keys, source }: CompiledView,
  points: Points,
  columns: readonly string[],
): string {
  const names = keyColumns(keys);
  const order = quote(ORDER_COLUMN);
  const newest = `SELECT arg_max(${order}, ${quote(view.timestamp)}) FROM ${source}`;
  const kept = printSelect({
    columns: [`e.${order}`],
    from: [
      `${block(keyedRows({ view, keys, source }))} AS e`,
      `SEMI JOIN ${block(printSelect({ columns: names, from: [`${block(points.sql)} AS p`] }))} AS p ON ${sameKeys(keys, 'e', 'p')}`,
    ],
  });
  return rowsAt(source, [kept, newest], [...columns, ORDER_COLUMN].map(quote));
}

/**
 * How far back from a point, rounded up so that small edits need no other copy, its values look; microseconds. Null
 * where nothing bounds it, or where the bound is not on the event's own time.
 */
export function boundOf({ view, features, availability }: CompiledView): bigint | null {
  if (availability !== null || view.kind === 'dimension') return null;
  const reaches = features.map(({ window }) => {
    if (window === null) return view.ttl;
    return window.offset < 0n ? null : reachOf(window);
  });
  let bound = HOUR;
  for (const reach of reaches) {
    if (reach === null || reach === 0n) return null;
    while (bound < reach) bound *= 2n;
  }
  return bound;
}

/**
 * Of such rows those that lie at most `bound` before a point, or before the end; and each entity's first and newest
 * ones, by which statuses and naive values go.
 */
export function recentRowsSql(compiled: CompiledView, points: Points, bound: bigint): string {
  const { keys, source } = compiled;
  const names = keyColumns(keys);
  const order = quote(ORDER_COLUMN);
  const step = bound / STRETCHES;
  const instants = printSelect({
    columns: [...names, `unnest(["__t", ${afterLastEvent(compiled)}]) AS "__t"`],
    from: [`${block(points.sql)} AS p`],
  });
  const last = cellOf('"__t"', step);
  const touched = printSelect({
    columns: [...names, `unnest(range(${last} - ${STRETCHES}, ${last} + 1)) AS "__cell"`],
    from: [`${block(instants)} AS i`],
  });
  const rows = `${block(keyedRows(compiled))} AS e`;
  const within = printSelect({
    columns: [`e.${order}`],
    from: [
      rows,
      `SEMI JOIN ${block(touched)} AS p ON ${sameKeys(keys, 'e', 'p')} AND ${cellOf('e."__at"', step)} = p."__cell"`,
    ],
  });
  const edges = printSelect({
    columns: [...names, 'min("__at") AS "__first"', 'max("__at") AS "__last"'],
    from: [rows],
    groupBy: names,
  });
  const outermost = printSelect({
    columns: [`e.${order}`],
    from: [
      rows,
      `JOIN ${block(edges)} AS p ON ${sameKeys(keys, 'e', 'p')} AND e."__at" IN (p."__first", p."__last")`,
    ],
  });
  return rowsAt(source, [within, outermost], ['*']);
}

function keyedRows({ view, keys, source }: Pick<CompiledView, 'view' | 'keys' | 'source'>): string {
  return printSelect({
    columns: [...keySelect(keys), `epoch_us(${quote(view.timestamp)}) AS "__at"`, quote(ORDER_COLUMN)],
    from: [source],
  });
}

function rowsAt(source: string, places: readonly string[], columns: readonly string[]): string {
  const wanted = places.map((sql) => block(sql)).join('\nUNION ALL\n');
  return printSelect({
    columns,
    from: [source],
    where: [`${quote(ORDER_COLUMN)} IN ${block(wanted)}`],
  });
}
