import { availableParallelism } from 'node:os';
import type { Database } from '../database/database';
import { DuckDBWasm } from '../database/duckdb-wasm';
import { EnginePool } from '../database/engine-pool';
import { ParquetClient } from '../database/parquet-client';
import { Supervisor } from '../database/supervisor';
import type { ParquetReader, ParquetWriter } from '../ports';
import { nodeEngineHost } from './duckdb-thread';
import { nodeParquetHost } from './parquet-host';
import { NodeWorkspaceFiles } from './workspace-files';

/** Beside the engine's own thread, two keep up with its inserts. */
const PARQUET_WORKERS = Math.min(2, availableParallelism());

export interface NodeHost {
  database: Database;
  pool: EnginePool;
  files: NodeWorkspaceFiles;
  reader: ParquetReader;
  writer: ParquetWriter;
  /** Ends the threads of the engines and of the Parquet reader. */
  close(): Promise<void>;
}

/**
 * Everything that a notebook in `folder` needs from Node. `threads`: engines for whole runs beside the first one; one
 * less than the machine's cores when absent. `memoryBytes`: as in `EngineHost`, of each engine. Errors: `file.not_found`,
 * `engine.start_failed`.
 */
export async function openNodeHost(
  folder: string,
  options: {
    allowOutside?: boolean;
    granted?: readonly string[];
    threads?: number;
    memoryBytes?: number | undefined;
  } = {},
): Promise<NodeHost> {
  const files = await NodeWorkspaceFiles.open(folder, options);
  const openEngine = () => DuckDBWasm.open(nodeEngineHost({ memoryBytes: options.memoryBytes }));
  const database = await openEngine();
  const parquet = new ParquetClient(
    nodeParquetHost((path) => files.locate(path)),
    PARQUET_WORKERS,
  );
  const pool = new EnginePool(
    () => new Supervisor({ open: openEngine }),
    options.threads ?? Math.max(1, availableParallelism() - 1),
    options.memoryBytes,
  );
  return {
    database,
    pool,
    files,
    reader: parquet,
    writer: parquet,
    async close() {
      parquet.close();
      await pool.close();
      await database.close();
    },
  };
}
