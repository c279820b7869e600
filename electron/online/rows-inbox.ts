import { PlumblineError } from '../../engine/errors';
import type { ArrowBytes } from '../../engine/database/database';
import type { RowsFromPage, RowsToPage } from './messages';

/** One end of a MessageChannel, as far as rows need it; Electron's and Node's ports both fit. */
export interface RowsPort {
  onMessage(listener: (message: RowsFromPage) => void): void;
  onClose(listener: () => void): void;
  post(message: RowsToPage): void;
  close(): void;
}

/** Hands ports to whoever reads their rows, whichever comes first. */
export interface RowsInbox {
  offer(job: string, view: string, port: RowsPort): void;
  rows(job: string, view: string, signal: AbortSignal): AsyncIterable<ArrowBytes>;
  /** Closes the job's ports that nobody reads. */
  drop(job: string): void;
}

export function createRowsInbox(): RowsInbox {
  const ports = new Map<string, RowsPort>();
  const waiting = new Map<string, (port: RowsPort) => void>();
  const keyOf = (job: string, view: string) => `${job} ${view}`;

  const take = (key: string, signal: AbortSignal): Promise<RowsPort> =>
    new Promise((resolve, reject) => {
      const port = ports.get(key);
      if (port) {
        ports.delete(key);
        resolve(port);
        return;
      }
      waiting.set(key, resolve);
      const cancel = () => {
        waiting.delete(key);
        reject(cancelled());
      };
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel, { once: true });
    });

  return {
    offer: (job, view, port) => {
      const key = keyOf(job, view);
      const reader = waiting.get(key);
      waiting.delete(key);
      if (reader) reader(port);
      else if (ports.has(key)) port.close();
      else ports.set(key, port);
    },
    rows: async function* (job, view, signal) {
      yield* readPort(await take(keyOf(job, view), signal), signal);
    },
    drop: (job) => {
      for (const [key, port] of ports) {
        if (!key.startsWith(`${job} `)) continue;
        ports.delete(key);
        port.post({ stop: true });
        port.close();
      }
    },
  };
}

/** Batches of one port in order; each is acknowledged when the reader asks for the next one. */
async function* readPort(port: RowsPort, signal: AbortSignal): AsyncGenerator<ArrowBytes> {
  const queue: RowsFromPage[] = [];
  let wake: () => void = () => undefined;
  const put = (message: RowsFromPage) => {
    queue.push(message);
    wake();
  };
  port.onMessage(put);
  port.onClose(() => put({ failed: true }));
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    for (let read = 0; ;) {
      while (queue.length === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) throw cancelled();
      const message = queue.shift()!;
      if (!(message instanceof Uint8Array)) {
        if ('end' in message) return;
        throw new PlumblineError('engine.cancelled', 'The rows of the snapshot ended early.');
      }
      yield message;
      port.post({ ack: ++read });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    port.post({ stop: true });
    port.close();
  }
}

function cancelled(): PlumblineError {
  return new PlumblineError('engine.cancelled', 'The run was cancelled.');
}
