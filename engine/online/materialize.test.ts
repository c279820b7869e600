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
});
