import duckdbScript from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import duckdbWasm from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import parquetWasm from 'parquet-wasm/esm/parquet_wasm_bg.wasm?url';
import { DuckDBWasm } from '../../engine/database/duckdb-wasm';
import { EnginePool } from '../../engine/database/engine-pool';
import type { EngineHost } from '../../engine/database/engine-worker';
import { ParquetClient } from '../../engine/database/parquet-client';
import type { ParquetHost } from '../../engine/database/parquet-link';
import { Supervisor } from '../../engine/database/supervisor';
import type { ParquetReader, ParquetWriter } from '../../engine/ports';
import ParquetScript from './parquet.worker?worker';
import { webWorker } from './web-worker';

/** A 404 of the app's own: the engine never asks a network for extensions. */
const NO_EXTENSIONS = 'app://plumbline/none';

/** Beside the engine's own worker, two keep up with its inserts. */
const PARQUET_WORKERS = Math.min(2, navigator.hardwareConcurrency);

export interface BrowserHost {
  database: Supervisor;
  pool: EnginePool;
  reader: ParquetReader;
  writer: ParquetWriter;
  /** Ends all workers. */
  close(): Promise<void>;
}

/** The engine and the Parquet reader of a workspace, each in a web worker. Errors: `engine.start_failed`. */
export async function openBrowserHost(workspaceId: string): Promise<BrowserHost> {
  const database = new Supervisor({ open: () => DuckDBWasm.open(engineHost()) });
  await database.info();
  const parquet = new ParquetClient(parquetHost(workspaceId), PARQUET_WORKERS);
  const engines = Math.max(1, navigator.hardwareConcurrency - 1);
  const pool = new EnginePool(() => new Supervisor({ open: () => DuckDBWasm.open(engineHost()) }), engines);
  return {
    database,
    pool,
    reader: parquet,
    writer: parquet,
    async close() {
      parquet.close();
      await pool.close();
      await database.close();
    },
  };
}

function engineHost(): EngineHost {
  return {
    spawn: () => webWorker(new Worker(absolute(duckdbScript))),
    wasm: absolute(duckdbWasm),
    filesFolder: '/ws/',
    extensionRepository: NO_EXTENSIONS,
  };
}

function parquetHost(workspaceId: string): ParquetHost {
  return {
    spawn: () => webWorker(new ParquetScript()),
    wasm: absolute(parquetWasm),
    locate: async (path) =>
      absolute(`/workspace/${workspaceId}/${path.split('/').map(encodeURIComponent).join('/')}`),
  };
}

function absolute(address: string): string {
  return new URL(address, document.baseURI).href;
}
