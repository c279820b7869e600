import { PlumblineError } from '../errors';
import type {
  OpenRedis,
  RedisCommand,
  RedisConnection,
  RedisReply,
  RedisValue,
} from '../online/redis-commands';
import { connectionLost, redisFailure } from '../online/redis-failure';
import { ClusterConnection } from './redis-cluster';
import { SocketConnection, type ConnectionTimes } from './redis-socket';
import { nodesOf, type RedisTarget } from './redis-target';

export type { ConnectionTimes };

/** How to open connections to a target. See `RedisConnection` for what they promise. */
export const redisOpener =
  (target: RedisTarget, times: ConnectionTimes = {}): OpenRedis =>
  () => {
    switch (target.kind ?? 'standalone') {
      case 'standalone':
        return SocketConnection.open(target, times);
      case 'cluster':
        return firstOf(target, (node) => ClusterConnection.open({ ...target, ...node }, times));
      case 'sentinel':
        return firstOf(target, (node) => openPrimary(target, node, times));
    }
  };

/** What the first address that answers gives; the last one's error when none does. */
async function firstOf(
  target: RedisTarget,
  open: (node: { host: string; port: number }) => Promise<RedisConnection>,
): Promise<RedisConnection> {
  let last: unknown = null;
  for (const node of nodesOf(target)) {
    try {
      return await open(node);
    } catch (thrown) {
      last = thrown;
      if (!(thrown instanceof PlumblineError) || thrown.code !== 'redis.unreachable') throw thrown;
    }
  }
  throw last;
}

const decoder = new TextDecoder();

/** Asks a sentinel where the primary is now, and connects to it. */
async function openPrimary(
  target: RedisTarget,
  node: { host: string; port: number },
  times: ConnectionTimes,
): Promise<RedisConnection> {
  const { master = '', sentinelUsername = '', sentinelPassword = '' } = target;
  const reply = await askSentinel(
    { ...target, ...node, db: 0, username: sentinelUsername, password: sentinelPassword },
    ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master],
    times,
  );
  const address = Array.isArray(reply) ? reply : [];
  const [host, port] = address.map((part) => (part instanceof Uint8Array ? decoder.decode(part) : ''));
  if (host === undefined || port === undefined)
    throw new PlumblineError(
      'redis.needs_user',
      `The sentinel ${node.host}:${node.port} knows no primary ${master}.`,
      { cause: reply, hint: 'Check the name of the primary in the connection.' },
    );
  const primary = await SocketConnection.open({ ...target, host, port: Number(port) }, times);
  return {
    // a primary that was made a replica refuses writes: the sentinel knows the new one
    send: async (commands, asBytes) => (await primary.send(commands, asBytes)).map(demotion),
    close: () => primary.close(),
  };
}

/** A sentinel's answer. Errors: those of `SocketConnection.open`, `redis.auth` and `redis.needs_user` in the sentinels' words. */
async function askSentinel(
  sentinel: RedisTarget,
  command: RedisCommand,
  times: ConnectionTimes,
): Promise<RedisValue> {
  try {
    const connection = await SocketConnection.open(sentinel, times);
    const [reply] = await connection.send([command]).finally(() => connection.close());
    if (reply === undefined || 'error' in reply) throw reply?.error ?? connectionLost('no reply');
    return reply.value;
  } catch (thrown) {
    const { error } = redisFailure(thrown);
    if (error.code !== 'redis.auth' && error.code !== 'redis.needs_user') throw error;
    const where = `${sentinel.host}:${sentinel.port}`;
    throw new PlumblineError(error.code, `The sentinel ${where} does not let this user ask it.`, {
      cause: error,
      hint: 'Check user and password of the sentinels in the connection; they may be others than those of the primary.',
    });
  }
}

function demotion(reply: RedisReply): RedisReply {
  if (!('error' in reply) || !/\bREADONLY\b/.test(reply.error.message)) return reply;
  return { error: connectionLost(reply.error) };
}
