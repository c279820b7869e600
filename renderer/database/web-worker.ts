import type { EngineWorker } from '../../engine/database/engine-worker';

/** A web worker as the engine's kind of worker. An uncaught error leaves its wasm memory in doubt, so it ends there. */
export function webWorker(worker: Worker): EngineWorker {
  return {
    postMessage: (message, transfer = []) => worker.postMessage(message, transfer),
    onMessage: (listener) =>
      worker.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
    onDeath: (listener) => {
      const end = (reason: string): void => {
        worker.terminate();
        listener(reason);
      };
      worker.addEventListener('error', (event) => end(event.message || 'its script failed'));
      worker.addEventListener('messageerror', () => end('a message could not be read'));
    },
    terminate: () => worker.terminate(),
  };
}
