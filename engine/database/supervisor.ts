import { PlumblineError, toPlumblineError } from '../errors';
import type {
  ArrowBytes,
  ColumnInfo,
  Database,
  DatabaseInfo,
  IngestOptions,
  MemoryUse,
  QueryOptions,
} from './database';
import { cancelled } from './engine-connection';
import { died } from './engine-client';

/** `starting`: first start or restart; `dead`: the last start failed, or it was closed. */
export type EngineState = 'starting' | 'ready' | 'busy' | 'dead';

/** A database whose engine can die, as `DuckDBWasm` is. */
export interface MortalDatabase extends Database {
  terminate(reason: string): void;
  onDeath(listener: (reason: string) => void): void;
}

/** Calls `action` after so many milliseconds; the result takes that back. Injected, so that tests own the time. */
export type Timer = (milliseconds: number, action: () => void) => () => void;

export interface SupervisorOptions {
  open(): Promise<MortalDatabase>;
  timer?: Timer;
  /** Milliseconds that a cancelled call may take to answer before its engine is replaced. */
  cancelGrace?: number;
}

const realTimer: Timer = (milliseconds, action) => {
  const id = setTimeout(action, milliseconds);
  return () => clearTimeout(id);
};

/**
 * Keeps one engine alive behind the port `Database`. When its worker dies, every call that waits is rejected with
 * `engine.died`, a new engine starts, the restart hook fills it, and calls made meanwhile go to the new one. A call
 * that does not heed its cancel or deadline within the grace costs the engine the same way.
 */
export class Supervisor implements Database {
  private current: Promise<MortalDatabase> | null = null;
  private engine: MortalDatabase | null = null;
  private active = 0;
  private closed = false;
  private starts = 0;
  private shown: EngineState = 'starting';
  private readonly watchers = new Set<(state: EngineState) => void>();
  private restartHook: (db: Database) => Promise<void> = async () => {};
  private readonly timer: Timer;
  private readonly cancelGrace: number;

  constructor(private readonly options: SupervisorOptions) {
    this.timer = options.timer ?? realTimer;
    this.cancelGrace = options.cancelGrace ?? 3000;
    this.start().catch(() => {});
  }

  get state(): EngineState {
    return this.shown;
  }

  /** Told at every change; the result ends the watch. */
  watch(listener: (state: EngineState) => void): () => void {
    this.watchers.add(listener);
    return () => this.watchers.delete(listener);
  }

  /**
   * `hook` gets each new engine after the first, empty, before any waiting call does: it loads the catalog again. It
   * must use the database that it is given. When it fails, so do the calls that wait; the next call starts anew.
   */
  onRestart(hook: (db: Database) => Promise<void>): void {
    this.restartHook = hook;
  }

  query(sql: string, options: QueryOptions = {}): Promise<ArrowBytes> {
    return this.run(options, (db, guarded) => db.query(sql, guarded));
  }

  /** As the port says; a deadline does not apply, since the reader sets the pace. */
  async *stream(sql: string, given: QueryOptions = {}): AsyncGenerator<ArrowBytes> {
    const options = { ...given, deadline: undefined };
    const batches = await this.run(options, async (db) => ({
      db,
      iterator: db.stream(sql, options)[Symbol.asyncIterator](),
    }));
    try {
      for (;;) {
        const step = await this.run(options, () => batches.iterator.next(), batches.db);
        if (step.done) return;
        yield step.value;
      }
    } finally {
      await batches.iterator.return?.();
    }
  }

  describe(sql: string, options: QueryOptions = {}): Promise<ColumnInfo[]> {
    return this.run(options, (db, guarded) => db.describe(sql, guarded));
  }

  ingest(table: { schema: string; name: string }, batch: ArrowBytes, options: IngestOptions): Promise<void> {
    return this.run(options, (db, guarded) => db.ingest(table, batch, { ...options, ...guarded }));
  }

  registerFile(name: string, bytes: Uint8Array): Promise<string> {
    return this.run({}, (db) => db.registerFile(name, bytes));
  }

