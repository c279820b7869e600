import { INTERNAL_SCHEMA, ORDER_COLUMN } from '../database/database';
import { type CompiledView, keyColumns, keySelect, sameKeys } from '../sql/compiled-view';
import { entityPoints, type Points } from '../sql/points';
import { quote, relation } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { type ValueOptions, valuesSql } from '../sql/view-values';
import { leavesAt } from '../sql/window-edges';
import { windowsOf } from '../sql/window-pass';
import { behindSql, inTime } from './arrivals';

/** What a consumer keeps in the engine; relations, quoted. */
export interface ConsumerTables {
  /** Accepted rows that a window can still reach: the log's columns and `__order`. */
  state: string;
  /** The latest values of entities: the keys, `__t` (the watermark that they hold for), `__v<i>`. */
  online: string;
  /** The rows of the batch in hand: see `batchSql`. */
  batch: string;
}

export function consumerTables(replay: string): ConsumerTables {
  const table = (part: string) => relation({ schema: INTERNAL_SCHEMA, name: `replay_${part}_${replay}` });
  return {
    state: table('state'),

    online: table('online'),
    batch: table('batch'),
  };
}

/** A batch of arrivals: `from <= __pos < to`, and what had been seen before it. */
export interface BatchRange {
  from: number;
  to: number;
  /** The least and the greatest `__order` of its rows: they narrow the scan of the log. */
  orders: [number: bigint, number: bigint];
  /** The greatest event time before it, microseconds; null = there was none. */
  seen: bigint | null;
}

/** The log's columns as they are stored, `__order` last. */
export function stateColumns(columns: readonly string[]): string[] {
  return [...columns, ORDER_COLUMN].map(quote);
}

/**
 * The batch's rows: `__order`, `__at`, `__known`, `__behind`, the keys `__k<i>`, and `__fate`: `accepted`, `late`, or
 * `no_key` for a row in time that belongs to no entity.
 */
export function batchSql(compiled: CompiledView, arrivals: string, range: BatchRange, delay: bigint): string {
  const order = quote(ORDER_COLUMN);
  const rows = printSelect({
    columns: ['*'],
    from: [arrivals],
    where: [`"__pos" >= ${range.from}`, `"__pos" < ${range.to}`],
  });
  const columns = ['__pos', '__order', '__at', '__known'].map(quote);
  const bare = printSelect({ columns, from: [`${block(rows)} AS r`] });
  const log = printSelect({
    columns: [order, ...keySelect(compiled.keys)],
    from: [compiled.source],
    where: [`${order} BETWEEN ${range.orders[0]} AND ${range.orders[1]}`],
  });
  const keys = keyColumns(compiled.keys);
  const noKey = keys.map((key) => `s.${key} IS NULL`).join(' OR ');
  return printSelect({
    columns: [
      'b.*',
      ...keys.map((key) => `s.${key}`),
      `CASE WHEN NOT ${inTime(delay)} THEN 'late' WHEN ${noKey} THEN 'no_key' ELSE 'accepted' END AS "__fate"`,
    ],
    from: [
      `${block(behindSql(bare, range.seen))} AS b`,
      `JOIN ${block(log)} AS s ON s.${order} = b.${order}`,
    ],
  });
}

/** Adds the batch's accepted rows to the state. */
export function acceptSql(
  compiled: CompiledView,
  tables: ConsumerTables,
  columns: readonly string[],
  range: BatchRange,
): string {
  const order = quote(ORDER_COLUMN);
  const log = printSelect({
    columns: stateColumns(columns),
    from: [compiled.source],
    where: [`${order} BETWEEN ${range.orders[0]} AND ${range.orders[1]}`],
  });
  const accepted = printSelect({ columns: [order], from: [tables.batch], where: [`"__fate" = 'accepted'`] });
  const rows = printSelect({
    columns: ['s.*'],
    from: [`${block(log)} AS s`, `SEMI JOIN ${block(accepted)} AS b ON b.${order} = s.${order}`],
  });
  return `INSERT INTO ${tables.state}\n${rows}`;
}

/** Computes the values of the entities that the batch touched anew, at the watermark. */
export function refreshSql(compiled: CompiledView, tables: ConsumerTables, watermark: bigint): string[] {
  const { keys, features } = compiled;
  const names = keyColumns(keys);
  const touched = printSelect({
    columns: names,
    distinct: true,
    from: [tables.batch],
    where: [`"__fate" = 'accepted'`],
  });
  // Everything before the watermark is there by now, whenever it arrived.
  const values = valuesSql(overState(compiled, tables), pointsAt(compiled, touched, watermark), {
    ...STREAM_VALUES,
    ignoreAvailability: true,
  });
  const rows = printSelect({
    columns: [...names, `CAST(${watermark} AS BIGINT)`, ...features.map((_, at) => `"__v${at}"`)],
    from: [`${block(values)} AS v`],
  });
  const outdated = `DELETE FROM ${tables.online} AS o USING ${block(touched)} AS b WHERE ${sameKeys(keys, 'o', 'b')}`;
  return [outdated, `INSERT INTO ${tables.online}\n${rows}`];
}

/** The view with the state's rows as its source. */
export function overState(compiled: CompiledView, { state }: ConsumerTables): CompiledView {
  return { ...compiled, source: state, sorted: null, facts: null };
}

export const STREAM_VALUES: ValueOptions = { keepKeys: true, ignoreTtl: false, keepExpired: false };

/** Entities (SQL of key columns) at one instant. */
export function pointsAt({ keys }: CompiledView, entities: string, at: bigint): Points {
  return entityPoints(keys, entities, `CAST(${at} AS BIGINT)`);
}

/**
 * Drops what nothing asks for any more: rows below every window's lower edge at `horizon` and after it, and values
 * that are older than the view's ttl there.
 */
export function evictSql(
  { view, features }: CompiledView,
  tables: ConsumerTables,
  horizon: bigint,
): string[] {
  const at = `epoch_us(${quote(view.timestamp)})`;
  const gone = windowsOf(features).map((window) => `${leavesAt(window, at)} <= ${horizon}`);
  return [
    `DELETE FROM ${tables.state} WHERE ${gone.join(' AND ')}`,
    ...(view.ttl === null ? [] : [`DELETE FROM ${tables.online} WHERE "__t" < ${horizon - view.ttl}`]),
  ];
}
