import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { EngineHost, EngineWorker } from '../database/engine-worker';
import { nodeWorker } from './node-worker';

const resolve = createRequire(import.meta.url).resolve;

/**
 * DuckDB-WASM's Node script expects the globals of a browser worker. Its log lines repeat the errors that its
 * answers carry, so they are dropped.
 */
const BOOT = `
  const { parentPort, workerData } = require('node:worker_threads');
  for (const level of ['log', 'warn', 'error']) console[level] = () => {};
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  parentPort.on('message', (data) => globalThis.onmessage({ data }));
  require(workerData.script);
`;

/** An engine in a Node worker thread, without a browser. */
export function nodeEngineHost(options: Pick<EngineHost, 'memoryBytes'> = {}): EngineHost {
  return {
    spawn: () => spawn(resolve('@duckdb/duckdb-wasm/dist/duckdb-node-eh.worker.cjs')),
    wasm: resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'),
    // Node's engine falls through to the real disk, so the folder has a name that no disk has.
    filesFolder: `/plumbline-${randomUUID()}/ws/`,
    // A folder that does not exist: Node's engine would otherwise know the public repository's address.
    extensionRepository: '/plumbline/none',
    ...options,
  };
}

function spawn(script: string): EngineWorker {
  return nodeWorker(new Worker(BOOT, { eval: true, workerData: { script } }));
}
