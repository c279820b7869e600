import type { Redis } from 'ioredis';
import { beforeEach, describe, expect, it } from 'vitest';
import { openLink } from '../node/redis-host';
import type { RedisTarget } from '../node/redis-target';
import { bystander, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { ownRedis } from '../testing/own-redis';
import { startRedis, type TestRedis } from '../testing/redis-server';
import { encodeJournal } from './journal';
import { prepareWrite, requireWritable } from './materialize';
import { memoryRecords } from './memory-records';
import { recordPlace } from './record-place';
import { requireWritableTarget } from './writable-target';

async function withLink<T>(target: RedisTarget, work: (link: ReturnType<typeof openLink>) => Promise<T>) {
  const link = openLink(target, { giveUpAfter: 300 });
  return work(link).finally(() => link.close());
}
const check = (target: RedisTarget) => withLink(target, requireWritableTarget);

let redis: TestRedis;
let client: Redis;
ownRedis((own, beside) => ([redis, client] = [own, beside]));
beforeEach(async () => void (await client.script('FLUSH')));

describe('a target that is to be written to', () => {
  it('is taken when it can be, without a write', async () => {
    const changes = async () => /rdb_changes_since_last_save:\d+/.exec(await client.info('persistence'))?.[0];
    const untouched = await changes();
    await check(redis.target);
    await check(redis.target);
    expect(await changes()).toBe(untouched);
    expect(await client.dbsize()).toBe(0);
  });

  it('is refused without the right to run the script', async () => {
    await client.acl('SETUSER', 'reader', 'on', '>pw', '~*', '+@read', '+ping', '+info');
    await expect(check({ ...redis.target, username: 'reader', password: 'pw' })).rejects.toMatchObject({
      code: 'redis.needs_user',
      message: expect.stringContaining('does not allow'),
    });
  });

  it('is refused where it is a read-only replica', async () => {
    const other = await startRedis({ settings: ['--replicaof', '127.0.0.1', String(redis.target.port)] });
    const beside = bystander(other.target);
    await expect(check(other.target)).rejects.toMatchObject({
      code: 'redis.needs_user',
      message: expect.stringContaining('read-only replica'),
    });
    await beside.config('SET', 'replica-read-only', 'no');
    await check(other.target);
    beside.disconnect();
    await other.stop();
  });

  it('is refused where memory is used up', async () => {
    const small = await startRedis({ settings: ['--maxmemory', '500kb'] });
    const beside = bystander(small.target);
    await expect(check(small.target)).rejects.toMatchObject({
      code: 'redis.needs_user',
      hint: expect.stringContaining('maxmemory'),
    });
    // the server itself says the same
    await expect(beside.set('k', 'x'.repeat(100))).rejects.toThrow('OOM');
    await beside.config('SET', 'maxmemory', '100mb');
    await check(small.target);
    beside.disconnect();
    await small.stop();
  });
});

describe('a plan that is to be written', () => {
  const job = jobOf(userView('stats', { clicks: 'int64' }));
  const rows: UserRow[] = [[1n, 1_000n, 5n]];

  it('is refused before anyone is asked when an earlier one was interrupted, or is under way', async () => {
    const records = memoryRecords();
    const site = { target: 'here', records, now: Date.now };
    const place = recordPlace(job.project, site.target);
    await withLink(redis.target, async (link) => {
      const prepared = await prepareWrite(job, userRows(job, { stats: rows }), link, site, {});
      const may = (dropJournal = false) => requireWritable(prepared, link, site, { dropJournal });
      await may();
      const counts = { skipped_older: 0, skipped_equal: 0, equal_differs: 0, null_overwrites: 0, bytes: 1 };
      const head = { run: 'x', startedAt: '2026-01-02T03:04:05.000Z', digest: 'other', rows: 9, counts };
      const journal = { head, outcomes: [Uint8Array.of(0)], acknowledged: new Map([[0, 'w']]) };
      const leave = (digest: string) =>
        records.write(place.journal(job.cell), encodeJournal({ ...journal, head: { ...head, digest } }));
      await leave('other');
      await expect(may()).rejects.toMatchObject({ code: 'online.write_interrupted' });
      await may(true);
      await leave(prepared.digest);
      await may();
      const release = await records.lock(place.lock(job.cell));
      await expect(may()).rejects.toMatchObject({ code: 'online.write_running' });
      await release();
      await may();
      expect(await client.dbsize()).toBe(0);
    });
  });
});
