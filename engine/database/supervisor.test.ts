import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeEngineHost } from '../node/duckdb-thread';
import { PlumblineError } from '../errors';
import { DuckDBWasm } from './duckdb-wasm';
import type { Database, QueryOptions } from './database';
import { queryRows } from './rows';
import { Supervisor, type EngineState, type MortalDatabase } from './supervisor';

/** An engine without an engine: its queries end when the test says so, and it dies when it is ended. */
class FakeEngine implements MortalDatabase {
  readonly running: { sql: string; answer(bytes: Uint8Array): void; fail(error: Error): void }[] = [];
  private readonly mourners: ((reason: string) => void)[] = [];
  /** Whether an aborted query answers. */
  heedsCancel = true;
  ended: string | null = null;

  query(sql: string, options: QueryOptions = {}): Promise<Uint8Array> {
    return new Promise((answer, fail) => {
      this.running.push({ sql, answer, fail });
      options.signal?.addEventListener('abort', () => {
        if (this.heedsCancel) fail(new PlumblineError('engine.cancelled', 'stopped'));
      });
    });
  }
  async *stream(): AsyncGenerator<Uint8Array> {
    yield await this.query('stream');
  }
  async describe(): Promise<[]> {
    return [];
  }
  async ingest(): Promise<void> {}
  async registerFile(name: string): Promise<string> {
    return name;
  }
  async dropFile(): Promise<void> {}
  async info(): Promise<{ version: string; threads: number }> {
    return { version: 'fake', threads: 1 };
  }
  async memory(): Promise<{ used: number; limit: number }> {
    return { used: 0, limit: 0 };
  }
  async close(): Promise<void> {}
  onDeath(listener: (reason: string) => void): void {
    this.mourners.push(listener);
  }
  terminate(reason: string): void {
    if (this.ended !== null) return;
    this.ended = reason;
    for (const { fail } of this.running) fail(new PlumblineError('engine.died', reason));
    for (const listener of this.mourners) listener(reason);
  }
}

/** Time that passes when the test says so. */
class FakeTime {
  private readonly actions = new Map<number, { milliseconds: number; action: () => void }>();
  private next = 0;
  readonly timer = (milliseconds: number, action: () => void): (() => void) => {
    const id = this.next++;
    this.actions.set(id, { milliseconds, action });
    return () => this.actions.delete(id);
  };
  fire(milliseconds: number): void {
    for (const [id, waiting] of this.actions)
      if (waiting.milliseconds === milliseconds) {
        this.actions.delete(id);
        waiting.action();
      }
  }
  get pending(): number {
    return this.actions.size;
  }
}

function setUp(): { engines: FakeEngine[]; time: FakeTime; supervisor: Supervisor; states: EngineState[] } {
  const engines: FakeEngine[] = [];
  const time = new FakeTime();
  const supervisor = new Supervisor({
    open: async () => {
      const engine = new FakeEngine();
      engines.push(engine);
      return engine;
    },
    timer: time.timer,
  });
  const states: EngineState[] = [supervisor.state];
  supervisor.watch((state) => states.push(state));
  return { engines, time, supervisor, states };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

describe('the supervisor over a fake engine', () => {
  it('shows its state', async () => {
    const { engines, supervisor, states } = setUp();
    const query = supervisor.query('a');
    await until(() => engines[0]?.running.length === 1);
    engines[0]!.running[0]!.answer(new Uint8Array([1]));
    expect(await query).toEqual(new Uint8Array([1]));
    expect(states.filter((state, index) => state !== states[index - 1])).toEqual([
      'starting',
      'ready',
      'busy',
      'ready',
    ]);
  });

  it('rejects every waiting call when the engine dies, fills the next one, and goes on', async () => {
    const { engines, supervisor } = setUp();
    const filled: Database[] = [];
    supervisor.onRestart(async (db) => void filled.push(db));
    const waiting = [supervisor.query('a'), supervisor.query('b'), supervisor.stream('c').next()];
    const outcomes = Promise.allSettled(waiting);
    await until(() => engines[0]?.running.length === 3);
    engines[0]!.terminate('it crashed');
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'engine.died' } });
    const after = supervisor.query('d');
    await until(() => engines[1]?.running.length === 1);
    expect(filled).toEqual([engines[1]]);
    engines[1]!.running[0]!.answer(new Uint8Array([2]));
    expect(await after).toEqual(new Uint8Array([2]));
  });

  it('replaces an engine that does not heed a cancel within three seconds', async () => {
    const { engines, time, supervisor } = setUp();
    const abort = new AbortController();
    const query = supervisor.query('a', { signal: abort.signal });
    const outcome = expect(query).rejects.toMatchObject({ code: 'engine.cancelled' });
    await until(() => engines[0]?.running.length === 1);
    engines[0]!.heedsCancel = false;
    abort.abort();
    expect(engines[0]!.ended).toBeNull();
    time.fire(3000);
    await outcome;
    expect(engines[0]!.ended).toMatch('did not stop');
    await until(() => supervisor.state === 'ready');
    expect(engines).toHaveLength(2);
    expect(time.pending).toBe(0);
  });

  it('keeps an engine that heeds a cancel', async () => {
    const { engines, time, supervisor } = setUp();
    const abort = new AbortController();
    const outcome = expect(supervisor.query('a', { signal: abort.signal })).rejects.toMatchObject({
      code: 'engine.cancelled',
    });
    await until(() => engines[0]?.running.length === 1);
    abort.abort();
    await outcome;
    expect(time.pending).toBe(0);
    expect(engines[0]!.ended).toBeNull();
  });

  it('stops a call at its deadline', async () => {
    const { engines, time, supervisor } = setUp();
    const outcome = expect(supervisor.query('a', { deadline: 500 })).rejects.toMatchObject({
      code: 'engine.deadline',
    });
    await until(() => engines[0]?.running.length === 1);
    time.fire(500);
    await outcome;
  });

  it('fails the waiting calls when the restart hook fails, and tries again at the next call', async () => {
    const { engines, supervisor } = setUp();
    await supervisor.info();
    let fails = true;
    supervisor.onRestart(async () => {
      if (fails) throw new PlumblineError('source.no_files', 'gone');
    });
    supervisor.kill();
    await expect(supervisor.query('a')).rejects.toMatchObject({ code: 'source.no_files' });
    await until(() => supervisor.state === 'dead');
    fails = false;
    expect(await supervisor.info()).toMatchObject({ version: 'fake' });
    expect(engines).toHaveLength(3);
  });

  it('tells why it cannot start', async () => {
    const supervisor = new Supervisor({
      open: () => Promise.reject(new PlumblineError('engine.start_failed', 'no wasm')),
    });
    await expect(supervisor.query('a')).rejects.toMatchObject({ code: 'engine.start_failed' });
    expect(supervisor.state).toBe('dead');
  });

  it('answers nothing once it is closed', async () => {
    const { supervisor } = setUp();
    await supervisor.info();
    await supervisor.close();
    await expect(supervisor.query('a')).rejects.toMatchObject({ code: 'engine.died' });
    expect(supervisor.state).toBe('dead');
  });
});

