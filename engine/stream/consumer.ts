import { type ColumnInfo, type Database, sourceTable } from '../database/database';
import { queryRows } from '../database/rows';
import { loadedColumns } from '../database/source-tables';
import { type CompiledView, keyColumns, keySelect } from '../sql/compiled-view';
import { relation } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { valuesSql } from '../sql/view-values';
import {
  acceptSql,
  batchSql,
  type BatchRange,
  type ConsumerTables,
  consumerTables,
  evictSql,
  overState,
  pointsAt,
  refreshSql,
  stateColumns,
  STREAM_VALUES,
} from './consumer-sql';

/** What a consumer has done so far; instants in microseconds, null before the first row. */
export interface ConsumerCounts {
  /** Rows that arrived: accepted, late or without a key. */
  read: number;
  accepted: number;
  late: number;
  noKey: number;
  evicted: number;
  /** Rows in the state now, and the most after any batch. */
  stateRows: number;
  mostStateRows: number;
  /** Entities whose values are online. */
  entities: number;
  watermark: bigint | null;
  /** When the last row that was read had arrived. */
  arrival: bigint | null;
  batches: number;
}

export interface ConsumerOptions {
  /** Names the tables. */
  name: string;
  /** How far the watermark stays behind the greatest event time, microseconds. */
  delay: bigint;
  /** The instant up to which arrivals are read and for which values are kept, microseconds. */
  end: bigint;
  signal?: AbortSignal;
}

/** Rows of tombstones that a state may have before it is written anew, whatever it holds. */
const FEW_ROWS = 20_000;

/**
 * Consumes a log in order of arrival, batch by batch: rows that happened before the watermark are dropped, the others
 * go to the state, out of which values come. The state holds what a window can still reach at or after the watermark.
 */
export class StreamConsumer {
  readonly counts: ConsumerCounts = {
    read: 0,
    accepted: 0,
    late: 0,
    noKey: 0,
    evicted: 0,
    stateRows: 0,
    mostStateRows: 0,
    entities: 0,
    watermark: null,
    arrival: null,
    batches: 0,
  };
  private seen: bigint | null = null;
  private tombstones = 0;

  private constructor(
    private readonly db: Database,
    /** Compiled over the log. */
    private readonly compiled: CompiledView,
    private readonly arrivals: string,
    readonly tables: ConsumerTables,
    private readonly columns: readonly string[],
    private readonly options: ConsumerOptions,
  ) {}

  /** Makes an empty state. `arrivals` is what `makeArrivals` made of the log that the view is compiled over. */
  static async open(
    db: Database,
    compiled: CompiledView,
    arrivals: string,
    options: ConsumerOptions,
  ): Promise<StreamConsumer> {
    const { signal } = options;
    const tables = consumerTables(options.name);
    const columns = (await loadedColumns(db, compiled.view.source, signal)).map(nameOf);
    const log = relation(sourceTable(compiled.view.source));
    const consumer = new StreamConsumer(db, compiled, arrivals, tables, columns, options);
    const none = (sql: string): string => `SELECT * FROM ${block(sql)} AS none WHERE false`;
    const rows = printSelect({ columns: stateColumns(columns), from: [log] });
    const keys = printSelect({ columns: keySelect(compiled.keys), from: [log] });
    const online = valuesSql(compiled, pointsAt(compiled, keys, 0n), STREAM_VALUES);
    const values = printSelect({
      columns: [
        ...keyColumns(compiled.keys),
        'CAST(0 AS BIGINT) AS "__t"',
        ...compiled.features.map((_, at) => `"__v${at}"`),
      ],
      from: [`${block(online)} AS v`],
    });
    for (const [table, sql] of [
      [tables.state, rows],
      [tables.online, values],
    ] as const)
      await db.query(`CREATE OR REPLACE TABLE ${table} AS ${none(sql)}`, { signal });
    return consumer;
  }

