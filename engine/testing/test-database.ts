import { DuckDBWasm } from '../database/duckdb-wasm';
import type { Database } from '../database/database';
import { nodeEngineHost } from '../node/duckdb-thread';

/** A real engine for tests. Call `close()` in afterAll: an open one keeps the test process alive. */
export function openTestDatabase(): Promise<Database> {
  return DuckDBWasm.open(nodeEngineHost());
}
