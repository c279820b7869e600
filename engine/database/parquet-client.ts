import { PlumblineError, fromErrorRecord } from '../errors';
import type { ParquetCompression, ParquetMetadata, ParquetReader, ParquetWriter } from '../ports';
import { requireColumns } from './column-check';
import type { ArrowBytes } from './database';
import type { EngineWorker } from './engine-worker';
import type { ParquetAnswer, ParquetRequest, ParquetResults } from './parquet-protocol';

/** Rows of a row group that are decoded at once; a larger one is read in slices of this size. */
const SLICE_ROWS = 1_048_576;
/** Rows per row group in files that Plumbline writes. */
const ROW_GROUP_ROWS = 122_880;
/** A writer whose file was larger (bytes) is ended: its memory would stay as large. */
const KEPT_WRITER_BYTES = 16 * 1024 * 1024;

/** How a host starts the Parquet worker, and what the worker opens for a path of the workspace. */
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
 * Reads and writes Parquet in a worker. A file that makes the library abort takes the worker with it: the request
 * fails with `source.corrupt` and the next one gets a new worker.
 */
export class ParquetClient implements ParquetReader, ParquetWriter {
  private worker: EngineWorker | null = null;
  private started: Promise<unknown> = Promise.resolve();
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private tail: Promise<unknown> = Promise.resolve();
  /** A writer that has written its file, for the next one: many small files need not start a worker each. */
  private idle: ParquetClient | null = null;
  private closed = false;

  constructor(private readonly host: ParquetHost) {}

  metadata(path: string): Promise<ParquetMetadata> {
    return this.inTurn(async () => {
      const location = await this.host.locate(path);
      return this.call({ do: 'metadata', location }, path);
    });
  }

  metadataOf(name: string, bytes: Uint8Array): Promise<ParquetMetadata> {
    return this.inTurn(() => this.call({ do: 'metadata-of', location: name, bytes }, name));
  }

  async *read(
    path: string,
    options: { columns?: string[]; rowGroups?: number[]; signal?: AbortSignal } = {},
  ): AsyncGenerator<ArrowBytes> {
    const { signal } = options;
    const columns = options.columns ?? null;
    const { rowGroups, columns: known } = await this.metadata(path);
    requireColumns(
      path,
      columns,
      known.map((column) => column.name),
    );
    const location = await this.host.locate(path);
    let given = false;
    for (const rowGroup of options.rowGroups ?? rowGroups.keys()) {
      const rows = rowGroups[rowGroup]?.rows ?? 0;
      for (let offset = 0; offset < rows; offset += SLICE_ROWS) {
        stopIfAborted(signal);
        const limit = Math.min(SLICE_ROWS, rows - offset);
        const request = { do: 'read', location, columns, rowGroup, offset, limit } as const;
        yield await this.inTurn(() => this.call(request, path), signal);
        given = true;
      }
    }
    if (!given) yield await this.inTurn(() => this.call({ do: 'schema', location, columns }, path), signal);
  }

  write(
    batches: AsyncIterable<ArrowBytes>,
    options: { compression: ParquetCompression; keyValues?: Record<string, string>; rowGroupRows?: number },
  ): Promise<{ bytes: Uint8Array; rows: number }> {
    const writer = this.idle ?? new ParquetClient(this.host);
    this.idle = null;
    return this.writeWith(writer, batches, options);
  }

  /** Ends the worker; requests that still wait fail with `engine.died`. */
  close(): void {
    this.closed = true;
    this.idle?.close();
    this.idle = null;
    this.end(new PlumblineError('engine.died', 'The Parquet worker was closed.', { hint: 'Start again.' }));
  }

  /** A writer of its own: its batches may come from a read through this very client. */
  private async writeWith(
    client: ParquetClient,
    batches: AsyncIterable<ArrowBytes>,
    options: { compression: ParquetCompression; keyValues?: Record<string, string>; rowGroupRows?: number },
  ): Promise<{ bytes: Uint8Array; rows: number }> {
    try {
      await client.call({
        do: 'begin',
        compression: options.compression,
        keyValues: options.keyValues ?? {},
        rowGroupRows: options.rowGroupRows ?? ROW_GROUP_ROWS,
      });
      for await (const stream of batches) await client.call({ do: 'append', stream });
      const written = await client.call({ do: 'finish' });
      const keep = !this.closed && this.idle === null && written.bytes.length <= KEPT_WRITER_BYTES;
      if (keep) this.idle = client;
      else client.close();
      return written;
    } catch (thrown) {
      client.close();
      throw thrown;
    }
  }

  private async call<R extends ParquetRequest>(
    request: R,
    subject: string | null = null,
  ): Promise<ParquetResults[R['do']]> {
    if (this.worker === null) this.start();
    await this.started;
    return this.post(request, subject);
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

  /** One request after another: the worker holds one open file, and its death is blamed on one request. */
  private async inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.tail;
    const run = before.then(() => {
      stopIfAborted(signal);
      return work();
    });
    this.tail = run.catch(() => {});
    return run;
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

function stopIfAborted(signal?: AbortSignal): void {
  if (signal?.aborted)
    throw new PlumblineError('engine.cancelled', 'The run was cancelled.', {
      hint: 'Run it again when you like.',
    });
}
