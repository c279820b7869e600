import { ORDER_COLUMN } from '../database/database';
import { castTo, type CompiledView } from '../sql/compiled-view';
import { duckType } from '../sql/duck-type';
import { quote } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { snapshotSql } from '../sql/snapshot';

/** The time columns of an exported table. */
export interface TimeColumns {
  event: string;
  /** null where the view names no column that says when a row was written. */
  created: string | null;
}

/** Time columns that no key and no feature of the view is called. */
export function timeColumns({ view, keys, features }: CompiledView): TimeColumns {
  const taken = new Set([...keys.map((key) => key.name), ...features.map(({ feature }) => feature.name)]);
  const free = (name: string): string => (taken.has(name) ? free(`${name}_`) : name);
  return {
    event: free('event_timestamp'),
    created: view.createdTimestamp === null ? null : free('created_timestamp'),
  };
}

/**
 * A view's rows as Feast's file source reads them: join keys and features in their declared types, TIMESTAMPs in UTC.
 * Feature table: every row with a key and an event time, in file order. Windows and dimensions, which Feast cannot
 * compute: the values at `end` (microseconds, or `max`), one row per entity.
 */
export function viewRowsSql(compiled: CompiledView, end: bigint | 'max', times: TimeColumns): string {
  const { view, keys, features, source } = compiled;
  const event = quote(times.event);
  if (view.kind !== 'table')
    return printSelect({
      columns: [
        ...keys.map((key) => quote(key.name)),
        `make_timestamp("__event_ts") AS ${event}`,
        ...features.map(({ feature }) => quote(feature.name)),
      ],
      from: [`${block(snapshotSql(compiled, end, null))} AS snapshot`],
    });
  const timestamp = (column: string) => `make_timestamp(epoch_us(${quote(column)}))`;
  return printSelect({
    columns: [
      ...keys.map((key) => `CAST(${quote(key.name)} AS ${duckType(key.type)}) AS ${quote(key.name)}`),
      `${timestamp(view.timestamp)} AS ${event}`,
      ...(times.created === null ? [] : [`${timestamp(view.createdTimestamp!)} AS ${quote(times.created)}`]),
      ...features.map(
        ({ feature, column }) => `${castTo(feature, quote(column!))} AS ${quote(feature.name)}`,
      ),
    ],
    from: [source],
    where: [view.timestamp, ...keys.map((key) => key.name)].map((name) => `${quote(name)} IS NOT NULL`),
    orderBy: [quote(ORDER_COLUMN)],
  });
}
