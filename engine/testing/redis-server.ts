import { findRedisServer } from '../node/redis-local';
import { startRedisProcess, type RedisProcess } from '../node/redis-process';
import type { RedisTarget } from '../node/redis-target';

export interface TestRedis extends RedisProcess {
  /** For the command line: redis://... with the password, when one is set. */
  url: string;
}

const urlOf = ({ host, port, password }: RedisTarget): string =>
  `redis://${password === '' ? '' : `:${encodeURIComponent(password)}@`}${host}:${port}/0`;

/**
 * A real redis-server for a test: a free loopback port, a temporary folder, no persistence. Ready when this
 * resolves. `port` brings a stopped one back at its old place.
 */
export async function startRedis(
  options: { settings?: readonly string[]; password?: string; port?: number } = {},
): Promise<TestRedis> {
  const binary = await findRedisServer();
  if (binary === null) throw new Error('These tests need redis-server on the PATH.');
  const server = await startRedisProcess(binary, options.settings ?? [], options);
  return { ...server, url: urlOf(server.target) };
}
