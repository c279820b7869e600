import { PlumblineError } from '../errors';
import type { EngineWorker } from './engine-worker';

/** Requests of the DuckDB-WASM 1.32.0 worker that Plumbline uses: what is sent, what comes back. */
interface EngineCalls {
  INSTANTIATE: [[wasm: string, pthreadWorker: null], unknown];
  OPEN: [Record<string, unknown>, unknown];
  CONNECT: [null, number];
  DISCONNECT: [number, unknown];
  GET_VERSION: [null, string];
  CREATE_PREPARED: [[connection: number, sql: string], number];
  CLOSE_PREPARED: [[connection: number, statement: number], unknown];
  START_PENDING_QUERY: [[connection: number, sql: string, allowStream: boolean], Uint8Array | null];
  POLL_PENDING_QUERY: [number, Uint8Array | null];
  CANCEL_PENDING_QUERY: [number, boolean];
  FETCH_QUERY_RESULTS: [number, Uint8Array | null];
  INSERT_ARROW_FROM_IPC_STREAM: [
    [connection: number, stream: Uint8Array, options: { schema: string; name: string; create: boolean }],
    unknown,
  ];
  REGISTER_FILE_BUFFER: [[name: string, bytes: Uint8Array], unknown];
  DROP_FILE: [string, unknown];
}
export type EngineCall = keyof EngineCalls;
type Sent<C extends EngineCall> = EngineCalls[C][0];
type Received<C extends EngineCall> = EngineCalls[C][1];

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

interface Answer {
  requestId: number;
  type: string;
  data: unknown;
}

/**
 * Calls into one engine worker by DuckDB-WASM's own messages. The library's client leaves calls waiting for ever
 * when its worker dies; this one rejects every one of them with `engine.died`.
 */
export class EngineClient {
  private nextId = 0;
  private readonly waiting = new Map<number, Waiting>();
  private death: string | null = null;
  private readonly mourners: ((reason: string) => void)[] = [];

  constructor(private readonly worker: EngineWorker) {
    worker.onMessage((data) => this.receive(data as Answer));
    worker.onDeath((reason) => this.die(reason));
  }

  /** Fails with the engine's own text in a plain `Error`, or with `engine.died`. */
  call<C extends EngineCall>(type: C, data: Sent<C>, transfer: ArrayBuffer[] = []): Promise<Received<C>> {
    if (this.death !== null) return Promise.reject(died(this.death));
    const messageId = this.nextId++;
    return new Promise<Received<C>>((resolve, reject) => {
      this.waiting.set(messageId, { resolve: (value) => resolve(value as Received<C>), reject });
      this.worker.postMessage({ messageId, type, data }, transfer);
    });
  }

  /** Told once when the worker has died or was ended; at once when it already has. */
  onDeath(listener: (reason: string) => void): void {
    if (this.death === null) this.mourners.push(listener);
    else listener(this.death);
  }

  /** Ends the worker; whatever still waits is rejected. */
  terminate(reason: string): void {
    this.worker.terminate();
    this.die(reason);
  }

  private receive(answer: Answer): void {
    const waiting = this.waiting.get(answer.requestId);
    // A browser worker tells how far the instantiation is, under the request's own id, before it answers.
    if (!waiting || answer.type === 'INSTANTIATE_PROGRESS') return;
    this.waiting.delete(answer.requestId);
    if (answer.type === 'ERROR')
      waiting.reject(new Error(String((answer.data as { message?: unknown }).message)));
    else waiting.resolve(answer.data);
  }

  private die(reason: string): void {
    if (this.death !== null) return;
    this.death = reason;
    for (const waiting of this.waiting.values()) waiting.reject(died(reason));
    this.waiting.clear();
    for (const listener of this.mourners) listener(reason);
  }
}

export function died(reason: string): PlumblineError {
  return new PlumblineError('engine.died', `The engine stopped: ${reason}.`, {
    hint: 'It starts again by itself and loads the sources anew; run the cell again.',
    retryable: true,
  });
}
