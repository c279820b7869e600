import type { Database } from '../database/database';
import { DuckDBWasm } from '../database/duckdb-wasm';
import { ParquetClient } from '../database/parquet-client';
import type { ParquetReader, ParquetWriter } from '../ports';
import { nodeEngineHost } from './duckdb-thread';
import { nodeParquetHost } from './parquet-host';
import { NodeWorkspaceFiles } from './workspace-files';

export interface NodeHost {
  database: Database;
  files: NodeWorkspaceFiles;
  reader: ParquetReader;
  writer: ParquetWriter;
  /** Ends the engine's and the Parquet reader's threads. */
  close(): Promise<void>;
}

/** Everything that a notebook in `folder` needs from Node. Errors: `file.not_found`, `engine.start_failed`. */
export async function openNodeHost(
  folder: string,
  options: { allowOutside?: boolean; granted?: readonly string[] } = {},
): Promise<NodeHost> {
  const files = await NodeWorkspaceFiles.open(folder, options);
  const database = await DuckDBWasm.open(nodeEngineHost());
  const parquet = new ParquetClient(nodeParquetHost((path) => files.locate(path)));
  return {
    database,
    files,
    reader: parquet,
    writer: parquet,
    async close() {
      parquet.close();
      await database.close();
    },
  };
}
