import { Redis } from 'ioredis';
import type { FeatureType, ScalarType } from '../catalog/model';
import type { ArrowBytes } from '../database/database';
import { hex } from '../online/byte-writer';
import type { MaterializeJob, OnlineView } from '../online/job';
import type { RedisTarget } from '../node/redis-target';
import { snapshot } from './snapshot';

/** A view keyed by `user_id` int64 with int64 and string features, small enough to write rows of by hand. */
export function userView(
  view: string,
  features: Record<string, FeatureType>,
  ttl: string | null = null,
): OnlineView {
  return {
    view,
    joinKeys: [{ name: 'user_id', type: 'int64' as ScalarType }],
    features: Object.entries(features).map(([name, type]) => ({ name, type, default: null })),
    ttl,
  };
}

export const jobOf = (...views: OnlineView[]): MaterializeJob => ({
  cell: 'push',
  redis: 'dev',
  project: 'plumb',
  views,
});

/** A row of a user view: key, event time in microseconds, values in definition order. */
export type UserRow = [user: bigint | null, eventTime: bigint, ...values: unknown[]];

/** Rows of user views as `materialize` wants them, one Arrow stream per view. */
export function userRows(
  job: MaterializeJob,
  rows: Record<string, UserRow[]>,
): (view: string) => AsyncIterable<ArrowBytes> {
  return async function* (name) {
    const view = job.views.find((candidate) => candidate.view === name);
    const own = rows[name] ?? [];
    if (view === undefined) return;
    yield snapshot(
      [{ name: 'user_id', type: 'int64', values: own.map((row) => row[0]) }],
      own.map((row) => row[1]),
      view.features.map(({ name: feature, type }, i) => ({
        name: feature,
        type,
        values: own.map((row) => row[i + 2] ?? null),
      })),
    );
  };
}

/** A plain client for looking at a server from outside the code under test. */
export function bystander(target: RedisTarget): Redis {
  return new Redis({ host: target.host, port: target.port, password: target.password, protocol: 2 });
}

/** Every hash of a database as hexadecimal text: key -> field -> value. */
export async function allHashes(client: Redis): Promise<Record<string, Record<string, string>>> {
  const hashes: Record<string, Record<string, string>> = {};
  const keys = await client.keysBuffer('*');
  const replies = await Promise.all(keys.map((key) => client.callBuffer('HGETALL', key)));
  for (const [index, key] of keys.entries()) {
    const flat = replies[index] as Buffer[];
    const fields: Record<string, string> = {};
    for (let i = 0; i < flat.length; i += 2) fields[hex(flat[i]!)] = hex(flat[i + 1]!);
    hashes[hex(key)] = fields;
  }
  return hashes;
}
