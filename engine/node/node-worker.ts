import type { Worker } from 'node:worker_threads';
import type { EngineWorker } from '../database/engine-worker';

/** A Node worker thread as the engine's kind of worker. */
export function nodeWorker(worker: Worker): EngineWorker {
  return {
    postMessage: (message, transfer = []) => worker.postMessage(message, transfer),
    onMessage: (listener) => worker.on('message', listener),
    onDeath: (listener) => {
      worker.on('error', (error) => listener(error.message));
      worker.on('exit', (code) => listener(`its thread ended with code ${code}`));
    },
    terminate: () => void worker.terminate(),
  };
}
