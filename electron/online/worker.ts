import { parentPort, type MessagePort } from 'node:worker_threads';
import type { RowsFromPage, ToService } from './messages';
import { createOnlineService } from './online-service';
import type { RowsPort } from './rows-inbox';

// Everything that touches Redis or encodes bytes runs in this thread of the Redis process, never in main.
const host = parentPort!;
const receive = createOnlineService((message) => host.postMessage(message), Date.now);

host.on('message', ({ message, port }: { message: ToService; port: MessagePort | null }) =>
  receive(message, port === null ? [] : [rowsPort(port)]),
);

function rowsPort(port: MessagePort): RowsPort {
  return {
    onMessage: (listener) => void port.on('message', (message: RowsFromPage) => listener(message)),
    onClose: (listener) => void port.on('close', listener),
    post: (message) => port.postMessage(message),
    close: () => port.close(),
  };
}
