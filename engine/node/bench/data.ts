import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** Rows of the generated data. */
export interface Sizes {
  users: number;
  /** Days of history; a feature table has some 95 of 100 daily rows of each user. */
  days: number;
  events: number;
  spine: number;
  /** Spine rows of the figures from files; Feast’s file store takes minutes for so many. */
  feastSpine: number;
  /** Rows of the long spine. */
  bigSpine: number;
}

export const SMALL: Sizes = {
  users: 10_000,
  days: 95,
  events: 1_000_000,
  spine: 100_000,
  feastSpine: 10_000,
  bigSpine: 1_000_000,
};
export const FULL: Sizes = {
  users: 100_000,
  days: 95,
  events: 10_000_000,
  spine: 1_000_000,
  feastSpine: 20_000,
  bigSpine: 10_000_000,
};

/** Feature tables of the as-of figures. */
export const VIEWS = 5;

export type BenchTable = 'events' | 'spine' | 'feast_spine' | 'big_spine' | `daily${number}`;

/** Deterministic data: Parquet files in a temporary folder, and native DuckDB on one thread with the same tables. */
export class BenchData {
  private readonly made = new Set<BenchTable>();

  private constructor(
    readonly folder: string,
    readonly sizes: Sizes,
    readonly native: DuckDBConnection,
  ) {}

  static async open(sizes: Sizes): Promise<BenchData> {
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-bench-'));
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    return new BenchData(folder, sizes, await instance.connect());
  }

  file(table: BenchTable): string {
    return join(this.folder, `${table}.parquet`);
  }

  /** Makes what is not there yet. */
  async need(...tables: BenchTable[]): Promise<void> {
    for (const table of tables) {
      if (this.made.has(table)) continue;
      this.made.add(table);
      await this.native.run(`CREATE TABLE ${table} AS ${sqlOf(table, this.sizes)}`);
      await this.native.run(`COPY ${table} TO '${this.file(table)}' (FORMAT parquet, COMPRESSION zstd)`);
    }
  }

  async needViews(): Promise<void> {
    await this.need(...views());
  }

  /** The numbers of one row. */
  async numbers(sql: string): Promise<number[]> {
    const reader = await this.native.runAndReadAll(sql);
    return reader.getRows()[0]!.map(Number);
  }

  async close(): Promise<void> {
    this.native.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The feature tables, in order. */
export function views(): `daily${number}`[] {
  return Array.from({ length: VIEWS }, (_, index) => `daily${index}` as const);
}

/** The two features of each feature table, in the tables' order. */
export function featureColumns(): string[] {
  return views().flatMap((_, index) => [`x${index}`, `n${index}`]);
}

function sqlOf(table: BenchTable, { users, days, events, spine, feastSpine, bigSpine }: Sizes): string {
  // Never midnight: nothing then depends on whether a tool counts a row at exactly t.
  const moment = (seed: number, from = 0) =>
    `TIMESTAMP '2025-01-01' + to_seconds((${from} * 86400 + hash(i + ${seed}) % ${days - from} * 86400
      + 1 + hash(i + ${seed + 1}) % 86399)::BIGINT)`;
  const user = (seed: number) => `(hash(i + ${seed}) % ${users})::BIGINT`;
  switch (table) {
    case 'events':
      return `SELECT ${user(0)} AS user_id, ${moment(1)} AS event_timestamp,
        (hash(i + 5) % 60000)::DOUBLE / 100 AS amount, i % 4 AS kind FROM range(${events}) t(i)`;
    case 'spine':
      return `SELECT ${user(11)} AS user_id, ${moment(13)} AS event_timestamp, (hash(i + 17) % 2)::INTEGER AS label
        FROM range(${spine}) t(i)`;
    case 'big_spine':
      return `SELECT ${user(23)} AS user_id, ${moment(29)} AS event_timestamp, (hash(i + 17) % 2)::INTEGER AS label
        FROM range(${bigSpine}) t(i)`;
    case 'feast_spine':
      return `SELECT DISTINCT ON (user_id, event_timestamp) * FROM (SELECT ${user(11)} AS user_id,
        ${moment(13, 10)} AS event_timestamp, (hash(i + 17) % 2)::INTEGER AS label FROM range(${feastSpine}) t(i))`;
    default: {
      const view = table.slice('daily'.length);
      return `SELECT u::BIGINT AS user_id, TIMESTAMP '2025-01-01' + to_days(d::INTEGER) AS event_timestamp,
        (hash(u * 7 + d + ${view}) % 100000)::DOUBLE / 8 AS x${view}, (hash(u + d * 3 + ${view}) % 50)::INTEGER AS n${view}
        FROM range(${users}) a(u), range(${days}) b(d) WHERE hash(u * 131 + d * 17 + ${view}) % 20 <> 0`;
    }
  }
}
