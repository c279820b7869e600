import { openAsBlob } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import * as parquet from 'parquet-wasm/esm/parquet_wasm.js';
import { PlumblineError } from '../errors';
import type { ParquetRequest } from '../database/parquet-protocol';
import { ParquetWorker } from '../database/parquet-worker';

/** The script of the thread in which the command line reads and writes Parquet. */
const worker = new ParquetWorker({
  async start(wasm) {
    parquet.initSync({ module: await readFile(wasm) });
    return parquet;
  },
  async open(library, location) {
    return library.ParquetFile.fromFile(await blob(location));
  },
});

async function blob(path: string): Promise<Blob> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is not a file');
    return await openAsBlob(path);
  } catch (thrown) {
    throw new PlumblineError('source.unreadable', `${path} cannot be read: ${(thrown as Error).message}`, {
      cause: thrown,
      hint: 'Check that the file is there and that you may read it.',
    });
  }
}

let last: Promise<void> = Promise.resolve();
parentPort?.on('message', ({ id, request }: { id: number; request: ParquetRequest }) => {
  last = last.then(async () => {
    const answer = await worker.answer(id, request);
    const bytes = answer.ok && answer.value instanceof Uint8Array ? [answer.value.buffer as ArrayBuffer] : [];
    parentPort?.postMessage(answer, bytes);
  });
});
