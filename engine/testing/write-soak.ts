import type { Redis } from 'ioredis';
import { createOnlineHost } from '../node/redis-host';
import { memoryRecords } from '../online/memory-records';
import { WriteStopped } from '../online/require-written';
import { PlumblineError } from '../errors';
import type { MaterializeResult } from '../results';
import { allHashes, bystander, jobOf, userRows, userView, type UserRow } from './online-job';
import type { RedisProcess } from '../node/redis-process';
import { startTcpProxy, type ProxyFault } from './tcp-proxy';

/** How one soaked write ended. */
export interface SoakOutcome {
  faults: number;
  /** Writes until everything was in the store: 1 = the first one got through all faults. */
  writes: number;
  /** Codes of the writes that stopped. */
  codes: string[];
}

/** Milliseconds within which a write must end, whatever happens. */
const MUST_END = 10_000;
const ERRORS = [
  "OOM command not allowed when used memory > 'maxmemory'.",
  "READONLY You can't write against a read only replica.",
  'NOAUTH Authentication required.',
  'LOADING Redis is loading the dataset in memory',
  'CLUSTERDOWN The cluster is down',
];

/** A small generator of numbers in [0, 1) from a seed (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomFault(random: () => number): ProxyFault {
  const pick = Math.floor(random() * 10);
  if (pick < 2) return { kind: 'cut-before' };
  if (pick < 4) return { kind: 'cut-after' };
  if (pick === 4) return { kind: 'half-request' };
  if (pick === 5) return { kind: 'half-reply' };
  if (pick === 6) return { kind: 'silent' };
  if (pick === 7) return { kind: 'late', ms: Math.floor(random() * 250) };
  if (pick === 8) return { kind: 'says', error: ERRORS[Math.floor(random() * ERRORS.length)]! };
  return { kind: 'away', ms: Math.floor(random() * 100) };
}

const job = jobOf(userView('stats', { clicks: 'int64', city: 'string' }));

function rowsFrom(random: () => number, count: number, writer: string): Record<string, UserRow[]> {
  const row = (user: number): UserRow => [
    BigInt(user),
    BigInt(1 + Math.floor(random() * 4)) * 1_000n,
    BigInt(Math.floor(random() * 1e6)),
    random() < 0.1 ? null : writer,
  ];
  return { stats: Array.from({ length: count }, (_, user) => row(user)) };
}

type Hashes = Record<string, Record<string, string>>;

/** Throws when two stores do not hold the same; the order in which a server lists them is its own. */
export function expectEqual(found: Hashes, wanted: Hashes, what: string): void {
  if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(wanted)))
    throw new Error(`${what}: the stores differ`);
}

function sorted(hashes: Hashes): [string, [string, string][]][] {
  const order = (a: [string, unknown], b: [string, unknown]) => (a[0] < b[0] ? -1 : 1);
  return Object.entries(hashes)
    .map(([key, fields]): [string, [string, string][]] => [key, Object.entries(fields).sort(order)])
    .sort(order);
}

/** Every entity is as it was before or as it is to be, in all of its fields. */
function expectWhole(found: Hashes, before: Hashes, wanted: Hashes): void {
  for (const [key, fields] of Object.entries(found)) {
    const text = JSON.stringify(Object.entries(fields).sort());
    const is = (hashes: Hashes) =>
      hashes[key] !== undefined && JSON.stringify(Object.entries(hashes[key]).sort()) === text;
    if (!is(before) && !is(wanted)) throw new Error(`${key} is a mixture: ${text}`);
  }
  for (const key of Object.keys(before)) if (found[key] === undefined) throw new Error(`${key} is lost`);
}