  /**
   * The next arrivals as a batch: at most `rows` of them, and none at or after `until` (microseconds). null when there
   * is none.
   */
  async next(rows: number, until: bigint | null): Promise<BatchRange | null> {
    const { end, signal } = this.options;
    const from = this.counts.read;
    const sql = printSelect({
      columns: ['count(*) AS n', 'min("__order") AS least', 'max("__order") AS most'],
      from: [this.arrivals],
      where: [
        `"__pos" >= ${from}`,
        `"__pos" < ${from + rows}`,
        `"__known" <= ${end}`,
        ...(until === null ? [] : [`"__known" < ${until}`]),
      ],
    });
    const [row] = await queryRows(this.db, sql, { signal });
    const n = Number(row?.['n'] ?? 0);
    if (n === 0) return null;
    return {
      from,
      to: from + n,
      orders: [row!['least'] as bigint, row!['most'] as bigint],
      seen: this.seen,
    };
  }

  /** When the next row arrives, microseconds; null when none does any more. */
  async nextArrival(): Promise<bigint | null> {
    const sql = printSelect({
      columns: ['min("__known") AS known'],
      from: [this.arrivals],
      where: [`"__pos" = ${this.counts.read}`, `"__known" <= ${this.options.end}`],
    });
    const [row] = await queryRows(this.db, sql, { signal: this.options.signal });
    return typeof row?.['known'] === 'bigint' ? row['known'] : null;
  }

  /** Takes a batch in: what is late is dropped, the state grows, values are computed anew, and what is past goes. */
  async consume(range: BatchRange): Promise<void> {
    const { db, compiled, tables, columns, counts, arrivals } = this;
    const { delay, end, signal } = this.options;
    const batch = batchSql(compiled, arrivals, range, delay);
    const [seen] = await queryRows(
      db,
      `CREATE OR REPLACE TABLE ${tables.batch} AS\n${batch};\n${BATCH_COUNTS} FROM ${tables.batch}`,
      { signal },
    );
    const count = (name: string): number => Number(seen?.[name] ?? 0);
    const greatest = seen!['at'] as bigint;
    this.seen = range.seen === null || greatest > range.seen ? greatest : range.seen;
    const watermark = this.seen - delay;
    const horizon = watermark < end ? watermark : end;
    const before = counts.stateRows + count('accepted');
    const [after] = await queryRows(
      db,
      [
        acceptSql(compiled, tables, columns, range),
        ...refreshSql(compiled, tables, watermark),
        ...evictSql(compiled, tables, horizon),
        `SELECT (SELECT count(*) FROM ${tables.state}) AS state, (SELECT count(*) FROM ${tables.online}) AS online`,
      ].join(';\n'),
      { signal },
    );
    counts.read = range.to;
    for (const [name, column] of [
      ['accepted', 'accepted'],
      ['late', 'late'],
      ['noKey', 'no_key'],
    ] as const)
      counts[name] += count(column);
    counts.stateRows = Number(after!['state']);
    counts.entities = Number(after!['online']);
    counts.mostStateRows = Math.max(counts.mostStateRows, counts.stateRows);
    counts.evicted += before - counts.stateRows;
    counts.watermark = watermark;
    counts.arrival = seen!['known'] as bigint;
    counts.batches++;
    await this.compact(before - counts.stateRows);
  }

  /** The view over what the state holds now. */
  overState(): CompiledView {
    return overState(this.compiled, this.tables);
  }

  async close(): Promise<void> {
    // Also after a cancelled query, which leaves the connection usable; a dead engine has no tables to drop.
    const drops = Object.values(this.tables).map((table: string) => `DROP TABLE IF EXISTS ${table}`);
    await this.db.query(drops.join('; ')).catch(() => undefined);
  }

  /** A table keeps the room of deleted rows: it is written anew before they outnumber those that are left. */
  private async compact(deleted: number): Promise<void> {
    this.tombstones += deleted;
    if (this.tombstones < Math.max(FEW_ROWS, this.counts.stateRows)) return;
    const { state } = this.tables;
    await this.db.query(`CREATE OR REPLACE TABLE ${state} AS SELECT * FROM ${state}`, {
      signal: this.options.signal,
    });
    this.tombstones = 0;
  }
}

const BATCH_COUNTS = `SELECT max("__at") AS at, max("__known") AS known,
  count(*) FILTER (WHERE "__fate" = 'accepted') AS accepted,
  count(*) FILTER (WHERE "__fate" = 'late') AS late,
  count(*) FILTER (WHERE "__fate" = 'no_key') AS no_key`;

const nameOf = ({ name }: ColumnInfo): string => name;
