import type { MessagePortMain } from 'electron';
import type { RowsFromPage, ToService } from './messages';
import { createOnlineService } from './online-service';
import type { RowsPort } from './rows-inbox';

// Entry of the utility process: everything that touches Redis or encodes bytes runs here, never in main.
const receive = createOnlineService((message) => process.parentPort.postMessage(message), Date.now);

process.parentPort.on('message', ({ data, ports }) => receive(data as ToService, ports.map(rowsPort)));

function rowsPort(port: MessagePortMain): RowsPort {
  return {
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data as RowsFromPage));
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
    post: (message) => port.postMessage(message),
    close: () => port.close(),
  };
}
