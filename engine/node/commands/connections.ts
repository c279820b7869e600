import type { OnlineHost } from '../../online/job';
import { rehearsalHost } from '../../online/rehearsal';
import { nodeRecords } from '../record-files';
import { createOnlineHost } from '../redis-host';
import { parseRedisUrl } from '../redis-target';

/**
 * The online stores of `--redis NAME=URL`, with their records in a notebook's folder; a name that was not given is rehearsed in memory, and its results say so.
 * Errors: `usage` for an address that is none.
 */
export function connectedHost(urls: Record<string, string>, folder: string): OnlineHost {
  for (const url of Object.values(urls)) parseRedisUrl(url);
  const real = createOnlineHost((name) => urls[name] ?? null, { records: nodeRecords(folder) });
  const rehearsal = rehearsalHost();
  const hostOf = (redis: string) => (Object.hasOwn(urls, redis) ? real : rehearsal);
  return {
    materialize: (job, rows, options) => hostOf(job.redis).materialize(job, rows, options),
    records: (query) => hostOf(query.redis).records(query),
    lookup: (job, options) => hostOf(job.redis).lookup(job, options),
  };
}
