import { toPlumblineError } from '../errors';
import type { Database } from './database';
import { ENGINE_BYTES } from './source-size';
import type { Supervisor } from './supervisor';

/** One engine of a pool, for as long as a job has it. */
export interface PooledEngine {
  readonly database: Database;
  /** What the jobs before left in it, in their own words; null in a new engine. */
  held: string | null;
}

interface OpenEngine extends PooledEngine {
  database: Supervisor;
  /** How often it was replaced. */
  starts: number;
}

/** How jobs are worked off; see `EnginePool.run`. */
export interface PoolWork<Job, Result> {
  /** Computes one job. When its engine dies it is asked once more, with a new engine. */
  compute(engine: PooledEngine, job: Job, signal: AbortSignal): Promise<Result>;
  /** Takes a result over, in no particular order. Failing here fails the run. */
  deliver(result: Result, job: Job): Promise<void>;
  /** Smaller jobs in place of one that did not fit into its engine; null = it cannot be split. */
  split?(job: Job): Job[] | null;
}

/** Engines beside the first one, opened when there is work for them. Each has a worker, a thread and memory of its own. */
export class EnginePool {
  private engines: OpenEngine[] = [];
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly open: () => Supervisor,
    readonly size: number,
    /** Bytes that each engine may use. */
    readonly engineBytes = ENGINE_BYTES,
  ) {}

  /**
   * Works the jobs off, each engine taking the next one; runs are served one after the other. The first failure
   * cancels the rest. Errors: those of the work, `engine.cancelled`.
   */
  run<Job, Result>(jobs: readonly Job[], work: PoolWork<Job, Result>, signal?: AbortSignal): Promise<void> {
    const run = this.last.then(() => this.workOff([...jobs], work, signal));
    this.last = run.catch(() => {});
    return run;
  }

  /** Bytes that each open engine uses now. */
  memory(): Promise<number[]> {
    return Promise.all(this.engines.map(async ({ database }) => (await database.memory()).used));
  }

  /** Ends the engines; the next run opens new ones. */
  async close(): Promise<void> {
    const engines = this.engines;
    this.engines = [];
    await Promise.all(engines.map(({ database }) => database.close()));
  }

  private async workOff<Job, Result>(
    queue: Job[],
    work: PoolWork<Job, Result>,
    signal?: AbortSignal,
  ): Promise<void> {
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) stop.abort();
    const takeJobs = async (engine: OpenEngine): Promise<void> => {
      try {
        for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
          const smaller = await this.one(engine, job, work, stop.signal);
          queue.unshift(...smaller);
        }
      } catch (thrown) {
        stop.abort();
        throw thrown;
      }
    };
    try {
      const engines = Array.from({ length: Math.min(this.size, queue.length) }, (_, at) => this.engine(at));
      const ends = await Promise.allSettled(engines.map(takeJobs));
      // The others were cancelled because of the first failure, which is the one to tell.
      const errors = ends.flatMap((end) => (end.status === 'rejected' ? [toPlumblineError(end.reason)] : []));
      const first = errors.find(({ code }) => code !== 'engine.cancelled') ?? errors[0];
      if (first) throw first;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Gives the jobs to do instead, when this one did not fit. */
  private async one<Job, Result>(
    engine: OpenEngine,
    job: Job,
    work: PoolWork<Job, Result>,
    signal: AbortSignal,
  ): Promise<Job[]> {
    let result: Result;
    try {
      const before = engine.starts;
      const first = await work.compute(engine, job, signal).then(
        (value) => ({ value }),
        (thrown: unknown) => ({ thrown }),
      );
      // An engine that died between two calls shows by what the new one lacks, whatever the error says.
      const died =
        engine.starts !== before ||
        ('thrown' in first && toPlumblineError(first.thrown).code === 'engine.died');
      if (died && !signal.aborted) result = await work.compute(engine, job, signal);
      else if ('thrown' in first) throw first.thrown;
      else result = first.value;
    } catch (thrown) {
      const smaller =
        toPlumblineError(thrown).code === 'engine.out_of_memory' ? (work.split?.(job) ?? null) : null;
      if (smaller === null || signal.aborted) throw thrown;
      return smaller;
    }
    await work.deliver(result, job);
    return [];
  }

  private engine(at: number): OpenEngine {
    const open = this.engines[at];
    if (open) return open;
    const engine: OpenEngine = { database: this.open(), held: null, starts: 0 };
    engine.database.onRestart(() => {
      engine.held = null;
      engine.starts++;
      return Promise.resolve();
    });
    this.engines[at] = engine;
    return engine;
  }
}
