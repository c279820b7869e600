import { PlumblineError } from '../errors';
import type { OnlineHost } from '../online/job';
import { lookup } from '../online/lookup';
import { materialize, type MaterializeSite } from '../online/materialize';
import { memoryRecords } from '../online/memory-records';
import { readOnlineRecords } from '../online/online-records';
import type { RecordFiles } from '../online/record-files';
import { RedisLink } from '../online/redis-link';
import { redisOpener, type ConnectionTimes } from './redis-connection';
import { describeTarget, parseRedisUrl, type RedisTarget } from './redis-target';

/** A connection by its name in a notebook: parts or a redis:// URL; null = no such connection. */
export type FindConnection = (
  name: string,
) => RedisTarget | string | null | Promise<RedisTarget | string | null>;

export interface OnlineHostOptions {
  times?: ConnectionTimes;
  /** Milliseconds after which a resend gives up. */
  giveUpAfter?: number;
  /** Milliseconds before the first resend. */
  firstPause?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Where journals, state and receipts are kept; absent: in memory, until the process ends. */
  records?: RecordFiles;
}

/** A link to a target, for hosts that keep plan and write apart. The caller closes it. */
export function openLink(
  target: RedisTarget | string,
  options: OnlineHostOptions & { signal?: AbortSignal } = {},
): RedisLink {
  const parts = typeof target === 'string' ? parseRedisUrl(target) : target;
  // the keys of one call must be on one node
  const keysPerCall = parts.kind === 'cluster' ? 1 : undefined;
  return new RedisLink(redisOpener(parts, options.times), { ...options, keysPerCall });
}

/** An `OnlineHost` over ioredis, with one connection per call. Error: `redis.unknown_connection`. */
export function createOnlineHost(connect: FindConnection, options: OnlineHostOptions = {}): OnlineHost {
  const records = options.records ?? memoryRecords();
  const siteOf = (target: RedisTarget): MaterializeSite => ({
    target: describeTarget(target),
    records,
    now: options.now ?? Date.now,
  });
  const targetOf = async (name: string): Promise<RedisTarget> => {
    const target = await connect(name);
    if (target === null)
      throw new PlumblineError('redis.unknown_connection', `There is no Redis connection named ${name}.`, {
        hint: `Add ${name} to your connections, or give --redis ${name}=redis://localhost:6379/0 on the command line.`,
      });
    return typeof target === 'string' ? parseRedisUrl(target) : target;
  };
  const withLink = async <T>(
    name: string,
    signal: AbortSignal | undefined,
    work: (link: RedisLink, site: MaterializeSite) => Promise<T>,
  ): Promise<T> => {
    const target = await targetOf(name);
    const link = openLink(target, { ...options, signal });
    try {
      return await work(link, siteOf(target));
    } finally {
      link.close();
    }
  };
  return {
    materialize: (job, rows, call) =>
      withLink(job.redis, call.signal, (link, site) => materialize(job, rows, link, site, call)),
    records: async (query) => readOnlineRecords(query, siteOf(await targetOf(query.redis))),
    lookup: (job, call) =>
      withLink(job.redis, call.signal, (link) =>
        lookup(job, link, { signal: call.signal, ...(options.now ? { now: options.now } : {}) }),
      ),
  };
}
