import { PlumblineError } from '../errors';
import type { LookupAnswer, LookupValue } from '../results';
import { ByteWriter } from './byte-writer';
import { entityKeyEncoder, keyType, type KeyType, type KeyValue } from './entity-key';
import { decodeEventTimestamp } from './event-timestamp';
import { viewFields } from './hash-field';
import type { LookupJob, OnlineView } from './job';
import { jsonScalar, jsonValue } from './json-value';
import { latencyOf } from './latency';
import type { RedisCommand, RedisValue } from './redis-commands';
import { throwIfCancelled, type RedisLink } from './redis-link';
import { storedRow, type StoredRow } from './stored-rows';
import { decodeValue, type StoredValue } from './value-bytes';

function parseKey(name: string, type: KeyType, text: string | undefined): KeyValue {
  if (text === undefined)
    throw new PlumblineError('online.null_key', `An entity of the lookup has no ${name}.`, {
      hint: `Give every entity a value for ${name}.`,
    });
  if (type === 'string') return text;
  if (/^[+-]?\d+$/.test(text)) return BigInt(text);
  throw new PlumblineError('online.unsupported_type', `${JSON.stringify(text)} for ${name} is no ${type}.`, {
    hint: `Write ${name} as a whole number.`,
  });
}

function commandsFor(view: OnlineView, job: LookupJob): RedisCommand[] {
  const fields = viewFields(view);
  const encode = entityKeyEncoder(view.joinKeys, job.project);
  const keys = view.joinKeys.map(({ name, type }) => ({ name, type: keyType(name, type) }));
  return job.entities.map((entity): RedisCommand => {
    const key = new ByteWriter();
    encode(
      key,
      keys.map(({ name, type }) => parseKey(name, type, entity[name])),
    );
    return ['HMGET', key.take(), ...fields];
  });
}

/** One HMGET per view and entity, views first; see `lookup`. */
export const lookupCommands = (job: LookupJob): RedisCommand[] =>
  job.views.flatMap((view) => commandsFor(view, job));

function storedValue(name: string, bytes: Uint8Array | null | undefined): StoredValue {
  try {
    return decodeValue(bytes ?? new Uint8Array(0));
  } catch (cause) {
    throw new PlumblineError('redis.refused', `The stored value of ${name} is unreadable.`, {
      cause,
      hint: 'Something other than a Feast-compatible writer wrote it.',
    });
  }
}

/** Age in microseconds; null when the view is not stored for the entity. */
function ageOf(view: OnlineView, stored: StoredRow, nowMicros: bigint): bigint | null {
  const time = stored[0];
  if (time === null || time === undefined) return null;
  const nanos = decodeEventTimestamp(time);
  if (nanos === null)
    throw new PlumblineError('redis.refused', `The stored event time of ${view.view} is unreadable.`, {
      hint: 'Something other than a Feast-compatible writer wrote it.',
    });
  return nowMicros - nanos / 1000n;
}

const shownDefault = (value: unknown): unknown =>
  typeof value === 'bigint' ? jsonScalar(value, false) : (value ?? null);

/**
 * What the view's features are for one entity. An expired value is as good as NULL, as in a training set: the
 * feature's default stands in, or null.
 */
function readView(view: OnlineView, stored: StoredRow, nowMicros: bigint): [string, LookupValue][] {
  const age = ageOf(view, stored, nowMicros);
  const ttl = view.ttl === null ? 0n : BigInt(view.ttl);
  const missing = stored.every((value) => value === null);
  const expired = age !== null && ttl > 0n && age > ttl;
  return view.features.map((feature, i) => {
    const name = `${view.view}:${feature.name}`;
    const value = missing || expired ? null : jsonValue(storedValue(name, stored[i + 1]));
    const fallback = value === null ? shownDefault(feature.default) : null;
    return [
      name,
      {
        value: value ?? fallback,
        status: missing ? 'missing' : expired ? 'expired' : value === null ? 'null' : 'present',
        age_ms: age === null ? null : Number(age) / 1000,
        defaulted: fallback !== null,
      },
    ];
  });
}

function shownEntity(views: readonly OnlineView[], entity: Record<string, string>): Record<string, unknown> {
  const types = new Map(
    views.flatMap((view) => view.joinKeys.map(({ name, type }) => [name, type] as const)),
  );
  return Object.fromEntries(
    Object.entries(entity).map(([name, text]) => {
      const isNumber = types.has(name) && types.get(name) !== 'string' && Number.isSafeInteger(Number(text));
      return [name, isNumber ? Number(text) : text];
    }),
  );
}

/**
 * Reads all entities and views of a job in one pipeline, `repeat` times for the latencies (milliseconds around the
 * round trip); the rows are those of the last reading. `now` is milliseconds since 1970. Statuses are those of
 * semantics.md; a value older than ttl counts as NULL. Errors: `online.null_key`, `online.unsupported_type`, redis.*.
 */
export async function lookup(
  job: LookupJob,
  link: RedisLink,
  options: { signal?: AbortSignal; now?: () => number } = {},
): Promise<LookupAnswer> {
  const commands = lookupCommands(job);
  const times: number[] = [];
  let values: RedisValue[] = [];
  for (let call = 0; call < Math.max(1, job.repeat); call++) {
    throwIfCancelled(options.signal);
    const started = performance.now();
    ({ values } = await link.send(commands));
    times.push(performance.now() - started);
  }
  const nowMicros =
    job.at === undefined ? BigInt(Math.floor((options.now ?? Date.now)())) * 1000n : BigInt(job.at);
  const stored = values.map(storedRow);
  const rows = job.entities.map((entity, i) => ({
    entity: shownEntity(job.views, entity),
    features: Object.fromEntries(
      job.views.flatMap((view, v) => readView(view, stored[v * job.entities.length + i] ?? [], nowMicros)),
    ),
  }));
  return { rows, latency_ms: latencyOf(times) };
}
