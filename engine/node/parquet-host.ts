import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EngineWorker } from '../database/engine-worker';
import type { ParquetHost } from '../database/parquet-link';
import { nodeWorker } from './node-worker';

/** Parquet in a Node worker thread; `locate` turns a workspace path into a file path. */
export function nodeParquetHost(locate: (path: string) => Promise<string>): ParquetHost {
  return {
    spawn,
    wasm: createRequire(import.meta.url).resolve('parquet-wasm/esm/parquet_wasm_bg.wasm'),
    locate,
  };
}

/** From source the thread's script is TypeScript, which tsx loads; a build puts parquet-thread.js beside itself. */
function spawn(): EngineWorker {
  if (!import.meta.url.endsWith('.ts'))
    return nodeWorker(new Worker(new URL('./parquet-thread.js', import.meta.url), { stderr: true }));
  const boot = `
    const { pathToFileURL } = require('node:url');
    const { workerData } = require('node:worker_threads');
    import(pathToFileURL(workerData.tsx)).then(({ register }) => {
      register();
      return import(workerData.script);
    });`;
  const workerData = {
    tsx: join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist/esm/api/index.mjs'),
    script: new URL('./parquet-thread.ts', import.meta.url).href,
  };
  return nodeWorker(new Worker(boot, { eval: true, workerData, stderr: true }));
}
