import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { redisOpener } from '../node/redis-connection';
import { createOnlineHost, openLink } from '../node/redis-host';
import { bystander, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { ownRedis } from '../testing/own-redis';
import { startRedis, type TestRedis } from '../testing/redis-server';
import feast from './fixtures/feast-stored.json';
import { encodeEntityKey } from './entity-key';
import { encodeEventTimestamp } from './event-timestamp';
import { hashField } from './hash-field';
import { inspectStore } from './inspect';
import type { InspectJob } from './inspection';
import type { OnlineView } from './job';
import { RedisLink } from './redis-link';
import { scanKeys } from './scan-keys';
import { encodeValue } from './value-bytes';
import { differenceOf } from './view-difference';

/** 2025-01-01T00:00:00Z. */
const NOW = 1_735_689_600_000;
const MICROS = BigInt(NOW) * 1000n;
const HOUR = 3_600_000_000n;

let redis: TestRedis;
let client: Redis;
ownRedis((own, beside) => ([redis, client] = [own, beside]));

const stats = userView('stats', { clicks: 'int64', city: 'string' }, String(HOUR));

async function stored(view: OnlineView, rows: UserRow[], project = 'plumb'): Promise<void> {
  const job = { ...jobOf(view), project };
  const host = createOnlineHost(() => redis.target);
  await host.materialize(job, userRows(job, { [view.view]: rows }), { write: true });
}

async function withLink<T>(
  work: (link: ReturnType<typeof openLink>) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const link = openLink(redis.target, { signal });
  try {
    return await work(link);
  } finally {
    link.close();
  }
}

const inspect = (views: OnlineView[], change: Partial<InspectJob> = {}) => {
  const job = { redis: 'dev', project: null, views, entity: {}, limit: 10_000, shown: 50, ...change };
  return withLink((link) => inspectStore(job, link, { now: () => NOW }));
};

const userKey = (user: bigint, project = 'plumb', type: 'int64' | 'int32' = 'int64'): Buffer =>
  Buffer.from(encodeEntityKey([{ name: 'user_id', type, value: user }], project));

describe('an inspection', () => {
  it('shows projects, views, values by their own types, ages and sizes', async () => {
    await stored(stats, [
      [1n, MICROS - HOUR, 5n, null],
      [2n, MICROS - 2n * HOUR, 2n ** 60n, 'Zürich'],
    ]);
    await stored(userView('other', { x: 'float64' }), [[1n, MICROS, 1.5]], 'elsewhere');
    await client.set('session:1', 'x');
    const { entities, stores, ...rest } = await inspect([stats]);
    expect(rest).toEqual({ keys: 4, looked: 4, complete: true, foreign: 1 });
    const second = entities.find(({ keys }) => keys[0]?.value === '2');
    expect(second).toMatchObject({
      project: 'plumb',
      keyVersion: 'v3',
      keys: [{ name: 'user_id', type: 'int64', value: '2' }],
      notFound: null,
      others: [],
      views: [
        {
          name: 'stats',
          origin: 'notebook',
          eventTime: '2024-12-31T22:00:00.000000Z',
          age_ms: 7_200_000,
          ttl_ms: 3_600_000,
          fields: [
            { name: 'clicks', state: 'known', type: 'int64', value: '1152921504606846976' },
            { name: 'city', state: 'known', type: 'string', value: 'Zürich' },
          ],
        },
      ],
    });
    expect(stores.map(({ project, entities, joinKeys }) => [project, entities, joinKeys])).toEqual([
      ['elsewhere', 1, [{ name: 'user_id', type: 'int64' }]],
      ['plumb', 2, [{ name: 'user_id', type: 'int64' }]],
    ]);
    expect(stores[1]?.views).toEqual([
      {
        name: 'stats',
        origin: 'notebook',
        entities: 2,
        expired: 1,
        oldest: '2024-12-31T22:00:00.000000Z',
        newest: '2024-12-31T23:00:00.000000Z',
      },
    ]);
    const flat = (await client.callBuffer('HGETALL', userKey(2n))) as Buffer[];
    expect(second?.bytes).toBe(userKey(2n).length + flat.reduce((sum, part) => sum + part.length, 0));
    expect(second?.memory).toBe(await client.call('MEMORY', 'USAGE', userKey(2n)));
  });

  it('tells orphans from fields that another program may own, and reads both by their tag', async () => {
    await stored(stats, [[1n, MICROS, 5n, 'x']]);
    const gone = Buffer.from(hashField('stats', 'removed'));
    await client.hset(userKey(1n), gone, Buffer.from(encodeValue('float64', 2.5)));
    const orphan = { name: `0x${gone.toString('hex')}`, state: 'orphan', type: 'float64' };
    const first = await inspect([stats]);
    expect(first.entities[0]?.others).toEqual([{ ...orphan, value: 2.5 }]);
    expect(first.stores[0]?.others).toEqual([{ ...orphan, entities: 1 }]);

    const [, map = ''] = feast.others[0] as [string, string, unknown];
    await client.hset(
      userKey(1n),
      '_ts:theirs',
      '',
      Buffer.from(hashField('theirs', 'm')),
      Buffer.from(map, 'hex'),
    );
    await client.hset(userKey(1n), 'plain text', 'no value');
    const { entities } = await inspect([stats]);
    expect(entities[0]?.views.map(({ name, origin }) => [name, origin])).toEqual([
      ['stats', 'notebook'],
      ['theirs', 'foreign'],
    ]);
    expect(
      entities[0]?.others.map(({ name, state, type, value }) => [name.slice(0, 5), state, type, value]),
    ).toEqual(
      expect.arrayContaining([
        [orphan.name.slice(0, 5), 'unknown', 'float64', 2.5],
        [
          '0x' + Buffer.from(hashField('theirs', 'm')).toString('hex').slice(0, 3),
          'unknown',
          'map',
          { a: 5 },
        ],
        ['plain', 'unknown', 'unreadable', Buffer.from('no value').toString('hex')],
      ]),
    );
  });

  it('reads other versions of a view, precomputed vectors and keys of old forms', async () => {
    await stored({ ...stats, version: 3 }, [[1n, MICROS, 7n, null]]);
    await client.hset(
      userKey(1n),
      '_ts:__precomputed__svc',
      Buffer.from(encodeEventTimestamp(MICROS)),
      Buffer.from(hashField('__precomputed__svc', 'vector')),
      Buffer.from(feast.precomputed, 'hex'),
    );
    const old = feast.storedKeys.find(({ name, version }) => name === 'int64' && version === 'v2')!;
    await client.hset(Buffer.from(old.hex, 'hex'), '_ts:stats', '');
    const { entities, stores } = await inspect([{ ...stats, version: 4 }]);
    const views = entities.find(({ project }) => project === 'plumb')?.views ?? [];
    expect(
      views.map(({ name, origin, fields }) => [name, origin, fields.map((f) => [f.name, f.value])]),
    ).toEqual(
      expect.arrayContaining([
        [
          'stats_v3',
          'version',
          [
            ['clicks', 7],
            ['city', null],
          ],
        ],
        [
          '__precomputed__svc',
          'precomputed',
          [
            ['stats__clicks', 5],
            ['stats__city', null],
          ],
        ],
      ]),
    );
    expect(stores.find(({ project }) => project === 'proj')?.keyVersions).toEqual({ v2: 1 });
  });

  it('says which entities the notebook’s lookups would miss, and why', async () => {
    await client.hset(userKey(1n, 'plumb', 'int32'), '_ts:stats', '');
    const { stores, entities } = await inspect([stats]);
    const reason = 'user_id is stored as int32, the notebook says int64';
    expect(entities[0]?.notFound).toBe(reason);
    expect(stores[0]?.notFound).toEqual({ [reason]: 1 });
  });

  it('keeps to a project, an entity and a limit', async () => {
    await stored(
      stats,
      Array.from({ length: 1200 }, (_, i): UserRow => [BigInt(i), MICROS, 1n, 'x']),
    );
    await stored(stats, [[7n, MICROS, 2n, 'y']], 'second');
    const one = await inspect([stats], { project: 'second', entity: { user_id: '7' } });
    expect(one.entities.map(({ project, keys }) => [project, keys[0]?.value])).toEqual([['second', '7']]);
    const both = await inspect([stats], { entity: { user_id: '7' } });
    expect(both.stores.map(({ project, entities }) => [project, entities])).toEqual([
      ['plumb', 1],
      ['second', 1],
    ]);
    const some = await inspect([stats], { limit: 700, shown: 3 });
    expect(some).toMatchObject({ keys: 1201, looked: 700, complete: false });
    expect(some.entities).toHaveLength(3);
    expect(await inspect([stats], { limit: 1201 })).toMatchObject({ looked: 1201, complete: true });
  });

  it('never sends KEYS, changes nothing, and ends when it is cancelled', async () => {
    await stored(
      stats,
      Array.from({ length: 1500 }, (_, i): UserRow => [BigInt(i), MICROS, 1n, 'x']),
    );
    await client.config('RESETSTAT');
    await inspect([stats]);
    const used = await client.info('commandstats');
    const names = [...used.matchAll(/cmdstat_([a-z|]+):/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(
      new Set(['config|resetstat', 'dbsize', 'scan', 'type', 'hgetall', 'memory|usage']),
    );
    const cancel = new AbortController();
    const job = { redis: 'dev', project: null, views: [], entity: {}, limit: 10_000, shown: 1 };
    const cancelled = withLink(
      (link) => inspectStore(job, link, { signal: cancel.signal, onProgress: () => cancel.abort() }),
      cancel.signal,
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'engine.cancelled' });
  });

  it('does without MEMORY where the user may not ask it, and passes over what is no hash', async () => {
    await stored(stats, [[1n, MICROS, 5n, 'x']]);
    await client.set(userKey(9n), 'a string');
    await client.acl(
      'SETUSER',
      'reader',
      'on',
      '>pw',
      '~*',
      '+@read',
      '+@connection',
      '+info',
      '-memory|usage',
      '+dbsize',
    );
    const link = openLink({ ...redis.target, username: 'reader', password: 'pw' });
    const job = { redis: 'dev', project: null, views: [stats], entity: {}, limit: 100, shown: 5 };
    const result = await inspectStore(job, link).finally(() => link.close());
    expect(result.entities[0]?.memory).toBeNull();
    expect(result).toMatchObject({ looked: 2, foreign: 1 });
  });
});

describe('a difference between store and truth', () => {
  const differ = (rows: UserRow[], limit = 10_000) => {
    const job = { redis: 'dev', project: 'plumb', view: stats, limit };
    const given = userRows(jobOf(stats), { stats: rows });
    return withLink((link) => differenceOf(job, () => given('stats'), link));
  };

  it('counts equal, differing, missing and surplus entities, and features', async () => {
    await stored(stats, [
      [1n, MICROS, 5n, null],
      [2n, MICROS - HOUR, 6n, 'x'],
      [3n, MICROS, 7n, 'y'],
      [4n, MICROS, 8n, 'z'],
    ]);
    await stored(userView('profile', { age: 'int32' }), [[9n, MICROS, 1]]);
    await stored(stats, [[1n, MICROS, 0n, null]], 'other');
    const result = await differ([
      [1n, MICROS, 5n, null],
      [2n, MICROS, 6n, 'x'],
      [3n, MICROS - HOUR, 70n, 'y'],
      [5n, MICROS, 1n, null],
    ]);
    expect(result).toEqual({
      equal: 2,
      differs: 1,
      only_offline: 1,
      only_online: 1,
      complete: true,
      older: 1,
      newer: 1,
      features: { clicks: 1 },
      samples: expect.arrayContaining([
        {
          kind: 'differs',
          entity: { user_id: '3' },
          stored: { 'event time': '2025-01-01T00:00:00.000000Z', clicks: '7', city: 'y' },
          truth: { 'event time': '2024-12-31T23:00:00.000000Z', clicks: '70', city: 'y' },
        },
        { kind: 'only_online', entity: { user_id: '4' }, stored: null, truth: null },
      ]),
    });
    expect(result.samples).toHaveLength(3);
  });

  it('takes a NULL for a NULL however it is written, and a number of another type for another value', async () => {
    await stored(stats, [[1n, MICROS, null, null]]);
    await client.hset(userKey(1n), Buffer.from(hashField('stats', 'city')), Buffer.from('980100', 'hex'));
    expect(await differ([[1n, MICROS, null, null]])).toMatchObject({ equal: 1, differs: 0 });
    await client.hset(
      userKey(1n),
      Buffer.from(hashField('stats', 'clicks')),
      Buffer.from(encodeValue('int32', 5)),
    );
    expect(await differ([[1n, MICROS, 5n, null]])).toMatchObject({ features: { clicks: 1 } });
  });
});

describe('scanKeys', () => {
  it('gives every key of a large database once', async () => {
    const pipeline = client.pipeline();
    for (let i = 0; i < 5000; i++) pipeline.set(`k${i}`, '');
    await pipeline.exec();
    const seen: string[] = [];
    await withLink(async (link) => {
      for await (const keys of scanKeys(link, { limit: 1e9 }))
        seen.push(...keys.map((key) => Buffer.from(key).toString()));
    });
    expect(new Set(seen).size).toBe(5000);
    expect(seen).toHaveLength(5000);
  });

  it('begins anew where another server answers: a cursor is one server’s own', async () => {
    const other = await startRedis();
    const beside = bystander(other.target);
    for (const one of [client, beside]) {
      const pipeline = one.pipeline();
      for (let i = 0; i < 5000; i++) pipeline.set(`k${i}`, '');
      await pipeline.exec();
    }
    let opened = 0;
    const link = new RedisLink(async () => {
      const connection = await redisOpener(opened++ === 0 ? redis.target : other.target)();
      let scans = 0;
      return {
        close: () => connection.close(),
        send: (commands) =>
          opened === 1 && scans++ === 5 ? Promise.reject(new Error('closed')) : connection.send(commands),
      };
    });
    const seen: string[] = [];
    const keys = scanKeys(link, { limit: 1e9 });
    for (let portion = await keys.next(); ; portion = await keys.next()) {
      if (portion.done === true) {
        expect(portion.value).toBe(true);
        break;
      }
      seen.push(...portion.value.map((key) => Buffer.from(key).toString()));
    }
    link.close();
    beside.disconnect();
    await other.stop();
    expect(link.reopened).toBe(1);
    expect(new Set(seen).size).toBe(5000);
    expect(seen).toHaveLength(5000);
  });
});
