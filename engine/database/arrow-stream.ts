import type { ArrowBytes } from './database';

/** The end mark of an Arrow IPC stream: continuation, then a zero length. */
const END = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/** One complete IPC stream from its schema message and record batch messages. */
export function arrowStream(schema: Uint8Array, batches: readonly Uint8Array[]): ArrowBytes {
  const length = batches.reduce((sum, batch) => sum + batch.length, schema.length + END.length);
  const bytes = new Uint8Array(length);
  bytes.set(schema, 0);
  let at = schema.length;
  for (const batch of batches) {
    bytes.set(batch, at);
    at += batch.length;
  }
  bytes.set(END, at);
  return bytes;
}
