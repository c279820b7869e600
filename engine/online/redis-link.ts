import { PlumblineError } from '../errors';
import type { OpenRedis, RedisCommand, RedisConnection, RedisValue } from './redis-commands';
import { redisFailure, type RedisFailure } from './redis-failure';

/** Long enough for a server that answers at all, and not felt as a wait by who has clicked on Stop. */
const GRACE = 300;

/** Hashes that one call of the write script puts: few, so that others at the server need not wait long. */
const KEYS_PER_CALL = 50;

export interface LinkOptions {
  /** Milliseconds without success after which a resend gives up. */
  giveUpAfter?: number;
  /** Milliseconds before the first resend; doubles up to one second. */
  firstPause?: number;
  signal?: AbortSignal;
  /** Milliseconds that an answer may still take after the signal; then the connection is closed. */
  grace?: number;
  /** Hashes that one call of the write script may put; 1 where each may be on another server. */
  keysPerCall?: number;
}

export interface SendResult {
  values: RedisValue[];
  /** Whether the commands went out more than once: an earlier sending may have had its effect. */
  resent: boolean;
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** The error of a run that was stopped. */
export const cancelled = (): PlumblineError =>
  new PlumblineError('engine.cancelled', 'The run was cancelled.');

export function throwIfCancelled(signal?: AbortSignal): void {
  if (signal?.aborted) throw cancelled();
}

/**
 * One connection that is opened again when it breaks. What it sends must be safe to send twice: after a lost
 * reply the whole set goes out again. It gives up after a bounded time with a typed error; it never leaves a
 * promise open. A first connection that fails is not tried again.
 */
export class RedisLink {
  /** How often the connection broke and was opened again. */
  reopened = 0;
  readonly keysPerCall: number;
  private connection: RedisConnection | null = null;
  private opening: Promise<RedisConnection> | null = null;
  private everOpen = false;
  private closed = false;
  private readonly giveUpAfter: number;
  private readonly firstPause: number;
  private readonly signal: AbortSignal | undefined;
  /** Of the sendings under way, what ends the wait for them. */
  private readonly stops = new Set<(reason: Error) => void>();
  private stopping: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly open: OpenRedis,
    options: LinkOptions = {},
  ) {
    const grace = options.grace ?? GRACE;
    options.signal?.addEventListener(
      'abort',
      () => (this.stopping = setTimeout(() => this.abandon(), grace)),
      {
        once: true,
      },
    );
    this.giveUpAfter = options.giveUpAfter ?? 6_000;
    this.firstPause = options.firstPause ?? 50;
    this.signal = options.signal;
    this.keysPerCall = options.keysPerCall ?? KEYS_PER_CALL;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.stopping);
    this.disconnect();
  }

  private disconnect(): void {
    this.connection?.close();
    this.connection = null;
  }

  private abandon(): void {
    for (const end of this.stops) end(cancelled());
    this.close();
  }

  /** What `work` gives, or `engine.cancelled` where the link was stopped before. */
  private unlessStopped<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.stops.add(reject);
      void work.then(resolve, reject).finally(() => this.stops.delete(reject));
    });
  }

  /**
   * Replies in the commands' order; resolves only when every command was answered without error. `script` is
   * loaded when the server does not know it. Errors: the redis.* codes, `engine.cancelled` between two sendings, and
   * shortly after the signal where no answer has come.
   */
  send(commands: readonly RedisCommand[], script?: string): Promise<SendResult> {
    return this.sendAgain(commands, { script });
  }

  /** The same, each reply as the bytes that came: cheap to compare with bytes that are known. */
  async sendForBytes(commands: readonly RedisCommand[]): Promise<RedisValue[]> {
    return (await this.sendAgain(commands, { asBytes: true })).values;
  }

  private async sendAgain(
    commands: readonly RedisCommand[],
    { script, asBytes = false }: { script?: string | undefined; asBytes?: boolean },
  ): Promise<SendResult> {
    const started = Date.now();
    let wait = this.firstPause;
    let loaded = false;
    for (let sendings = 1; ; sendings++) {
      throwIfCancelled(this.signal);
      const answer = await this.unlessStopped(this.tryOnce(commands, asBytes));
      if (Array.isArray(answer)) return { values: answer, resent: sendings > 1 };
      if (answer.remedy === 'load-script' && script !== undefined && !loaded) {
        loaded = true;
        await this.send([['SCRIPT', 'LOAD', script]]);
        continue;
      }
      if (answer.remedy !== 'resend' || Date.now() - started + wait > this.giveUpAfter) throw answer.error;
      // where another server answers by then, it does not know the script either
      loaded = false;
      await pause(wait, this.signal);
      wait = Math.min(wait * 2, 1_000);
    }
  }

  /** A new connection; calls at the same time share it. */
  private connected(): Promise<RedisConnection> {
    this.opening ??= this.open()
      .then((connection) => {
        if (this.everOpen) this.reopened++;
        this.everOpen = true;
        this.connection = connection;
        // closed while it was being opened: nobody waits for it any more
        if (this.closed) this.disconnect();
        return connection;
      })
      .finally(() => (this.opening = null));
    return this.opening;
  }

  private async tryOnce(
    commands: readonly RedisCommand[],
    asBytes: boolean,
  ): Promise<RedisValue[] | RedisFailure> {
    let connection: RedisConnection;
    try {
      // at once where there is one: what the caller prepares next is then prepared while the server works
      connection = this.connection ?? (await this.connected());
    } catch (thrown) {
      const failure = redisFailure(thrown);
      const mayReturn = this.everOpen && failure.error.code === 'redis.unreachable';
      return mayReturn ? { remedy: 'resend', error: failure.error } : { ...failure, remedy: 'stop' };
    }
    const values: RedisValue[] = [];
    // another call may have opened a new one meanwhile, which is not to be closed
    const drop = (): void => void (this.connection === connection && this.disconnect());
    try {
      let worst: RedisFailure | null = null;
      for (const reply of await connection.send(commands, asBytes)) {
        if ('value' in reply) values.push(reply.value);
        else worst = graver(worst, redisFailure(reply.error));
      }
      if (worst === null) return values;
      if (worst.remedy === 'resend') drop();
      return worst;
    } catch (thrown) {
      drop();
      return redisFailure(thrown);
    }
  }
}

const GRAVITY = { 'load-script': 0, resend: 1, stop: 2 } as const;

/** Of several failed commands the one that decides: a stop before a resend before a missing script. */
function graver(known: RedisFailure | null, found: RedisFailure): RedisFailure {
  return known === null || GRAVITY[found.remedy] > GRAVITY[known.remedy] ? found : known;
}
