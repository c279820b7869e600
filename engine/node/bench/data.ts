import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** Rows of the generated data. */
export interface Sizes {
  users: number;
  days: number;
  events: number;
  spine: number;
}

export const SMALL: Sizes = { users: 10_000, days: 90, events: 1_000_000, spine: 100_000 };
export const FULL: Sizes = { users: 100_000, days: 90, events: 10_000_000, spine: 1_000_000 };

export interface BenchData {
  folder: string;
  /** Native DuckDB on one thread, with tables `daily`, `events` and `spine`. */
  native: DuckDBConnection;
}

/** Deterministic data, as native tables and as Parquet files in a temporary folder. */
export async function makeData(sizes: Sizes): Promise<BenchData> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-bench-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const native = await instance.connect();
  const second = `TIMESTAMP '2025-01-01' + to_seconds((hash(i + SEED) % (${sizes.days} * 86400))::BIGINT)`;
  const random = (seed: number) => second.replace('SEED', String(seed));
  const tables = {
    daily: `SELECT u AS user_id, TIMESTAMP '2025-01-01' + to_days(d::INTEGER) AS event_timestamp,
      (hash(u * 7 + d) % 1000)::DOUBLE AS f1, (hash(u + d * 3) % 50)::INTEGER AS f2, u * 0.5 AS f3, d AS f4
      FROM range(${sizes.users}) a(u), range(${sizes.days}) b(d)`,
    events: `SELECT (hash(i) % ${sizes.users})::BIGINT AS user_id, ${random(1)} AS event_timestamp,
      (hash(i + 5) % 600)::DOUBLE AS amount, i % 4 AS kind FROM range(${sizes.events}) t(i)`,
    spine: `SELECT (hash(i + 11) % ${sizes.users})::BIGINT AS user_id, ${random(13)} AS event_timestamp,
      (hash(i + 17) % 2)::INTEGER AS label FROM range(${sizes.spine}) t(i)`,
  };
  for (const [name, sql] of Object.entries(tables)) {
    await native.run(`CREATE TABLE ${name} AS ${sql}`);
    await native.run(
      `COPY ${name} TO '${join(folder, `${name}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`,
    );
  }
  return { folder, native };
}
