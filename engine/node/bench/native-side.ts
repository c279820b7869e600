import type { BenchData } from './data';
import { digestSql } from './engine-side';
import type { Side } from './measure';

/** One statement in native DuckDB on one thread that makes the table `result`. */
export function nativeSide(data: BenchData, name: string, sql: string, columns: readonly string[]): Side {
  return {
    name,
    run: () => data.native.run(`CREATE OR REPLACE TABLE result AS ${sql}`).then(() => undefined),
    digest: () => data.numbers(digestSql('result', columns)),
  };
}
