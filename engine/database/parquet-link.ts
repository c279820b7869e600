import { PlumblineError, fromErrorRecord } from '../errors';
import { cancelled } from './engine-connection';
import type { EngineWorker } from './engine-worker';
import type { ParquetAnswer, ParquetRequest, ParquetResults } from './parquet-protocol';

/** How a host starts a Parquet worker, and what the worker opens for a path of the workspace. */
export interface ParquetHost {
  spawn(): EngineWorker;
  wasm: string;
  /** Errors: `source.outside_workspace`, `source.unreadable`. */
  locate(path: string): Promise<string>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  /** What the request worked on, for the message when the worker dies over it. */
  subject: string | null;
}

/**
 * One Parquet worker, started at the first request. A file that makes the library abort takes the worker with it:
 * the request fails with `source.corrupt` and the next one gets a new worker.
 */
export class ParquetLink {
  private worker: EngineWorker | null = null;
  private started: Promise<unknown> = Promise.resolve();
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(private readonly host: ParquetHost) {}

  /** Asks once the requests before have their answers; `subject` names the file that a death is blamed on. */
  ask<R extends ParquetRequest>(
    request: R,
    subject: string | null,
    signal?: AbortSignal,
  ): Promise<ParquetResults[R['do']]> {
    // One at a time: the worker holds one open file, and its death is blamed on one request.
    const run = this.tail.then(async () => {
      if (signal?.aborted) throw cancelled();
      if (this.worker === null) this.start();
      await this.started;
      return this.post(request, subject);
    });
    this.tail = run.catch(() => {});
    return run;
  }

  /** Ends the worker; requests that still wait fail with `engine.died`. */
  close(): void {
    this.end(new PlumblineError('engine.died', 'The Parquet worker was closed.', { hint: 'Start again.' }));
  }

  private post<R extends ParquetRequest>(
    request: R,
    subject: string | null,
  ): Promise<ParquetResults[R['do']]> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, {
        resolve: (value) => resolve(value as ParquetResults[R['do']]),
        reject,
        subject,
      });
      this.worker?.postMessage({ id, request });
    });
  }

  private start(): void {
    const worker = this.host.spawn();
    this.worker = worker;
    worker.onMessage((data) => this.receive(data as ParquetAnswer));
    worker.onDeath((reason) => {
      if (this.worker === worker) this.end(null, reason);
    });
    this.started = this.post({ do: 'start', wasm: this.host.wasm }, null);
    this.started.catch(() => {});
  }

  private receive(answer: ParquetAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(fromErrorRecord(answer.error));
  }

  private end(error: PlumblineError | null, reason = ''): void {
    this.worker?.terminate();
    this.worker = null;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject, subject } of waiting) reject(error ?? diedOver(subject, reason));
  }
}

function diedOver(subject: string | null, reason: string): PlumblineError {
  if (subject === null)
    return new PlumblineError('engine.died', `The Parquet worker stopped: ${reason}.`, {
      hint: 'Run it again.',
      retryable: true,
    });
  return new PlumblineError(
    'source.corrupt',
    `${subject} is not a sound Parquet file: the reader gave up on it (${reason}).`,
    { hint: 'The file is damaged or was not written to its end. Write it again.' },
  );
}
