import * as parquet from 'parquet-wasm/esm/parquet_wasm.js';
import { PlumblineError } from '../../engine/errors';
import type { ParquetRequest } from '../../engine/database/parquet-protocol';
import { ParquetWorker } from '../../engine/database/parquet-worker';

/** The script of the worker in which the window reads and writes Parquet, by range requests to the app's protocol. */
const worker = new ParquetWorker({
  async start(wasm) {
    await parquet.default({ module_or_path: wasm });
    return parquet;
  },
  async open(library, location) {
    await requireFile(location);
    return library.ParquetFile.fromUrl(location);
  },
});

async function requireFile(location: string): Promise<void> {
  const answer = await fetch(location, { method: 'HEAD' }).catch(() => null);
  if (answer?.ok) return;
  const name = decodeURIComponent(location.split('/').pop() ?? location);
  throw new PlumblineError(
    'source.unreadable',
    `${name} cannot be read${answer ? ` (${answer.status})` : ''}.`,
    { hint: "Check that the file is in the notebook's folder and that you may read it." },
  );
}

let last: Promise<void> = Promise.resolve();
self.addEventListener('message', (event: MessageEvent<{ id: number; request: ParquetRequest }>) => {
  const { id, request } = event.data;
  last = last.then(async () => {
    const answer = await worker.answer(id, request);
    const bytes = answer.ok && answer.value instanceof Uint8Array ? [answer.value.buffer as ArrayBuffer] : [];
    self.postMessage(answer, { transfer: bytes });
  });
});
