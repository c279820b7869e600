/**
 * The port through which everything in engine/ talks to DuckDB. Hosts implement it once per place where DuckDB
 * runs (a browser worker, a Node worker); engine code and tests see only this.
 */

export interface QueryOptions {
  /** Aborting rejects the call with `engine.cancelled` and leaves the engine usable. */
  signal?: AbortSignal;
  /**
   * `user` queries run one after the other. A `screen` query (rows on screen) does not wait for them: they pause while it
   * runs, within milliseconds. `background` work (profiles, counts) pauses while any of them runs. Default `user`.
   */
  priority?: 'screen' | 'user' | 'background';
  /** Milliseconds after which the call fails with `engine.deadline`; none when absent. Kept by the supervisor. */
  deadline?: number;
}

/** A table by its parts, as they are before quoting. */
export interface TablePlace {
  schema: string;
  name: string;
}

export interface IngestOptions extends QueryOptions {
  create: boolean;
  /** The caller uses the batch no more: its memory may move to the engine. */
  handOver?: boolean;
}

/** A result column by its DuckDB type name, for instance `BIGINT`, `TIMESTAMP`, `VARCHAR[]`. */
export interface ColumnInfo {
  name: string;
  type: string;
}

/**
 * A result as it left the engine: one complete Arrow IPC stream. Decode with `decodeRows` or flechette with
 * `{useBigInt, useDecimalInt, useBigIntTimestamp}`.
 */
export type ArrowBytes = Uint8Array;

export interface DatabaseInfo {
  /** For instance `v1.4.3`. */
  version: string;
  threads: number;
}

export interface MemoryUse {
  /** Bytes. */
  used: number;
  limit: number;
}

export interface Database {
  /** Runs one or more statements and gives the last one's result, complete. */
  query(sql: string, options?: QueryOptions): Promise<ArrowBytes>;
  /**
   * Runs one SELECT and gives it batch by batch, each a complete Arrow IPC stream; nothing runs ahead unread. It has a
   * connection of its own: other queries may run meanwhile, and TEMP tables of `query` are not seen.
   */
  stream(sql: string, options?: QueryOptions): AsyncIterable<ArrowBytes>;
  /** Columns of a SELECT, by binding it. Runs nothing. Errors: `sql.syntax`, `sql.bind` with line and column. */
  describe(sql: string, options?: QueryOptions): Promise<ColumnInfo[]>;
  /**
   * Appends an Arrow IPC stream to a table, in row order, column by column as they stand, cast to the table's types.
   * `create` makes the table from the stream's schema; `handOver` gives the batch away, which spares a copy.
   * `table` is schema-qualified by parts, never quoted by the caller.
   */
  ingest(table: { schema: string; name: string }, batch: ArrowBytes, options: IngestOptions): Promise<void>;
  /** Makes bytes readable for read_csv, in memory; gives the path to read. */
  registerFile(name: string, bytes: Uint8Array): Promise<string>;
  dropFile(name: string): Promise<void>;
  info(): Promise<DatabaseInfo>;
  memory(): Promise<MemoryUse>;
  close(): Promise<void>;
}

/** The schema that holds Plumbline's own tables; a user's names live in `main`. */
export const INTERNAL_SCHEMA = '_plumb';

/** The column with a source row's position over all its files, in file order, from 0. In internal tables only. */
export const ORDER_COLUMN = '__order';

/** A loaded source: table `_plumb.<name>` with ORDER_COLUMN; view `main.<name>` without it. */
export function sourceTable(source: string): TablePlace {
  return { schema: INTERNAL_SCHEMA, name: `source_${source}` };
}