async function settled<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the write did not end within ${MUST_END} ms`)), MUST_END);
  });
  return Promise.race([call, late]).finally(() => clearTimeout(timer));
}

const counted = (result: MaterializeResult) => {
  const { added, changed, replaced, skipped_older, skipped_equal, null_overwrites, verified } = result;
  return JSON.stringify({
    added,
    changed,
    replaced,
    skipped_older,
    skipped_equal,
    null_overwrites,
    verified,
  });
};

/**
 * Writes through a proxy that hurts the connection at random, goes on after each typed error, and holds the end against
 * the same write without a fault. Throws when an entity is lost, partial or rolled back, when a write does not end in time
 * or ends with an error that is not typed, and when end or counts are not those of the smooth write.
 */
export async function soakWrite(seed: number, redis: RedisProcess, rowCount = 1_300): Promise<SoakOutcome> {
  const random = randomFrom(seed);
  const client = bystander(redis.target);
  const proxy = await startTcpProxy(redis.target.port);
  try {
    const replace = random() < 0.3 ? ('equal' as const) : ('newer' as const);
    const what = { ...job, replace };
    const old = rowsFrom(random, Math.floor(rowCount * 0.6), 'old');
    const rows = rowsFrom(random, rowCount, 'new');
    const smooth = await smoothWrite(client, redis, what, old, rows);
    await client.flushall();
    await createOnlineHost(() => redis.target).materialize(job, userRows(job, old), { write: true });
    const before = await allHashes(client);

    const rate = 0.1 + random() * 0.5;
    let left = 4 + Math.floor(random() * 16);
    proxy.inject(() => (left > 0 && random() < rate ? (left--, randomFault(random)) : null));
    const host = hurtHost(redis, proxy.port);
    const codes: string[] = [];
    for (let writes = 1; ; writes++) {
      if (writes > 60) throw new Error(`60 writes were not enough: ${codes.join(', ')}`);
      const ended = await settled(host.materialize(what, userRows(what, rows), { write: true })).catch(
        (thrown: unknown) => thrown,
      );
      const found = await allHashes(client);
      if (!(ended instanceof Error)) {
        expectEqual(found, smooth.hashes, `seed ${seed}`);
        const counts = counted(ended as MaterializeResult);
        if (counts !== smooth.counts) throw new Error(`seed ${seed}: ${counts} is not ${smooth.counts}`);
        return { faults: proxy.lost(), writes, codes };
      }
      if (!(ended instanceof PlumblineError) || ended.code === 'internal') throw ended;
      codes.push(ended.code);
      expectWhole(found, before, smooth.hashes);
      if (ended instanceof WriteStopped && ended.code === 'online.verify_failed')
        throw new Error(`seed ${seed}: what nobody else touched did not read back equal`);
    }
  } finally {
    client.disconnect();
    await proxy.close();
  }
}

async function smoothWrite(
  client: Redis,
  redis: RedisProcess,
  what: typeof job,
  old: Record<string, UserRow[]>,
  rows: Record<string, UserRow[]>,
): Promise<{ hashes: Hashes; counts: string }> {
  await client.flushall();
  const host = createOnlineHost(() => redis.target);
  await host.materialize(job, userRows(job, old), { write: true });
  const result = await host.materialize(what, userRows(what, rows), { write: true });
  return { hashes: await allHashes(client), counts: counted(result) };
}

/**
 * Two writers of the same entities at once, both over a bad connection. Whatever the interleaving, the newest value of each
 * entity wins, and a writer that is overtaken between its write and its reading back has not failed.
 */
export async function soakRivals(seed: number, redis: RedisProcess, rowCount = 700): Promise<SoakOutcome> {
  const random = randomFrom(seed);
  const client = bystander(redis.target);
  const proxy = await startTcpProxy(redis.target.port);
  try {
    const left = rowsFrom(random, rowCount, 'left');
    const right = rowsFrom(random, rowCount, 'right');
    // no two writers have the same event time: which of them came first would then count
    for (const row of right['stats'] ?? []) row[1] += 500n;
    const wanted = (await smoothWrite(client, redis, job, left, right)).hashes;
    await client.flushall();
    let faults = 4 + Math.floor(random() * 12);
    proxy.inject(() => (faults > 0 && random() < 0.3 ? (faults--, randomFault(random)) : null));
    const codes: string[] = [];
    let writes = 0;
    const writeAll = async (rows: Record<string, UserRow[]>): Promise<void> => {
      const host = hurtHost(redis, proxy.port);
      for (let tries = 0; tries < 60; tries++) {
        writes++;
        const ended = await settled(host.materialize(job, userRows(job, rows), { write: true })).catch(
          (thrown: unknown) => thrown,
        );
        if (!(ended instanceof Error)) return;
        if (!(ended instanceof PlumblineError) || ended.code === 'internal') throw ended;
        if (ended.code === 'online.verify_failed')
          throw new Error(`seed ${seed}: a newer value of the other writer was taken for a fault`);
        codes.push(ended.code);
      }
      throw new Error(`seed ${seed}: 60 writes were not enough: ${codes.join(', ')}`);
    };
    await Promise.all([writeAll(left), writeAll(right)]);
    expectEqual(await allHashes(client), wanted, `seed ${seed}, two writers`);
    return { faults: proxy.lost(), writes, codes };
  } finally {
    client.disconnect();
    await proxy.close();
  }
}

/** A writer behind the proxy that gives up early, with records of its own. */
function hurtHost(redis: RedisProcess, port: number) {
  return createOnlineHost(() => ({ ...redis.target, port }), {
    records: memoryRecords(),
    times: { connect: 500, reply: 150 },
    giveUpAfter: 500,
    firstPause: 5,
  });
}
