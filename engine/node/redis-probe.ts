import type { RedisValue } from '../online/redis-commands';
import { openLink, type OnlineHostOptions } from './redis-host';
import type { RedisTarget } from './redis-target';

export interface RedisProbe {
  /** For instance `7.0.15`. */
  version: string;
  /** `master` or `slave`, in the server's words. */
  role: string;
  /** The round trip of one PING. */
  latencyMs: number;
  /** Keys in the chosen database. */
  keys: number;
}

const text = (value: RedisValue | undefined): string =>
  value instanceof Uint8Array ? new TextDecoder().decode(value) : '';

/** Asks a server who it is. Changes nothing. Errors: the redis.* codes. */
export async function testConnection(
  target: RedisTarget | string,
  options: OnlineHostOptions = {},
): Promise<RedisProbe> {
  const link = openLink(target, options);
  try {
    const asked = await link.send([['INFO', 'server'], ['INFO', 'replication'], ['DBSIZE']]);
    const [server, replication, keys] = asked.values;
    const started = performance.now();
    await link.send([['PING']]);
    const latencyMs = performance.now() - started;
    return {
      version: /redis_version:(\S+)/.exec(text(server))?.[1] ?? 'unknown',
      role: /role:(\S+)/.exec(text(replication))?.[1] ?? 'unknown',
      latencyMs,
      keys: typeof keys === 'number' ? keys : 0,
    };
  } finally {
    link.close();
  }
}
