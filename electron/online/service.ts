import type { MessagePortMain } from 'electron';
import { join } from 'node:path';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { RowsFromPage } from './messages';

/**
 * Entry of the Redis process. The work is done in a thread, whose event loop is Node's own: that of an Electron process
 * goes over a second thread for each piece that a socket brings, which made a write several times slower.
 */
const worker = new Worker(join(__dirname, 'online-worker.cjs'));
worker.on('message', (message) => process.parentPort.postMessage(message));
// main tells everyone who waits, and starts another process with the next ask
worker.on('error', (thrown) => {
  throw thrown;
});

process.parentPort.on('message', ({ data, ports: [port] }) => {
  const handed = port === undefined ? null : threadPort(port);
  worker.postMessage({ message: data as unknown, port: handed }, handed === null ? [] : [handed]);
});

/** A port that the thread can take, for one that it cannot. */
function threadPort(page: MessagePortMain): MessagePort {
  const { port1, port2 } = new MessageChannel();
  page.on('message', ({ data }) => {
    const message = data as RowsFromPage;
    port1.postMessage(message, message instanceof Uint8Array ? [message.buffer as ArrayBuffer] : []);
  });
  page.on('close', () => port1.close());
  port1.on('message', (message) => page.postMessage(message));
  port1.on('close', () => page.close());
  page.start();
  return port2;
}
