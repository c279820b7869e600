import { PlumblineError } from '../../engine/errors';
import { findRedisServer, startLocalRedis } from '../../engine/node/redis-local';
import type { RedisProcess } from '../../engine/node/redis-process';
import type { ListedConnection } from '../contract';
import type { Handlers } from '../ipc-gate';
import type { ServiceLink } from '../online/service-link';
import type { Connections } from '../settings/connections';

export interface RedisHandlers {
  handlers: Pick<Handlers, 'redis.list' | 'redis.save' | 'redis.remove' | 'redis.test' | 'redis.startLocal'>;
  hasLocal(): boolean;
  /** Stops the servers that this app started. */
  stopLocal(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

export function redisHandlers(
  connections: Connections,
  service: Pick<ServiceLink<never>, 'ask'>,
  startServer: () => Promise<RedisProcess> = startLocalRedis,
): RedisHandlers {
  const local = new Map<string, Promise<RedisProcess>>();

  const startLocal = async (name: string): Promise<ListedConnection> => {
    const before = (await connections.list()).find((connection) => connection.name === name);
    if (before && before.host !== LOOPBACK)
      throw new PlumblineError('redis.refused', `${name} is a connection to ${before.host} already.`, {
        hint: 'Remove it first, or start the local server under another name.',
      });
    const earlier = await local.get(name);
    const starting = earlier && isAlive(earlier) ? Promise.resolve(earlier) : startServer();
    local.set(name, starting);
    const server = await starting.catch((thrown: unknown) => {
      local.delete(name);
      throw thrown;
    });
    const { port } = server.target;
    const connection = { name, host: LOOPBACK, port, db: 0, tls: false, username: '' };
    await connections.save(connection, { password: { value: null, keep: false } });
    return { ...connection, password: 'none' };
  };

  return {
    handlers: {
      'redis.list': async () => ({
        connections: await connections.list(),
        canStoreSecrets: await connections.canStoreSecrets(),
        localServer: await findRedisServer(),
      }),
      'redis.save': async (request) => {
        await connections.save(request.connection, {
          password: { value: request.password, keep: request.keepPassword },
          sentinel: { value: request.sentinelPassword, keep: request.keepSentinelPassword },
        });
        return {};
      },
      'redis.remove': async ({ name }) => {
        await connections.remove(name);
        return {};
      },
      'redis.test': async ({ name }) =>
        service.ask({ kind: 'probe', target: await connections.target(name) }),
      'redis.startLocal': ({ name }) => startLocal(name),
    },
    hasLocal: () => local.size > 0,
    stopLocal: async () => {
      const servers = await Promise.allSettled(local.values());
      local.clear();
      await Promise.all(
        servers.map((server) => (server.status === 'fulfilled' ? server.value.stop() : undefined)),
      );
    },
  };
}

function isAlive(server: RedisProcess): boolean {
  try {
    return process.kill(server.pid, 0);
  } catch {
    return false;
  }
}
