import { createServer, type AddressInfo } from 'node:net';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisOpener } from '../node/redis-connection';
import { createOnlineHost, openLink } from '../node/redis-host';
import { testConnection } from '../node/redis-probe';
import { allHashes, bystander, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { ownRedis } from '../testing/own-redis';
import { startRedis, type TestRedis } from '../testing/redis-server';
import { startTcpProxy, type TcpProxy } from '../testing/tcp-proxy';
import { dryRun } from './dry-run';
import { encodeEntityKey } from './entity-key';
import { hashField } from './hash-field';
import { materialize } from './materialize';
import { memoryRecords } from './memory-records';
import { readOnlineRecords } from './online-records';
import { readState } from './online-state';
import { planMaterialization } from './plan';
import { PUT_SCRIPT_SHA } from './put-script';
import { receiptSchema } from './receipt';
import { RedisLink } from './redis-link';
import { requireWritten, WriteStopped } from './require-written';
import { writePlan } from './write-plan';

const job = jobOf(userView('stats', { clicks: 'int64' }));
const users = (count: number, time = 1_000n): Record<string, UserRow[]> => ({
  stats: Array.from({ length: count }, (_, i): UserRow => [BigInt(i), time, BigInt(i)]),
});
const keyOf = (user: bigint): Buffer =>
  Buffer.from(encodeEntityKey([{ name: 'user_id', type: 'int64', value: user }], 'plumb'));

/** Plan and dry run through one address; the write may go through another. */
async function compared(server: TestRedis, count: number, time?: bigint) {
  const link = openLink(server.target);
  const plan = await planMaterialization(job, userRows(job, users(count, time)));
  const state = await readState(memoryRecords(), '', job.project, '');
  const result = await dryRun(plan, link, state);
  link.close();
  return result;
}

describe('a server that stays', () => {
  let redis: TestRedis;
  let client: Redis;
  let proxy: TcpProxy;

  ownRedis((own, beside) => ([redis, client] = [own, beside]));
  beforeEach(async () => {
    await client.script('FLUSH');
    proxy = await startTcpProxy(redis.target.port);
    return () => proxy.close();
  });

  const throughProxy = () => openLink({ ...redis.target, port: proxy.port }, { giveUpAfter: 5_000 });

  it('sends a batch again after a lost reply, and the result is as if nothing had happened', async () => {
    await client.script('LOAD', 'return 1');
    const before = await compared(redis, 1_200);
    const link = throughProxy();
    await writePlan(await compared(redis, 1), link); // loads the script, so that the loss hits EVALSHA itself
    proxy.loseReplies(PUT_SCRIPT_SHA, 2);
    const result = await writePlan(before, link);
    link.close();
    expect(proxy.lost()).toBe(2);
    expect(result).toMatchObject({ verified: true, skipped_older: 0 });
    expect(result.batches.map((batch) => batch.outcome)).toEqual(['ok', 'ok', 'ok']);
    expect(result.added + result.skipped_equal).toBe(1_200);
    expect(Object.keys(await allHashes(client))).toHaveLength(1_200);
  });

  it('gives up on a server that stays silent, with a typed error', async () => {
    const before = await compared(redis, 3);
    const target = { ...redis.target, port: proxy.port };
    const link = openLink(target, { times: { reply: 200 }, giveUpAfter: 300 });
    await link.send([['PING']]);
    proxy.freeze();
    const result = await writePlan(before, link);
    expect(result.batches[0]?.error).toMatchObject({ code: 'redis.retryable', retryable: true });
    expect(result.verified).toBeNull();
    link.close();
  });

  it('stops between batches when it is cancelled, and says what was written', async () => {
    const before = await compared(redis, 2_500);
    const cancel = new AbortController();
    const link = openLink(redis.target, { signal: cancel.signal });
    const result = await writePlan(before, link, {
      signal: cancel.signal,
      onProgress: ({ rows }) => rows === 1_000 && cancel.abort(),
    });
    link.close();
    expect(result).toMatchObject({ added: 1_500, verified: null });
    expect(result.batches).toEqual([
      { rows: 500, outcome: 'ok' },
      { rows: 500, outcome: 'ok' },
      // was under way
      { rows: 500, outcome: 'ok' },
      { rows: 1_000, outcome: 'failed', error: expect.objectContaining({ code: 'engine.cancelled' }) },
    ]);
    expect(Object.keys(await allHashes(client))).toHaveLength(1_500);
  });

  it('stops at once behind a server that stays silent, and tells of which batches nothing is known', async () => {
    const before = await compared(redis, 2_500);
    const cancel = new AbortController();
    const target = { ...redis.target, port: proxy.port };
    // without the stop it would wait for longer than a test may
    const link = openLink(target, { times: { reply: 600_000 }, giveUpAfter: 600_000, signal: cancel.signal });
    let begun = false;
    proxy.inject((request) => {
      if (!begun || !request.includes(PUT_SCRIPT_SHA)) return null;
      proxy.freeze();
      cancel.abort();
      return { kind: 'silent' };
    });
    const onProgress = (): void => void (begun = true);
    const result = await writePlan(before, link, { signal: cancel.signal, onProgress });
    link.close();
    const unknown = expect.objectContaining({
      code: 'engine.cancelled',
      message: expect.stringContaining('may have been written'),
    });
    const known = result.batches.filter(({ outcome }) => outcome === 'ok');
    const left = result.batches.slice(known.length);
    expect(left.map(({ error }) => error)).toEqual([
      ...left.slice(1).map(() => unknown),
      expect.not.objectContaining({ message: expect.stringContaining('may have been written') }),
    ]);
    expect(left.length).toBeGreaterThan(1);
    expect(result.batches.reduce((sum, { rows }) => sum + rows, 0)).toBe(2_500);
    expect(result.added).toBe(known.length * 500);
    expect(result.verified).toBeNull();
  });

  it('stops at once while it connects to a server that stays silent', async () => {
    const cancel = new AbortController();
    const target = { ...redis.target, port: proxy.port, db: 1 };
    proxy.inject(() => {
      cancel.abort();
      return { kind: 'silent' };
    });
    const link = openLink(target, { times: { reply: 600_000 }, signal: cancel.signal });
    await expect(link.send([['PING']])).rejects.toMatchObject({ code: 'engine.cancelled' });
    link.close();
  });

  it('reports a cancelled host call as engine.cancelled', async () => {
    const cancel = new AbortController();
    const host = createOnlineHost(() => redis.url);
    const call = host.materialize(job, userRows(job, users(1_500)), {
      write: true,
      signal: cancel.signal,
      onProgress: ({ phase }) => phase === 'writing' && cancel.abort(),
    });
    await expect(call).rejects.toMatchObject({ code: 'engine.cancelled', result: { added: 1_000 } });
  });

  it('refuses a key that holds no hash, in the dry run', async () => {
    await client.set(keyOf(1n), 'text');
    await expect(compared(redis, 3)).rejects.toMatchObject({ code: 'redis.refused' });
  });

  it('fails the batch whose key stopped being a hash after the dry run, and sends nothing after what was under way', async () => {
    const before = await compared(redis, 2_200);
    await client.set(keyOf(600n), 'text');
    const link = openLink(redis.target);
    const result = await writePlan(before, link);
    link.close();
    expect(result.batches.map(({ rows, outcome, error }) => [rows, outcome, error?.code])).toEqual([
      [500, 'ok', undefined],
      [500, 'failed', 'redis.refused'],
      [500, 'ok', undefined],
      [700, 'failed', 'redis.refused'],
    ]);
    expect(await client.exists(keyOf(1_499n))).toBe(1);
    expect(await client.exists(keyOf(1_500n))).toBe(0);
  });

  it('refuses a stored event time that is no Timestamp', async () => {
    await client.hset(keyOf(0n), '_ts:stats', 'rubbish');
    await expect(compared(redis, 1)).rejects.toMatchObject({ code: 'redis.refused' });
    const link = openLink(redis.target);
    await client.del(keyOf(0n));
    const before = await compared(redis, 1);
    await client.hset(keyOf(0n), '_ts:stats', 'rubbish');
    expect((await writePlan(before, link)).batches[0]?.error?.code).toBe('redis.refused');
    link.close();
  });

  it('skips what another writer made newer between dry run and write', async () => {
    const before = await compared(redis, 2, 1_000n);
    await createOnlineHost(() => redis.url).materialize(
      job,
      userRows(job, {
        stats: [
          [0n, 1_000n, 7n],
          [1n, 2_000n, 8n],
        ],
      }),
      { write: true },
    );
    const hashes = await allHashes(client);
    const link = openLink(redis.target);
    const result = await writePlan(before, link);
    link.close();
    expect(result).toMatchObject({ added: 0, skipped_equal: 1, skipped_older: 1, verified: true });
    expect(await allHashes(client)).toEqual(hashes);
  });

  /** A link on which `act` happens once, after the first batch is written and before it is read back. */
  const linkWithRival = (act: () => Promise<unknown>): RedisLink => {
    const open = redisOpener(redis.target);
    let [wrote, acted] = [false, false];
    return new RedisLink(async () => {
      const connection = await open();
      return {
        close: () => connection.close(),
        send: async (commands, asBytes) => {
          const name = commands[0]?.[0];
          if (wrote && !acted && name?.startsWith('H')) {
            acted = true;
            await act();
          }
          wrote ||= name === 'EVALSHA';
          return connection.send(commands, asBytes);
        },
      };
    });
  };
  const rival = (count: number, time: bigint, replace: 'newer' | 'equal' = 'newer') => {
    const rows = { stats: Array.from({ length: count }, (_, i): UserRow => [BigInt(i), time, 99n]) };
    return createOnlineHost(() => redis.target).materialize({ ...job, replace }, userRows(job, rows), {
      write: true,
    });
  };

  it('counts what another writer made newer between writing and reading back, and keeps it', async () => {
    const records = memoryRecords();
    const site = { target: 'here', records, now: Date.now };
    const link = linkWithRival(() => rival(7, 1_001n));
    const rows = userRows(job, users(1_200));
    const result = await materialize(job, rows, link, site, { write: true });
    link.close();
    expect(result).toMatchObject({ added: 1_200, verified: true, read_back: 1_200, overtaken: 7 });
    expect(result.receipt).toMatchObject({ added: 1_200, verified: true, read_back: 1_200, overtaken: 7 });
    const state = await readOnlineRecords({ cell: job.cell, redis: 'dev', project: job.project }, site);
    expect(state.receipt).toEqual(result.receipt);
    const { overtaken: _, ...earlier } = result.receipt!;
    expect(receiptSchema.parse(earlier).overtaken).toBe(0);
    const clicks = Buffer.from(hashField('stats', 'clicks'));
    const stored = await Promise.all([6n, 7n].map((user) => client.hgetBuffer(keyOf(user), clicks)));
    expect(stored.map((value) => value?.toString('hex'))).toEqual(['2063', '2007']);
    const next = openLink(redis.target);
    const again = await materialize(job, userRows(job, users(1_200)), next, site, { write: true });
    next.close();
    expect(again).toMatchObject({ skipped_older: 7, skipped_equal: 1_193, overtaken: 0, verified: true });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['another value of the same event time', () => rival(1, 1_000n, 'equal')],
    [
      'bytes that no writer put there',
      () => client.hset(keyOf(0n), Buffer.from(hashField('stats', 'clicks')), 'x'),
    ],
    ['an older value', () => client.del(keyOf(0n)).then(() => rival(1, 999n))],
    ['an event time that is none', () => client.hset(keyOf(0n), '_ts:stats', 'rubbish')],
    ['no event time', () => client.hdel(keyOf(0n), '_ts:stats')],
    ['nothing', () => client.del(keyOf(0n))],
    ['nothing, beside newer values', () => rival(3, 1_001n).then(() => client.del(keyOf(2n)))],
  ])('fails when it reads back %s', async (_, act) => {
    const link = linkWithRival(act);
    const result = await writePlan(await compared(redis, 3), link);
    link.close();
    expect(result).toMatchObject({ added: 3, verified: false });
    expect(() => requireWritten(result)).toThrow(WriteStopped);
    expect(() => requireWritten(result)).toThrow(expect.objectContaining({ code: 'online.verify_failed' }));
  });
});

describe('a server that fails', () => {
  it('ends a write with a typed error when the server dies midway', async () => {
    const redis = await startRedis();
    const before = await compared(redis, 3_000);
    const link = openLink(redis.target, { giveUpAfter: 300 });
    let stopped: Promise<void> | undefined;
    const result = await writePlan(before, link, {
      onProgress: ({ rows }) => {
        if (rows === 1_000) stopped = redis.stop();
      },
    });
    await stopped;
    const failed = result.batches.find((batch) => batch.outcome === 'failed');
    expect(['redis.unreachable', 'redis.retryable']).toContain(failed?.error?.code);
    expect(result.batches.reduce((sum, batch) => sum + batch.rows, 0)).toBe(3_000);
    expect(result.verified).toBeNull();
    expect(result.added).toBeGreaterThanOrEqual(1_000);
  });

  it('goes on when the server comes back, and the reading back finds what the restart lost', async () => {
    const redis = await startRedis();
    const before = await compared(redis, 1_500);
    const link = openLink(redis.target, { giveUpAfter: 20_000 });
    let back: Promise<TestRedis> | undefined;
    const result = await writePlan(before, link, {
      onProgress: ({ phase, rows }) => {
        if (phase === 'writing' && rows === 500)
          back = redis.stop().then(() => startRedis({ port: redis.target.port }));
      },
    });
    link.close();
    await (await back)?.stop();
    expect(result.batches.map((batch) => batch.outcome)).toEqual(['ok', 'ok', 'ok']);
    expect(result.verified).toBe(false);
  });

  it('says when nobody listens', async () => {
    const redis = await startRedis();
    await redis.stop();
    await expect(testConnection(redis.target)).rejects.toMatchObject({ code: 'redis.unreachable' });
  });

  it('recognises a server that is no Redis', async () => {
    const web = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    const asked = testConnection(`redis://127.0.0.1:${port}`, { giveUpAfter: 300 });
    await expect(asked).rejects.toMatchObject({ code: 'redis.refused' });
    await new Promise((resolve) => web.close(resolve));
  });

  it('stops at maxmemory with a way out', async () => {
    const redis = await startRedis({
      settings: ['--maxmemory', '1500kb', '--maxmemory-policy', 'noeviction'],
    });
    const wide = jobOf(userView('stats', { text: 'string' }));
    const rows = Array.from({ length: 5_000 }, (_, i): UserRow => [BigInt(i), 1n, 'x'.repeat(1_000)]);
    const call = createOnlineHost(() => redis.target).materialize(wide, userRows(wide, { stats: rows }), {
      write: true,
    });
    await expect(call).rejects.toMatchObject({
      code: 'redis.needs_user',
      hint: expect.stringContaining('maxmemory'),
    });
    await redis.stop();
  });

  it('stops at a replica', async () => {
    const redis = await startRedis();
    const before = await compared(redis, 1);
    const client = bystander(redis.target);
    await client.replicaof('127.0.0.1', 1);
    const link = openLink(redis.target);
    const result = await writePlan(before, link);
    expect(result.batches[0]?.error).toMatchObject({ code: 'redis.needs_user' });
    link.close();
    client.disconnect();
    await redis.stop();
  });
});

describe('a server with users', () => {
  let redis: TestRedis;
  beforeAll(async () => (redis = await startRedis({ password: 'open sesame' })));
  afterAll(() => redis.stop());

  it('lets the right password in', async () => {
    expect(await testConnection(redis.url)).toMatchObject({ role: 'master', keys: 0 });
    expect((await testConnection(redis.target)).version).toMatch(/^\d+\.\d+/);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['no password', { password: '' }],
    ['an unknown user', { username: 'nobody' }],
  ])('turns %s away as redis.auth', async (_, change) => {
    await expect(testConnection({ ...redis.target, ...change })).rejects.toMatchObject({
      code: 'redis.auth',
    });
  });

  it('refuses a database that the server does not have', async () => {
    await expect(testConnection({ ...redis.target, db: 99 })).rejects.toMatchObject({
      code: 'redis.needs_user',
    });
  });

  it('tells a user without the rights', async () => {
    const client = bystander(redis.target);
    await client.acl('SETUSER', 'reader', 'on', '>pw', '~*', '+@read', '+ping');
    const host = createOnlineHost(() => ({ ...redis.target, username: 'reader', password: 'pw' }));
    const call = host.materialize(job, userRows(job, users(1)), { write: true });
    await expect(call).rejects.toMatchObject({ code: 'redis.needs_user' });
    client.disconnect();
  });

  it('knows only the connections of the profile', async () => {
    const host = createOnlineHost(() => null);
    await expect(host.materialize(job, userRows(job, users(1)), { write: false })).rejects.toMatchObject({
      code: 'redis.unknown_connection',
    });
  });
});
