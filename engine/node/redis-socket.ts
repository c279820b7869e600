import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { Redis } from 'ioredis';
import { PlumblineError } from '../errors';
import type { RedisCommand, RedisConnection, RedisReply } from '../online/redis-commands';
import { connectionLost, redisFailure } from '../online/redis-failure';
import { ReplyReader } from '../online/resp-decoding';
import { commandBytes } from '../online/resp-encoding';
import { fileError } from './file-error';
import { describeTarget, type RedisTarget } from './redis-target';

export interface ConnectionTimes {
  /** Milliseconds to connect. */
  connect?: number;
  /** Milliseconds for one pipeline's replies. */
  reply?: number;
}

/** Commands that were sent and wait for the rest of their replies. */
interface Waiting {
  left: number;
  asBytes: boolean;
  replies: RedisReply[];
  timer: NodeJS.Timeout;
  resolve(replies: RedisReply[]): void;
  reject(thrown: Error): void;
}

/**
 * A connection that ioredis has made (addresses, TLS, deadlines), spoken to directly: its commands and their replies cost
 * several times what the server needs for them, and its reconnecting, queueing and resending may apply a write twice after
 * a lost reply without a sign. The link above resends what is safe to resend. Every call settles: with replies, when the
 * socket ends, or at its deadline.
 */
export class SocketConnection implements RedisConnection {
  private readonly reader = new ReplyReader();
  private readonly waiting: Waiting[] = [];
  private ended: Error | null = null;

  private constructor(
    private readonly client: Redis,
    private readonly socket: Socket,
    private readonly deadline: number,
  ) {
    // ioredis has nothing under way: its own reader would take the replies for answers to commands that it never sent
    socket.removeAllListeners('data');
    // a plain view: slices of a Buffer cost several times as much
    socket.on('data', (piece) => this.take(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)));
    socket.on('error', (error) => this.end(connectionLost(error)));
    socket.on('close', () => this.end(connectionLost('the connection was closed')));
  }

  /** Connects, logs in and chooses the database. Errors: `redis.unreachable`, `redis.auth`, `redis.needs_user`. */
  static async open(target: RedisTarget, times: ConnectionTimes): Promise<SocketConnection> {
    const client = await openClient(target, await caOf(target), times.connect ?? 3_000);
    const connection = new SocketConnection(client, client.stream as Socket, times.reply ?? 4_000);
    try {
      await connection.enter(target);
      return connection;
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
  }

  private async enter({ username, password, db }: RedisTarget): Promise<void> {
    const commands: RedisCommand[] = [];
    if (password !== '') commands.push(['AUTH', ...(username === '' ? [] : [username]), password]);
    if (db !== 0) commands.push(['SELECT', String(db)]);
    for (const reply of await this.send(commands)) if ('error' in reply) throw enterError(reply.error, db);
  }

  send(commands: readonly RedisCommand[], asBytes = false): Promise<RedisReply[]> {
    if (commands.length === 0) return Promise.resolve([]);
    if (this.ended !== null) return Promise.reject(this.ended);
    const bytes = commandBytes(commands);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.end(connectionLost(`no reply within ${this.deadline} ms`)),
        this.deadline,
      );
      this.waiting.push({ left: commands.length, asBytes, replies: [], timer, resolve, reject });
      this.socket.write(bytes);
    });
  }

  private take(piece: Uint8Array): void {
    try {
      this.reader.add(piece);
      for (;;) {
        const [first] = this.waiting;
        const reply = this.reader.next(first?.asBytes);
        if (reply === null) return;
        if (first === undefined) throw new Error('the server answered what nobody asked');
        first.replies.push(reply);
        if (--first.left > 0) continue;
        this.waiting.shift();
        clearTimeout(first.timer);
        first.resolve(first.replies);
      }
    } catch (thrown) {
      this.end(redisFailure(thrown).error);
    }
  }

  private end(reason: Error): void {
    this.ended ??= reason;
    this.client.disconnect();
    this.socket.destroy();
    for (const { timer, reject } of this.waiting.splice(0)) {
      clearTimeout(timer);
      reject(this.ended);
    }
  }

  close(): void {
    this.end(connectionLost('it was closed here'));
  }
}

/** The certificates of a target. Error: `file.*`. */
async function caOf({ tls, caFile }: RedisTarget): Promise<Buffer | null> {
  if (!tls || caFile === undefined || caFile === '') return null;
  try {
    return await readFile(caFile);
  } catch (thrown) {
    throw fileError(thrown, caFile);
  }
}

/** Connects, or says why not. Error: `redis.unreachable`. */
async function openClient(target: RedisTarget, ca: Buffer | null, within: number): Promise<Redis> {
  const { host, port, tls } = target;
  const name = serverName(host);
  const client = new Redis({
    host,
    port,
    ...(tls
      ? { tls: { ...(name === undefined ? {} : { servername: name }), ...(ca === null ? {} : { ca }) } }
      : {}),
    protocol: 2,
    lazyConnect: true,
    retryStrategy: null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    disableClientInfo: true,
    connectTimeout: within,
  });
  let reason: unknown = null;
  client.on('error', (error: unknown) => (reason ??= error));
  try {
    await client.connect();
    return client;
  } catch (thrown) {
    client.disconnect();
    throw unreachable(target, reason ?? thrown);
  }
}

/** The name that a certificate must bear; an address has none to ask for. */
const serverName = (host: string): string | undefined => (/^[\d.]+$|:/.test(host) ? undefined : host);

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

function unreachable(target: RedisTarget, cause: unknown): PlumblineError {
  const { code } = cause as NodeJS.ErrnoException;
  if (typeof code === 'string' && CERTIFICATE.test(code))
    return new PlumblineError(
      'redis.unreachable',
      `The certificate of ${describeTarget(target)} is not trusted (${code}).`,
      { cause, hint: 'Give the certificate of the authority that signed it in the connection (CA).' },
    );
  return new PlumblineError('redis.unreachable', `There is no Redis at ${describeTarget(target)}.`, {
    cause,
    hint: 'Is the server running, and are host, port and TLS right?',
  });
}

function enterError(error: Error, db: number): PlumblineError {
  if (/invalid DB index|DB index is out of range/i.test(error.message))
    return new PlumblineError('redis.needs_user', `The server has no database ${db}.`, {
      cause: error,
      hint: 'Choose a lower database number, or raise `databases` on the server.',
    });
  if (/AUTH/.test(error.message) && !/^(NOAUTH|WRONGPASS)/.test(error.message))
    return new PlumblineError('redis.auth', 'The server does not accept the password.', {
      cause: error,
      hint: 'The server may have no password set: remove it from the connection.',
    });
  return redisFailure(error).error;
}