  dropFile(name: string): Promise<void> {
    return this.run({}, (db) => db.dropFile(name));
  }

  info(): Promise<DatabaseInfo> {
    return this.run({}, (db) => db.info());
  }

  async memory(): Promise<MemoryUse> {
    return (await this.living()).memory();
  }

  /** Ends the engine as a crash would; it starts again. */
  kill(reason = 'it was killed'): void {
    this.engine?.terminate(reason);
  }

  /** Ends the engine for good. */
  async close(): Promise<void> {
    this.closed = true;
    this.engine?.terminate('it was closed');
    this.show('dead');
  }

  private living(): Promise<MortalDatabase> {
    if (this.closed) return Promise.reject(died('it was closed'));
    return this.current ?? this.start();
  }

  private start(): Promise<MortalDatabase> {
    this.show('starting');
    const starting = this.open(this.starts++ > 0);
    this.current = starting;
    starting.then(
      (engine) => {
        if (this.engine === engine) this.show(this.active > 0 ? 'busy' : 'ready');
      },
      () => {
        if (this.current !== starting) return;
        this.current = null;
        this.show('dead');
      },
    );
    return starting;
  }

  private async open(again: boolean): Promise<MortalDatabase> {
    const engine = await this.options.open();
    if (this.closed) {
      engine.terminate('it was closed');
      throw died('it was closed');
    }
    this.engine = engine;
    let full = false;
    engine.onDeath(() => {
      if (this.engine !== engine) return;
      this.engine = null;
      // An engine that dies while it is being filled fails its start; the next call tries once more.
      if (!full) return;
      this.current = null;
      if (!this.closed) this.start().catch(() => {});
    });
    if (again) {
      try {
        await this.restartHook(engine);
      } catch (thrown) {
        engine.terminate('its sources could not be loaded again');
        throw toPlumblineError(thrown);
      }
    }
    full = true;
    return engine;
  }

  /** Runs one call under its signal and deadline; `onEngine` keeps a stream on the engine that it began with. */
  private async run<T>(
    options: QueryOptions,
    work: (db: MortalDatabase, options: QueryOptions) => Promise<T>,
    onEngine?: MortalDatabase,
  ): Promise<T> {
    if (options.signal?.aborted) throw cancelled();
    const engine = onEngine ?? (await this.living());
    const stop = new AbortController();
    let late = false;
    let dropGrace = (): void => {};
    const giveUp = (): void => {
      stop.abort();
      dropGrace = this.timer(this.cancelGrace, () => engine.terminate('it did not stop when it was told to'));
    };
    const dropDeadline =
      options.deadline === undefined
        ? (): void => {}
        : this.timer(options.deadline, () => {
            late = true;
            giveUp();
          });
    options.signal?.addEventListener('abort', giveUp, { once: true });
    if (options.signal?.aborted) giveUp();
    this.count(1);
    try {
      return await work(engine, { ...options, signal: stop.signal });
    } catch (thrown) {
      if (late) throw pastDeadline(options.deadline);
      if (stop.signal.aborted) throw cancelled();
      throw thrown;
    } finally {
      dropGrace();
      dropDeadline();
      options.signal?.removeEventListener('abort', giveUp);
      this.count(-1);
    }
  }

  private count(change: 1 | -1): void {
    this.active += change;
    if (this.engine !== null && (this.shown === 'ready' || this.shown === 'busy'))
      this.show(this.active > 0 ? 'busy' : 'ready');
  }

  private show(state: EngineState): void {
    if (this.shown === state) return;
    this.shown = state;
    for (const listener of this.watchers) listener(state);
  }
}

function pastDeadline(milliseconds: number | undefined): PlumblineError {
  return new PlumblineError(
    'engine.deadline',
    `The query took longer than ${milliseconds} ms and was stopped.`,
    {
      hint: 'Work on fewer rows, or run it whole where no time limit holds.',
    },
  );
}
