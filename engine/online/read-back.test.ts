import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { redisOpener } from '../node/redis-connection';
import { openLink } from '../node/redis-host';
import { bystander, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { ownRedis } from '../testing/own-redis';
import { startRedis, type TestRedis } from '../testing/redis-server';
import { dryRun } from './dry-run';
import { encodeEntityKey } from './entity-key';
import { hashField } from './hash-field';
import type { MaterializeJob } from './job';
import { memoryRecords } from './memory-records';
import { readState } from './online-state';
import { planMaterialization } from './plan';
import type { RedisCommand } from './redis-commands';
import { RedisLink } from './redis-link';
import { writePlan } from './write-plan';

let redis: TestRedis;
let client: Redis;
ownRedis((own, beside) => ([redis, client] = [own, beside]));

const COUNT = 1_200;
const job = jobOf(userView('stats', { clicks: 'int64', city: 'string' }));
const rowsOf = (count: number): UserRow[] =>
  Array.from({ length: count }, (_, i): UserRow => [BigInt(i), 1_000n, BigInt(i), `city ${i}`]);
const keyOf = (user: bigint): Buffer =>
  Buffer.from(encodeEntityKey([{ name: 'user_id', type: 'int64', value: user }], 'plumb'));
const clicks = Buffer.from(hashField('stats', 'clicks'));
const city = Buffer.from(hashField('stats', 'city'));

async function compared(what: MaterializeJob, rows: Record<string, UserRow[]>) {
  const link = openLink(redis.target);
  const plan = await planMaterialization(what, userRows(what, rows));
  const result = await dryRun(plan, link, await readState(memoryRecords(), '', what.project, ''));
  link.close();
  return result;
}

/** A link that tells each pipeline before it goes out; `names` keeps which commands went. */
function watched(
  before: (commands: readonly RedisCommand[]) => Promise<unknown> | void,
  target = redis.target,
) {
  const names: Record<string, number> = {};
  const open = redisOpener(target);
  const link = new RedisLink(async () => {
    const connection = await open();
    return {
      close: () => connection.close(),
      send: async (commands, asBytes) => {
        for (const [name] of commands) names[name] = (names[name] ?? 0) + 1;
        await before(commands);
        return connection.send(commands, asBytes);
      },
    };
  });
  return { link, names };
}

/** Writes 1,200 rows; `meddle` is called once, before the reading that comes `after` so many reading pipelines. */
async function writeWith(meddle: (() => Promise<unknown>) | null, after = 0) {
  const plan = await compared(job, { stats: rowsOf(COUNT) });
  let reads = 0;
  const { link, names } = watched((commands) => {
    const [name = ''] = commands[0] ?? [];
    return name.startsWith('H') && reads++ === after && meddle !== null
      ? meddle().then(() => undefined)
      : undefined;
  });
  const result = await writePlan(plan, link);
  link.close();
  return { result, names };
}

describe('reading back', () => {
  it('reads each hash of one view once beside the writing, and some again', async () => {
    const { result, names } = await writeWith(null);
    expect(result).toMatchObject({ added: COUNT, read_back: COUNT, verified: true });
    expect(names['HMGET']).toBeUndefined();
    // 1 that is tried first, the first of three batches, and 1,000 at even distances
    expect(names['HGETALL']).toBe(1 + 3 + 1_000);
    expect(names['HVALS']).toBe(1 + COUNT - 3);
  });

  it.each([
    ['a value', () => client.hset(keyOf(7n), clicks, 'x')],
    ['the last value', () => client.hset(keyOf(0n), city, 'x')],
    ['the event time', () => client.hset(keyOf(3n), '_ts:stats', 'x')],
    ['a longer value that begins the same', () => client.hset(keyOf(7n), city, '\x12\x06city 7 ')],
    ['a field that is gone', () => client.hdel(keyOf(7n), clicks)],
    ['an entity that is gone', () => client.del(keyOf(499n))],
    ['a key that became something else', () => client.multi().del(keyOf(1n)).sadd(keyOf(1n), 'x').exec()],
  ])('finds %s changed after the writing', async (_, meddle) => {
    const { result } = await writeWith(meddle);
    expect(result.verified).not.toBe(true);
  });

  it('finds a store that was emptied after the batch had been read', async () => {
    // one that is tried first and three batches, each in two ways, and then what is read again at the end
    const { result } = await writeWith(() => client.flushall(), 8);
    expect(result).toMatchObject({ added: COUNT, verified: false });
  });

  it('reads hashes that were there before with their names, whose order is none of ours', async () => {
    await client.hset(keyOf(7n), city, 'theirs', clicks, 'theirs', '_ts:stats', '');
    const { result, names } = await writeWith(null);
    expect(result).toMatchObject({ changed: 1, read_back: COUNT, verified: true });
    expect(names['HGETALL']).toBeGreaterThanOrEqual(500);
  });

  it('takes hashes with fields of others as they are', async () => {
    for (let user = 0n; user < 1_200n; user += 2n) await client.hset(keyOf(user), 'other', 'x');
    const { result, names } = await writeWith(null);
    expect(result).toMatchObject({ added: COUNT, read_back: COUNT, verified: true });
    expect(names['HMGET']).toBeGreaterThanOrEqual(COUNT / 2);
  });

  it('reads two views of an entity, and one with more fields than a small hash has', async () => {
    const names = Array.from({ length: 700 }, (_, i) => `f${i}`);
    const wide = userView('wide', Object.fromEntries(names.map((name) => [name, 'int32' as const])));
    const both = { ...job, views: [...job.views, wide] };
    const wideRows = Array.from({ length: 20 }, (_, i): UserRow => [
      BigInt(i),
      1_000n,
      ...names.map((_, f) => f),
    ]);
    const link = openLink(redis.target);
    const result = await writePlan(await compared(both, { stats: rowsOf(20), wide: wideRows }), link);
    link.close();
    expect(result).toMatchObject({ added: 40, read_back: 40, verified: true });
  });

  it('needs no right beyond those that are documented', async () => {
    const rights = 'HGET HMGET HLEN HKEYS HEXISTS HSET EXPIRE EVALSHA SCRIPT INFO DBSIZE'.split(' ');
    const may = rights.map((name) => `+${name.toLowerCase()}`);
    await client.acl('SETUSER', 'writer', 'on', '>pw', '~*', ...may);
    const plan = await compared(job, { stats: rowsOf(COUNT) });
    const { link } = watched(() => undefined, { ...redis.target, username: 'writer', password: 'pw' });
    expect(await writePlan(plan, link)).toMatchObject({ added: COUNT, read_back: COUNT, verified: true });
    link.close();
  });
});

describe('a server that evicts', () => {
  it('is read whole after the writing', async () => {
    const small = await startRedis({ settings: ['--maxmemory', '2mb', '--maxmemory-policy', 'allkeys-lru'] });
    const beside = bystander(small.target);
    const text = 'x'.repeat(1_000);
    const rows = Array.from({ length: 3_000 }, (_, i): UserRow => [BigInt(i), 1_000n, 1n, text]);
    const link = openLink(small.target);
    const plan = await planMaterialization(job, userRows(job, { stats: rows }));
    const state = await readState(memoryRecords(), '', job.project, '');
    const result = await writePlan(await dryRun(plan, link, state), link);
    expect(await beside.info('stats')).not.toContain('evicted_keys:0\r');
    expect(result).toMatchObject({ added: 3_000, verified: false });
    link.close();
    beside.disconnect();
    await small.stop();
  });
});
