import { PlumblineError } from '../errors';
import { arrowStream } from './arrow-stream';
import type { EngineClient } from './engine-client';
import type { ArrowBytes } from './database';
import { undecodable } from './result-schema';
import { sqlError } from './sql-error';

/** Bytes of record batches that one batch of a streamed result gathers. */
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * One DuckDB connection: one statement at a time, the next waits for the one before. Cancelling ends the running
 * statement within about a tenth of a second and keeps the connection.
 */
export class EngineConnection {
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly client: EngineClient,
    private readonly id: number,
    private readonly turn: () => Promise<void>,
  ) {}

  /** `turn` is awaited before each slice of work: a connection that must let others go first waits there. */
  static async open(
    client: EngineClient,
    turn: () => Promise<void> = async () => {},
  ): Promise<EngineConnection> {
    return new EngineConnection(client, await client.call('CONNECT', null), turn);
  }

  /** Runs statements and gives the last one's result. */
  query(sql: string, signal?: AbortSignal): Promise<ArrowBytes> {
    return this.exclusive(signal, async () => {
      const schema = await this.start(sql, false, signal);
      const batches: Uint8Array[] = [];
      for (;;) {
        const batch = await this.fetch(signal);
        if (batch === null) return arrowStream(schema, batches);
        batches.push(batch);
      }
    });
  }

  /** Runs one statement, batch by batch; the connection is taken until the last batch or `return()`. */
  async *stream(sql: string, signal?: AbortSignal): AsyncGenerator<ArrowBytes> {
    const release = await this.take(signal);
    let open = false;
    try {
      const schema = await this.start(sql, true, signal);
      open = true;
      let given = false;
      for (let last = false; !last;) {
        const gathered: Uint8Array[] = [];
        for (let bytes = 0; bytes < BATCH_BYTES;) {
          const batch = await this.fetch(signal);
          last = batch === null;
          if (batch === null) break;
          gathered.push(batch);
          bytes += batch.length;
        }
        open = !last;
        if (gathered.length > 0 || !given) yield arrowStream(schema, gathered);
        given = true;
      }
    } catch (thrown) {
      open = false;
      throw sqlError(thrown);
    } finally {
      if (open) await this.client.call('CANCEL_PENDING_QUERY', this.id).catch(() => false);
      release();
    }
  }

  /** Binds one statement without running it. */
  prepare(sql: string, signal?: AbortSignal): Promise<void> {
    return this.exclusive(signal, async () => {
      const statement = await this.client.call('CREATE_PREPARED', [this.id, sql]);
      await this.client.call('CLOSE_PREPARED', [this.id, statement]);
    });
  }

  /** `handOver`: the stream's memory moves to the worker, which spares a copy. */
  ingest(
    table: { schema: string; name: string; create: boolean },
    stream: ArrowBytes,
    options: { handOver: boolean; signal?: AbortSignal },
  ): Promise<void> {
    return this.exclusive(options.signal, async () => {
      const { buffer, byteLength } = stream;
      const moves = options.handOver && buffer instanceof ArrayBuffer && byteLength === buffer.byteLength;
      const transfer = moves ? [buffer] : [];
      await this.client.call('INSERT_ARROW_FROM_IPC_STREAM', [this.id, stream, table], transfer);
    });
  }

  async close(): Promise<void> {
    await this.client.call('DISCONNECT', this.id);
  }

  private async start(sql: string, allowStream: boolean, signal?: AbortSignal): Promise<Uint8Array> {
    await unlessAborted(this.turn(), signal);
    let schema = await this.client.call('START_PENDING_QUERY', [this.id, sql, allowStream]);
    while (schema === null) {
      await this.beforeSlice(signal);
      schema = await this.client.call('POLL_PENDING_QUERY', this.id);
    }
    const refusal = undecodable(schema);
    if (refusal === null) return schema;
    await this.client.call('CANCEL_PENDING_QUERY', this.id);
    throw refusal;
  }

  /** The next record batch message, or null at the end. */
  private async fetch(signal?: AbortSignal): Promise<Uint8Array | null> {
    for (;;) {
      await this.beforeSlice(signal);
      const batch = await this.client.call('FETCH_QUERY_RESULTS', this.id);
      if (batch !== null) return batch.length === 0 ? null : batch;
    }
  }

  private async beforeSlice(signal?: AbortSignal): Promise<void> {
    try {
      await unlessAborted(this.turn(), signal);
    } catch (thrown) {
      await this.client.call('CANCEL_PENDING_QUERY', this.id);
      throw thrown;
    }
  }

  private async exclusive<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const release = await this.take(signal);
    try {
      return await work();
    } catch (thrown) {
      throw sqlError(thrown);
    } finally {
      release();
    }
  }

  private async take(signal?: AbortSignal): Promise<() => void> {
    const before = this.tail;
    let release = (): void => {};
    this.tail = new Promise<void>((resolve) => (release = resolve));
    try {
      await unlessAborted(before, signal);
      return release;
    } catch (thrown) {
      // Its place in the line stays until the ones before it are done.
      void before.then(release);
      throw thrown;
    }
  }
}

/** Waits for something that cannot be stopped itself; an abort ends the waiting. */
async function unlessAborted(waited: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  if (!signal) {
    await waited;
    return;
  }
  // Checked first: a race would be won by what is already settled.
  if (signal.aborted) throw cancelled();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([waited, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export function cancelled(): PlumblineError {
  return new PlumblineError('engine.cancelled', 'The run was cancelled.', {
    hint: 'Run it again when you like.',
  });
}
