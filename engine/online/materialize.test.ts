import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOnlineHost } from '../node/redis-host';
import { goldenFields, goldenHashes, goldenJob } from '../testing/golden-job';
import { allHashes, bystander, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { startRedis, type TestRedis } from '../testing/redis-server';
import type { MaterializeJob, OnlineHost } from './job';

let redis: TestRedis;
let client: Redis;
let host: OnlineHost;

beforeAll(async () => {
  redis = await startRedis();
  client = bystander(redis.target);
  host = createOnlineHost(() => redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => void (await client.flushall()));

const run = (job: MaterializeJob, rows: Record<string, UserRow[]>, write = true) =>
  host.materialize(job, userRows(job, rows), { write });

describe('materialize', () => {
  it.each(goldenHashes)('writes the whole hash of $name byte for byte', async (example) => {
    const golden = goldenJob(example);
    const result = await host.materialize(golden.job, golden.rows, { write: true });
    expect(result).toMatchObject({ entities: 1, added: 1, written: true, verified: true });
    expect(await allHashes(client)).toEqual({ [example.key]: goldenFields(example) });
  });

  const view = userView('stats', { clicks: 'int64', city: 'string' });
  const job = jobOf(view);

  it('counts what a dry run finds, with samples before and after, and writes nothing', async () => {
    await run(job, {
      stats: [
        [1n, 1_000n, 5n, 'a'],
        [2n, 1_000n, 5n, 'b'],
        [3n, 2_000n, 5n, 'c'],
        [4n, 2_000n, 5n, 'd'],
      ],
    });
    const before = await allHashes(client);
    const dry = await run(
      job,
      {
        stats: [
          [1n, 1_001n, 6n, null],
          [2n, 1_001n, null, 'b'],
          [3n, 2_000n, 7n, 'c'],
          [4n, 1_999n, 5n, 'd'],
          [5n, 1n, 1n, 'e'],
          [null, 1n, 1n, 'f'],
        ],
      },
      false,
    );
    expect(dry).toMatchObject({
      written: false,
      verified: null,
      entities: 5,
      added: 1,
      changed: 2,
      skipped_equal: 1,
      skipped_older: 1,
      null_overwrites: 2,
      null_keys: 1,
      batches: [],
    });
    expect(dry.samples.find((sample) => sample.outcome === 'skipped_equal')).toEqual({
      view: 'stats',
      entity: { user_id: '3' },
      outcome: 'skipped_equal',
      before: { 'event time': '1970-01-01T00:00:00.002000Z', clicks: '5', city: 'c' },
      after: { 'event time': '1970-01-01T00:00:00.002000Z', clicks: '7', city: 'c' },
    });
    expect(dry.samples.find((sample) => sample.outcome === 'added')).toMatchObject({
      before: null,
      after: { clicks: '1', city: 'e' },
    });
    expect(await allHashes(client)).toEqual(before);
  });

  it('never lets an older or equal row replace what is stored', async () => {
    await run(job, { stats: [[1n, 1_000n, 5n, 'a']] });
    const before = await allHashes(client);
    const result = await run(job, { stats: [[1n, 1_000n, 9n, 'z']] });
    expect(result).toMatchObject({ skipped_equal: 1, added: 0, changed: 0, verified: true });
    expect(await run(job, { stats: [[1n, 999n, 9n, 'z']] })).toMatchObject({ skipped_older: 1 });
    expect(await allHashes(client)).toEqual(before);
  });

  it('leaves the fields of other views in the same hash alone', async () => {
    const other = jobOf(userView('profile', { age: 'int32' }));
    await run(other, { profile: [[1n, 5_000n, 33]] });
    const [[key, fields] = ['', {}]] = Object.entries(await allHashes(client));
    await run(job, { stats: [[1n, 1_000n, 5n, 'a']] });
    const hashes = await allHashes(client);
    expect(Object.keys(hashes)).toEqual([key]);
    expect(hashes[key]).toMatchObject(fields);
    expect(Object.keys(hashes[key]!)).toHaveLength(5);
  });

  it('writes two views of one entity in one job', async () => {
    const both = jobOf(view, userView('profile', { age: 'int32' }));
    const result = await run(both, { stats: [[1n, 1_000n, 5n, 'a']], profile: [[1n, 2_000n, 33]] });
    expect(result).toMatchObject({ entities: 2, added: 2, verified: true });
    expect(result.batches).toEqual([
      { rows: 1, outcome: 'ok' },
      { rows: 1, outcome: 'ok' },
    ]);
  });

  it('cuts batches at 500 entities and at one megabyte', async () => {
    const many = Array.from({ length: 1_201 }, (_, i): UserRow => [BigInt(i), 1_000n, BigInt(i), 'x']);
    expect((await run(job, { stats: many })).batches.map((batch) => batch.rows)).toEqual([500, 500, 201]);
    const wide = Array.from({ length: 4 }, (_, i): UserRow => [BigInt(i), 2_000n, 1n, 'x'.repeat(600_000)]);
    expect((await run(job, { stats: wide })).batches.map((batch) => batch.rows)).toEqual([2, 2]);
  });

  const stored = (user: bigint, time: bigint, clicks: unknown, city: unknown): UserRow => [
    user,
    time,
    clicks,
    city,
  ];

  it('says by how much the store is newer, and counts corrections that stay unwritten', async () => {
    const old = [1n, 2n, 3n, 4n].map((user) => stored(user, 10_000n * user, 1n, 'a'));
    await run(job, { stats: old });
    const dry = await run(
      job,
      { stats: [1n, 2n, 3n, 4n].map((user) => stored(user, 10_000n, 2n, 'a')) },
      false,
    );
    expect(dry).toMatchObject({ skipped_older: 3, skipped_equal: 1, equal_differs: 1 });
    expect(dry.older_by_ms).toEqual({ min: 10, median: 20, max: 30 });
    expect((await run(job, { stats: old }, false)).older_by_ms).toBeNull();
  });

  it('names the values that NULL would take away', async () => {
    await run(job, { stats: [stored(1n, 1_000n, 1n, 'a')] });
    const dry = await run(
      job,
      { stats: [stored(1n, 2_000n, 2n, null), stored(2n, 2_000n, null, null)] },
      false,
    );
    expect(dry.null_overwrites).toBe(1);
    expect(dry.findings).toEqual([
      { kind: 'null_overwrite', view: 'stats', entity: { user_id: '1' }, what: ['city'] },
    ]);
  });

  it('finds entities that are stored under the other integer type', async () => {
    const narrow = jobOf({ ...view, joinKeys: [{ name: 'user_id', type: 'int32' }] });
    await run(narrow, { stats: [stored(1n, 1n, 1n, 'a'), stored(-3n, 1n, 1n, 'a')] });
    const rows = {
      stats: [stored(1n, 2n, 1n, 'a'), stored(-3n, 2n, 1n, 'a'), stored(2n ** 40n + 1n, 2n, 1n, 'a')],
    };
    const dry = await run(job, rows, false);
    expect(dry).toMatchObject({ added: 3, int_mismatch: { found: 2, checked: 3 } });
    expect(dry.findings.map(({ kind, entity, what }) => [kind, entity['user_id'], what])).toEqual([
      ['int_mismatch', '1', ['user_id int32']],
      ['int_mismatch', '-3', ['user_id int32']],
    ]);
  });

  it('tells fields of removed features from fields that it does not know', async () => {
    await run(jobOf(userView('stats', { clicks: 'int64', gone: 'int32' })), {
      stats: [
        [1n, 1n, 1n, 7],
        [2n, 1n, 1n, 7],
      ],
    });
    await run(jobOf(userView('other', { a: 'int32' })), { other: [[1n, 1n, 1]] });
    const [key] = await client.keysBuffer('*');
    await client.hset(key!, 'note', 'x', Buffer.from([0, 1, 2, 255]), 'y');
    const dry = await run(job, { stats: [stored(1n, 2n, 1n, 'a'), stored(2n, 2n, 1n, 'a')] }, false);
    expect(dry).toMatchObject({ orphan_fields: 2, unknown_fields: 2 });
    expect(dry.findings.filter(({ kind }) => kind === 'orphan_field').map(({ what }) => what)).toEqual([
      ['gone'],
      ['gone'],
    ]);
    expect(dry.findings.find(({ kind }) => kind === 'unknown_field')?.what.sort()).toEqual([
      '0x000102ff',
      '0x6e6f7465',
    ]);
  });

  it('replaces values of the same event time when asked to, and says what it replaced', async () => {
    await run(job, {
      stats: [stored(1n, 1_000n, 1n, 'a'), stored(2n, 1_000n, 1n, 'b'), stored(3n, 2_000n, 1n, 'c')],
    });
    const replacing = { ...job, replace: 'equal' as const };
    const rows = {
      stats: [stored(1n, 1_000n, 9n, null), stored(2n, 1_000n, 1n, 'b'), stored(3n, 1_000n, 9n, 'z')],
    };
    expect(await run(replacing, rows, false)).toMatchObject({
      replaced: 1,
      skipped_equal: 1,
      skipped_older: 1,
      null_overwrites: 1,
    });
    const result = await run(replacing, rows);
    expect(result).toMatchObject({
      replaced: 1,
      skipped_equal: 1,
      skipped_older: 1,
      verified: true,
      read_back: 1,
    });
    expect(await run(replacing, rows, false)).toMatchObject({
      replaced: 0,
      skipped_equal: 2,
      equal_differs: 0,
    });
    expect(await run(job, rows, false)).toMatchObject({ skipped_equal: 2, equal_differs: 0 });
  });

  it('gives written hashes the expiry that the cell names', async () => {
    await run({ ...job, expire: 3_600 }, { stats: [stored(1n, 1_000n, 1n, 'a')] });
    const [key] = await client.keysBuffer('*');
    const ttl = await client.ttl(key!);
    expect(ttl).toBeGreaterThan(3_500);
    expect(ttl).toBeLessThanOrEqual(3_600);
  });

  it('counts the bytes that it sends', async () => {
    const rows = { stats: [stored(1n, 1_000n, 1n, 'abc'), stored(2n, 1_000n, 2n, null)] };
    const dry = await run(job, rows, false);
    await run(job, rows);
    const hashes = Object.entries(await allHashes(client));
    const size =
      hashes.flatMap(([key, fields]) => [key, ...Object.entries(fields).flat()]).join('').length / 2;
    expect(dry.bytes).toBe(size);
  });
});
