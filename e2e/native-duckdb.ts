import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, '../sample-data/data');

export type NativeRow = Record<string, DuckDBValue>;

/** Native DuckDB with the sample's files as views: the truth that the app's numbers are held against. */
export interface NativeDuckDB {
  rows(sql: string): Promise<NativeRow[]>;
  /** The single row of a query. */
  row(sql: string): Promise<NativeRow>;
  close(): void;
}

/**
 * `interactions`, `user_days`, `item_days`, `starts`, `serving_log`: as the files have them, times as TIMESTAMP in
 * UTC. `starts` has `n`, its row number in the file from 0.
 */
export async function openNative(): Promise<NativeDuckDB> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  const view = (name: string, file: string, columns: string) =>
    connection.run(`CREATE TABLE ${name} AS SELECT ${columns} FROM read_parquet('${DATA}/${file}')`);
  const utc = '* REPLACE (event_timestamp::TIMESTAMP AS event_timestamp)';
  await view('interactions', 'interactions/*.parquet', utc);
  await view('user_days', 'user_daily.parquet', '*');
  await view('item_days', 'item_daily.parquet', '*');
  await view('starts', 'starts.parquet', `${utc}, row_number() OVER () - 1 AS n`);
  await view('serving_log', 'serving_log.parquet', `${utc}, row_number() OVER () - 1 AS n`);
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjects();
  return {
    rows,
    row: async (sql) => (await rows(sql))[0]!,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/**
 * Completions per view of the user in [end - days, end), 0 where there was no view: the feature
 * `user_7d_completion_rate` for any window.
 */
export const completionRate = (days: number, end: string): string =>
  `coalesce((SELECT count(*) FILTER (event_type = 'completion') / nullif(count(*) FILTER (event_type = 'view'), 0)
     FROM interactions e
     WHERE e.user_id = starts.user_id AND e.event_timestamp < ${end}
       AND e.event_timestamp >= ${end} - INTERVAL ${days} DAY), 0.0)`;