describe('the supervisor over the real engine', () => {
  let supervisor: Supervisor;
  beforeAll(() => {
    supervisor = new Supervisor({ open: () => DuckDBWasm.open(nodeEngineHost()) });
    supervisor.onRestart(async (db) => void (await db.query('CREATE TABLE reloaded AS SELECT 42 AS x')));
  });
  afterAll(() => supervisor.close());
  const endless = 'SELECT count(*) FROM range(1000000) a, range(1000000) b';

  it('cancels a cross join, queued queries too, and keeps its tables', async () => {
    await supervisor.query('CREATE TABLE kept AS SELECT 7 AS x');
    const abort = new AbortController();
    const running = supervisor.query(endless, { signal: abort.signal });
    const queued = supervisor.query('SELECT 1', { signal: abort.signal });
    const outcomes = Promise.allSettled([running, queued]);
    await until(() => supervisor.state === 'busy');
    abort.abort();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'engine.cancelled' } });
    expect(await queryRows(supervisor, 'FROM kept')).toEqual([{ x: 7 }]);
  });

  it('pauses background work while a user query runs', async () => {
    const abort = new AbortController();
    const ended: string[] = [];
    const background = supervisor
      .query(endless, { priority: 'background', signal: abort.signal })
      .catch(() => ended.push('background'));
    await supervisor.query('SELECT count(*) FROM range(1000000)');
    ended.push('user');
    abort.abort();
    await background;
    expect(ended).toEqual(['user', 'background']);
  });

  it('reads what is on screen while a user query runs, and goes on with that', async () => {
    const abort = new AbortController();
    const running = supervisor.query(endless, { signal: abort.signal }).catch((thrown: unknown) => thrown);
    await until(() => supervisor.state === 'busy');
    expect(await queryRows(supervisor, 'SELECT 42 AS x', { priority: 'screen' })).toEqual([{ x: 42 }]);
    expect(supervisor.state).toBe('busy');
    abort.abort();
    expect(await running).toMatchObject({ code: 'engine.cancelled' });
  });

  it('survives the death of its worker in the middle of a query', async () => {
    const running = supervisor.query(endless);
    const outcome = expect(running).rejects.toMatchObject({ code: 'engine.died' });
    await until(() => supervisor.state === 'busy');
    supervisor.kill();
    await outcome;
    expect(await queryRows(supervisor, 'FROM reloaded')).toEqual([{ x: 42 }]);
  });

  it('survives running out of memory', async () => {
    await expect(
      supervisor.query("SELECT list(a) FROM (SELECT repeat('x', 1000000) AS a FROM range(100000))"),
    ).rejects.toMatchObject({ code: 'engine.out_of_memory' });
    expect(await queryRows(supervisor, 'FROM reloaded')).toEqual([{ x: 42 }]);
  });
});
