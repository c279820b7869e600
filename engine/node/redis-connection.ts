import { Command, Redis } from 'ioredis';
import { PlumblineError } from '../errors';
import { ByteWriter } from '../online/byte-writer';
import type {
  OpenRedis,
  RedisCommand,
  RedisConnection,
  RedisReply,
  RedisValue,
} from '../online/redis-commands';
import { connectionLost, redisFailure } from '../online/redis-failure';
import { writeCommand } from '../online/resp-encoding';
import { describeTarget, type RedisTarget } from './redis-target';

export interface ConnectionTimes {
  /** Milliseconds to connect. */
  connect?: number;
  /** Milliseconds for one pipeline's replies. */
  reply?: number;
}

/** A command whose bytes are ready: ioredis would spend most of a batch on turning arguments into them again. */
class EncodedCommand extends Command {
  constructor(
    name: string,
    private readonly bytes: Buffer,
  ) {
    super(name, [], { replyEncoding: null });
  }

  override toWritable(): Buffer {
    return this.bytes;
  }
}

function encodeAll(commands: readonly RedisCommand[]): EncodedCommand[] {
  const out = new ByteWriter(64 * 1024);
  const ends = commands.map((command) => {
    writeCommand(out, command);
    return out.length;
  });
  const bytes = Buffer.from(out.take().buffer);
  return commands.map(([name], i) => new EncodedCommand(name, bytes.subarray(ends[i - 1] ?? 0, ends[i])));
}

type PipelineOfCommands = ReturnType<Redis['pipeline']> & { sendCommand(command: Command): unknown };

function pipelineReplies(result: [Error | null, unknown][] | null): RedisReply[] {
  if (result === null) throw connectionLost('no replies');
  return result.map(([error, value]) => (error === null ? { value: value as RedisValue } : { error }));
}

class IoredisConnection implements RedisConnection {
  private constructor(
    private readonly client: Redis,
    private readonly deadline: number,
  ) {}

  /**
   * ioredis without its own reconnecting, queueing and resending: after a lost reply it may apply a write twice
   * without a sign. The link above resends what is safe to resend. AUTH and SELECT are sent here, so that their
   * errors come back as replies.
   */
  static async open(target: RedisTarget, times: ConnectionTimes): Promise<IoredisConnection> {
    const reply = times.reply ?? 4_000;
    const client = new Redis({
      host: target.host,
      port: target.port,
      ...(target.tls ? { tls: {} } : {}),
      protocol: 2,
      lazyConnect: true,
      retryStrategy: null,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      disableClientInfo: true,
      connectTimeout: times.connect ?? 3_000,
      commandTimeout: reply,
    });
    let reason: unknown = null;
    client.on('error', (error: unknown) => (reason = error));
    try {
      await client.connect();
    } catch (thrown) {
      client.disconnect();
      const cause = reason ?? thrown;
      throw new PlumblineError('redis.unreachable', `There is no Redis at ${describeTarget(target)}.`, {
        cause,
        hint: 'Is the server running, and are host, port and TLS right?',
      });
    }
    const connection = new IoredisConnection(client, reply);
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

  async send(commands: readonly RedisCommand[]): Promise<RedisReply[]> {
    if (commands.length === 0) return [];
    // ioredis has Pipeline.sendCommand in its class, but not in the type that pipeline() gives
    const pipeline = this.client.pipeline() as PipelineOfCommands;
    for (const command of encodeAll(commands)) pipeline.sendCommand(command);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.client.disconnect();
        reject(connectionLost(`no reply within ${this.deadline} ms`));
      }, this.deadline + 500);
    });
    try {
      return pipelineReplies(await Promise.race([pipeline.exec(), late]));
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.client.disconnect();
  }
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

/** How to open connections to a target. See `RedisConnection` for what they promise. */
export const redisOpener =
  (target: RedisTarget, times: ConnectionTimes = {}): OpenRedis =>
  () =>
    IoredisConnection.open(target, times);
