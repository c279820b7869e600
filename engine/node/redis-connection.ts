import { PlumblineError } from '../errors';
import type { OpenRedis, RedisConnection, RedisReply } from '../online/redis-commands';
import { connectionLost } from '../online/redis-failure';
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
  const sentinel = await SocketConnection.open(
    { ...target, ...node, db: 0, username: '', password: '' },
    times,
  );
  let reply: RedisReply | undefined;
  try {
    [reply] = await sentinel.send([['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', target.master ?? '']]);
  } finally {
    sentinel.close();
  }
  const address = reply !== undefined && 'value' in reply && Array.isArray(reply.value) ? reply.value : [];
  const [host, port] = address.map((part) => (part instanceof Uint8Array ? decoder.decode(part) : ''));
  if (host === undefined || port === undefined)
    throw new PlumblineError(
      'redis.needs_user',
      `The sentinel ${node.host}:${node.port} knows no primary ${target.master}.`,
      { cause: reply, hint: 'Check the name of the primary in the connection.' },
    );
  const primary = await SocketConnection.open({ ...target, host, port: Number(port) }, times);
  return {
    // a primary that was made a replica refuses writes: the sentinel knows the new one
    send: async (commands) => (await primary.send(commands)).map(demotion),
    close: () => primary.close(),
  };
}

function demotion(reply: RedisReply): RedisReply {
  if (!('error' in reply) || !/\bREADONLY\b/.test(reply.error.message)) return reply;
  return { error: connectionLost(reply.error) };
}
