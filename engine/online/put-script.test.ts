import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { createOnlineHost } from '../node/redis-host';
import { jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { ownRedis } from '../testing/own-redis';
import type { TestRedis } from '../testing/redis-server';
import { utf8 } from './byte-writer';
import { encodeEventTimestamp } from './event-timestamp';
import type { PlanBatch } from './plan';
import { PUT_SCRIPT, PutCommands } from './put-script';
import type { StoredRow } from './stored-rows';

let redis: TestRedis;
let client: Redis;

ownRedis((own, beside) => ([redis, client] = [own, beside]));

interface PutRow {
  key: string;
  values: Uint8Array[];
  /** What the dry run saw; null = not to be replaced. */
  seen: StoredRow | null;
}

function batchOf(rows: readonly PutRow[]): PlanBatch {
  const slices = rows.flatMap(({ key, values }) => [utf8(key), ...values]);
  const ends = slices.map(({ length }) => length);
  for (let i = 1; i < ends.length; i++) ends[i]! += ends[i - 1]!;
  const bytes = new Uint8Array(Buffer.concat(slices));
  return {
    view: 0,
    rows: rows.length,
    width: slices.length / rows.length,
    bytes,
    ends: Uint32Array.from(ends),
  };
}

/** Sends what `PutCommands` builds, with the script itself in the place of its digest. */
async function run(fields: string[], rows: PutRow[], expire: number | null = null): Promise<string> {
  const seen = new Map(rows.flatMap((one, i) => (one.seen === null ? [] : [[i, one.seen] as const])));
  const puts = new PutCommands(fields.map(utf8), expire);
  const [, , ...rest] = puts.command(batchOf(rows), [...rows.keys()], seen);
  const args = rest.map((part) => (typeof part === 'string' ? part : Buffer.from(part)));
  return String(await client.call('EVAL', PUT_SCRIPT, ...args));
}
const row = (key: string, time: bigint, values: string[], seen: PutRow['seen'] = null): PutRow => ({
  key,
  values: [encodeEventTimestamp(time), ...values.map(utf8)],
  seen,
});
const put = (time: bigint, value: string) => run(['_ts:v', 'f'], [row('k', time, [value])]);

describe('the write script', () => {
  it('decides as the rule says, for any two event times', async () => {
    const edge = [-1n, 0n, 1n, 999_999n, 1_000_000n, 2n ** 35n * 1_000_000n, -(2n ** 35n) * 1_000_000n];
    const micros = fc.oneof(
      fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
      fc.bigInt({ min: -3_000_000n, max: 3_000_000n }),
      fc.constantFrom(...edge),
    );
    await fc.assert(
      fc.asyncProperty(micros, fc.oneof(micros, fc.constant(null)), async (stored, next) => {
        const time = next ?? stored;
        await client.del('k');
        expect(await put(stored, 'old')).toBe('w');
        const expected = stored <= 0n || time > stored ? 'w' : time === stored ? 'e' : 'o';
        expect(await put(time, 'new')).toBe(expected);
        expect(await client.hget('k', 'f')).toBe(expected === 'w' ? 'new' : 'old');
        const again = expected === 'o' ? 'o' : time <= 0n ? 'w' : 's';
        expect(await put(time, expected === 'w' ? 'new' : 'old')).toBe(again);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('replaces what the dry run saw, and nothing else', async () => {
    const fields = ['_ts:v', 'f', 'g'];
    const seen = [encodeEventTimestamp(5n), utf8('old'), null];
    const replace = () => run(fields, [row('k', 5n, ['new', ''], seen)]);
    await client.hset('k', '_ts:v', Buffer.from(encodeEventTimestamp(5n)), 'f', 'old', 'other', 'x');
    expect(await replace()).toBe('w');
    expect(await client.hgetall('k')).toMatchObject({ f: 'new', g: '', other: 'x' });
    expect(await replace()).toBe('s');
    // NULL and no field at all are two things
    await client.hset('k', 'f', 'old');
    expect(await replace()).toBe('c');
    await client.hdel('k', 'g');
    await client.hset('k', 'f', 'third');
    expect(await replace()).toBe('c');
    expect(await client.hget('k', 'f')).toBe('third');
    expect(await run(fields, [row('k', 6n, ['new', ''], seen), row('l', 6n, ['new', ''])])).toBe('ww');
  });

  it('sets the expiry of what it writes, and of nothing else', async () => {
    const write = (time: bigint) => run(['_ts:v', 'f'], [row('k', time, ['x'])], 1_000);
    expect(await write(2n)).toBe('w');
    expect(await client.ttl('k')).toBeGreaterThan(990);
    await client.persist('k');
    expect((await write(2n)) + (await write(1n))).toBe('so');
    expect(await client.ttl('k')).toBe(-1);
  });

  it('puts the entities before one with an unreadable event time, and says so', async () => {
    await client.hset('b', '_ts:v', 'rubbish');
    const rows = ['a', 'b', 'c'].map((key) => row(key, 1n, ['x']));
    await expect(run(['_ts:v', 'f'], rows)).rejects.toThrow('PLUMBLINE');
    expect(await client.exists('a', 'c')).toBe(1);
  });

  it('lets the newest of several writers win, whatever the order', async () => {
    const job = jobOf(userView('stats', { clicks: 'int64', by: 'string' }));
    const users = 20n;
    const writer = async (time: bigint): Promise<void> => {
      const rows = Array.from({ length: Number(users) }, (_, i): UserRow => {
        return [BigInt(i), time, time, `writer ${time}`];
      });
      const host = createOnlineHost(() => redis.target);
      const result = await host.materialize(job, userRows(job, { stats: rows }), { write: true });
      expect(result.verified).toBe(true);
    };
    for (let round = 0n; round < 10n; round++)
      await Promise.all([3n, 1n, 4n, 2n].map((writerTime) => writer(round * 10n + writerTime)));
    const answer = await createOnlineHost(() => redis.target).lookup(
      {
        redis: 'dev',
        project: 'plumb',
        views: job.views,
        entities: Array.from({ length: Number(users) }, (_, i) => ({ user_id: String(i) })),
        repeat: 1,
      },
      {},
    );
    for (const { features } of answer.rows) {
      expect(features['stats:clicks']?.value).toBe(94);
      expect(features['stats:by']?.value).toBe('writer 94');
    }
  });

  it('puts a view with more fields than one call of unpack takes', async () => {
    const names = Array.from({ length: 9_000 }, (_, i) => `f${i}`);
    const view = userView('wide', Object.fromEntries(names.map((name) => [name, 'int32' as const])));
    const wide = jobOf(view);
    const row: UserRow = [1n, 5n, ...names.map((_, i) => i)];
    const host = createOnlineHost(() => redis.target);
    const result = await host.materialize(wide, userRows(wide, { wide: [row] }), { write: true });
    expect(result).toMatchObject({ added: 1, verified: true });
    const [key] = await client.keysBuffer('*');
    expect(await client.hlen(key!)).toBe(9_001);
  });
});
