import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PlumblineError } from '../errors';
import { startRedisProcess, type RedisProcess } from './redis-process';

const PROGRAM = process.platform === 'win32' ? 'redis-server.exe' : 'redis-server';

/** The user's own redis-server on the PATH, or null. */
export async function findRedisServer(path = process.env['PATH'] ?? ''): Promise<string | null> {
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    const file = join(folder, PROGRAM);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return null;
}

/**
 * Starts the user's own redis-server on a free loopback port, in memory only. It lives until `stop`.
 * Error: `redis.unreachable` when none is on the PATH or it does not start.
 */
export async function startLocalRedis(path?: string): Promise<RedisProcess> {
  const binary = await findRedisServer(path);
  if (binary === null)
    throw new PlumblineError('redis.unreachable', 'There is no redis-server on the PATH.', {
      hint: 'Install Redis (on Debian: apt-get install redis-server), or add a connection to one that runs.',
    });
  return startRedisProcess(binary);
}
