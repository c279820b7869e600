import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keySlot } from '../online/cluster-slot';
import { hashField } from '../online/hash-field';
import { inspectStore } from '../online/inspect';
import type { InspectJob, InspectResult } from '../online/inspection';
import type { RedisLink } from '../online/redis-link';
import { encodeValue } from '../online/value-bytes';
import { differenceOf } from '../online/view-difference';
import { allHashes, bystander, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { startRedis, type TestRedis } from '../testing/redis-server';
import { plumbline } from './commands/command-line';
import { createOnlineHost, openLink } from './redis-host';
import { testConnection } from './redis-probe';
import { freePort } from './redis-process';
import type { RedisTarget } from './redis-target';

const run = promisify(execFile);
const job = jobOf(userView('stats', { clicks: 'int64' }));
const rows = (count: number, time = 1_000n): Record<string, UserRow[]> => ({
  stats: Array.from({ length: count }, (_, i): UserRow => [BigInt(i), time, BigInt(i)]),
});
const write = (target: RedisTarget, count: number, time?: bigint, giveUpAfter?: number) =>
  createOnlineHost(() => target, { giveUpAfter }).materialize(job, userRows(job, rows(count, time)), {
    write: true,
  });

describe('a server with TLS', () => {
  let folder: string;
  let redis: TestRedis;
  let target: RedisTarget;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-tls-'));
    const openssl = (...words: string[]) => run('openssl', words, { cwd: folder });
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=Test CA',
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
    );
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=localhost',
      '-keyout',
      'redis.key',
      '-out',
      'redis.csr',
    );
    await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
    await openssl(
      'x509',
      '-req',
      '-in',
      'redis.csr',
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'names',
      '-out',
      'redis.crt',
    );
    const port = await freePort();
    const file = (name: string) => join(folder, name);
    redis = await startRedis({
      settings: [
        '--tls-port',
        String(port),
        '--tls-cert-file',
        file('redis.crt'),
        '--tls-key-file',
        file('redis.key'),
        '--tls-ca-cert-file',
        file('ca.crt'),
        '--tls-auth-clients',
        'no',
      ],
    });
    target = { ...redis.target, host: 'localhost', port, tls: true, caFile: file('ca.crt') };
  });
  afterAll(async () => {
    await redis.stop();
    await rm(folder, { recursive: true });
  });

  it('is written to when its authority is known', async () => {
    expect(await write(target, 1_200)).toMatchObject({ added: 1_200, verified: true });
    expect(await testConnection({ ...target, host: '127.0.0.1' })).toMatchObject({ keys: 1_200 });
  });

  it.each([
    ['whose authority is not known', { caFile: undefined }],
    ['of another authority', { caFile: 'other.crt' }],
  ])('%s is not trusted', async (_, change) => {
    if (change.caFile) {
      const { stdout } = await run(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-subj',
          '/CN=Other',
          '-keyout',
          '/dev/null',
        ],
        { cwd: folder },
      );
      await writeFile(join(folder, 'other.crt'), stdout);
      expect(await readFile(join(folder, 'other.crt'), 'utf8')).toContain('CERTIFICATE');
    }
    const caFile = change.caFile && join(folder, change.caFile);
    await expect(testConnection({ ...target, caFile })).rejects.toMatchObject({
      code: 'redis.unreachable',
      message: expect.stringContaining('not trusted'),
      hint: expect.stringContaining('CA'),
    });
  });

  it('needs a file of certificates that is there', async () => {
    await expect(testConnection({ ...target, caFile: join(folder, 'none') })).rejects.toMatchObject({
      code: 'file.not_found',
    });
  });
});

describe('a cluster', () => {
  let nodes: TestRedis[];
  let target: RedisTarget;
  beforeAll(async () => {
    nodes = await Promise.all([1, 2, 3].map(() => startRedis({ settings: ['--cluster-enabled', 'yes'] })));
    const addresses = nodes.map(({ target: { port } }) => `127.0.0.1:${port}`);
    await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
    target = { ...nodes[0]!.target, kind: 'cluster' };
    await vi.waitFor(
      async () => {
        await testConnection(target);
        expect(await onNode(0, (client) => client.cluster('INFO'))).toContain('cluster_state:ok');
      },
      { timeout: 30_000, interval: 100 },
    );
  });
  afterAll(() => Promise.all(nodes.map((node) => node.stop())));

  const onNode = async <T>(
    index: number,
    act: (client: ReturnType<typeof bystander>) => Promise<T>,
  ): Promise<T> => {
    const client = bystander(nodes[index]!.target);
    try {
      return await act(client);
    } finally {
      client.disconnect();
    }
  };

  /** The node that has a slot, asked of a server itself. */
  const nodeOfSlot = (slot: number): Promise<number> =>
    onNode(0, async (client) => {
      const ranges = await client.cluster('SLOTS');
      const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2]?.[1];
      return nodes.findIndex((node) => node.target.port === port);
    });

  it('is written to by slot, read back, and looked up', async () => {
    expect(await write(target, 1_200)).toMatchObject({ added: 1_200, verified: true });
    const sizes = await Promise.all(nodes.map((_, index) => onNode(index, (client) => client.dbsize())));
    expect(sizes.reduce((sum, size) => sum + size)).toBe(1_200);
    for (const size of sizes) expect(size).toBeGreaterThan(200);
    expect((await testConnection(target)).keys).toBe(1_200);
    const looked = await createOnlineHost(() => target).lookup(
      { ...job, entities: [{ user_id: '7' }, { user_id: '8' }], repeat: 1 },
      {},
    );
    expect(looked.rows.map((row) => row.features['stats:clicks']?.value)).toEqual([7, 8]);
  });

  const looked = async <T>(work: (link: RedisLink) => Promise<T>): Promise<T> => {
    const link = openLink(target);
    return work(link).finally(() => link.close());
  };
  const inspected = (change: Partial<InspectJob> = {}) => {
    const look = { redis: 'dev', project: null, views: job.views, entity: {}, limit: 10_000, shown: 2_000 };
    return looked((link) => inspectStore({ ...look, ...change }, link));
  };
  const clicksOf = ({ entities }: InspectResult) =>
    entities
      .map(({ keys, views }) => [Number(keys[0]?.value), views[0]?.fields[0]?.value])
      .sort(([a], [b]) => Number(a) - Number(b));
  const written = rows(1_200).stats!.map(([user, , clicks]) => [Number(user), Number(clicks)]);

  it('is looked through node by node, and each key is read where it is', async () => {
    const stranger = Buffer.from('a key of another program');
    const gone = Buffer.from(hashField('stats', 'removed'));
    const holder = nodes.findIndex(({ target: { port } }) => port !== target.port);
    const key = await onNode(holder, async (client) => (await client.keysBuffer('*'))[0]!);
    await onNode(holder, (client) => client.hset(key, gone, Buffer.from(encodeValue('int64', 1n))));
    const owner = await nodeOfSlot(keySlot(stranger));
    await onNode(owner, (client) => client.set(stranger, 'x'));
    const result = await inspected();
    expect(result).toMatchObject({ keys: 1_201, looked: 1_201, complete: true, foreign: 1 });
    expect(clicksOf(result)).toEqual(written);
    expect(result.stores).toMatchObject([
      {
        project: 'plumb',
        entities: 1_200,
        memory: expect.any(Number),
        views: [{ name: 'stats', entities: 1_200 }],
        others: [{ name: `0x${gone.toString('hex')}`, state: 'orphan', entities: 1 }],
      },
    ]);
    await onNode(holder, (client) => client.hdel(key, gone));
    await onNode(owner, (client) => client.del(stranger));
  });

  it('is looked through up to a number of keys, of whichever nodes', async () => {
    const [some, all] = [await inspected({ limit: 900 }), await inspected({ limit: 1_200 })];
    expect(some).toMatchObject({ keys: 1_200, looked: 900, complete: false });
    expect(all).toMatchObject({ looked: 1_200, complete: true });
  });

  it('is held against a view, with the entities that only it has', async () => {
    const offline = rows(1_100).stats!.map(([user, time, clicks]): UserRow => [
      user,
      time,
      user === 7n ? 0n : clicks,
    ]);
    const compared = { redis: 'dev', project: 'plumb', view: job.views[0]!, limit: 10_000 };
    const found = await looked((link) =>
      differenceOf(compared, () => userRows(job, { stats: offline })('stats'), link),
    );
    expect(found).toMatchObject({
      equal: 1_099,
      differs: 1,
      only_offline: 0,
      only_online: 100,
      complete: true,
    });
  });

  it('is inspected on the command line', async () => {
    const lines: string[] = [];
    const line = (text: string) => void lines.push(text);
    const url = `redis://127.0.0.1:${target.port}?cluster`;
    const code = await plumbline(['inspect', url], { line, problem: line, onInterrupt: () => {} });
    expect(lines.join('\n')).toContain('looked at 1,200 of 1,200 keys');
    expect(code).toBe(0);
  });

  it('is found by another node when the first one named is gone', async () => {
    const gone = await freePort();
    const others = nodes.map(({ target: { port } }) => `127.0.0.1:${port}`);
    expect((await testConnection({ ...target, port: gone, others })).role).toBe('master');
  });

  it('is written to while a slot moves to another node', async () => {
    const ids = await Promise.all(
      nodes.map((_, i) => onNode(i, async (client) => String(await client.call('CLUSTER', 'MYID')))),
    );
    const key = await onNode(0, async (client) => (await client.keysBuffer('*'))[0]!);
    const slot = String(keySlot(key));
    await onNode(1, (client) => client.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', ids[0]!));
    await onNode(0, (client) => client.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', ids[1]!));
    const { port } = nodes[1]!.target;
    await onNode(0, (client) => client.call('MIGRATE', '127.0.0.1', String(port), key, '0', '5000'));
    const halfway = await inspected();
    expect(halfway).toMatchObject({ keys: 1_200, looked: 1_200, complete: true });
    expect(clicksOf(halfway)).toEqual(written);
    expect(await write(target, 1_200, 2_000n)).toMatchObject({ changed: 1_200, verified: true });
    for (const index of [1, 0, 2])
      await onNode(index, (client) => client.call('CLUSTER', 'SETSLOT', slot, 'NODE', ids[1]!));
    expect(await write(target, 1_200, 3_000n)).toMatchObject({ changed: 1_200, verified: true });
  });

  it('has the slots that the server says', async () => {
    await onNode(0, async (client) => {
      const keys = fc.uint8Array({ minLength: 1, maxLength: 30 });
      const braced = fc
        .array(fc.constantFrom(0x7b, 0x7d, 0x61, 0x00), { maxLength: 8 })
        .map((list) => Uint8Array.from(list));
      await fc.assert(
        fc.asyncProperty(fc.oneof(keys, braced), async (key) => {
          expect(keySlot(key)).toBe(await client.call('CLUSTER', 'KEYSLOT', Buffer.from(key)));
        }),
        { seed: 2, numRuns: 200 },
      );
    });
  });
});

/** A sentinel that watches `primary` under the name `prime`; ready when this resolves. `settings`: more lines of its file. */
async function startSentinel(primary: TestRedis, settings: string) {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  const port = await freePort();
  const watched = `sentinel monitor prime 127.0.0.1 ${primary.target.port} 1`;
  await writeFile(
    file,
    [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, watched, settings, ''].join('\n'),
  );
  const server = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const ask = bystander({ ...primary.target, port, password: '' });
  ask.on('error', () => undefined);
  const ping = () => ask.ping().catch((thrown: Error) => thrown.message);
  await expect.poll(ping, { timeout: 30_000 }).toMatch(/^(PONG|NOAUTH)/);
  ask.disconnect();
  return {
    port,
    stop: async () => {
      server.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

describe('a primary behind sentinels', () => {
  it('is found through sentinels with users and passwords of their own', async () => {
    const primary = await startRedis({ password: 'of the primary' });
    const sentinel = await startSentinel(
      primary,
      [
        'sentinel auth-pass prime "of the primary"',
        'requirepass "of the sentinels"',
        'user scout on >scouting allchannels -@all +auth +hello +ping +sentinel|get-master-addr-by-name',
      ].join('\n'),
    );
    const target: RedisTarget = {
      ...primary.target,
      ...{ port: sentinel.port, kind: 'sentinel', master: 'prime', sentinelPassword: 'of the sentinels' },
    };
    try {
      expect(await write(target, 700)).toMatchObject({ added: 700, verified: true });
      const others = [`127.0.0.1:${sentinel.port}`];
      const scout = { sentinelUsername: 'scout', sentinelPassword: 'scouting' };
      for (const change of [scout, { port: await freePort(), others }])
        expect(await testConnection({ ...target, ...change })).toMatchObject({ role: 'master', keys: 700 });
      const words = `sentinel=prime&sentinel-username=scout&sentinel-password=scouting`;
      const url = `redis://:${encodeURIComponent('of the primary')}@127.0.0.1:${sentinel.port}/0?${words}`;
      expect(await testConnection(url)).toMatchObject({ keys: 700 });
      const message = expect.stringContaining(`sentinel 127.0.0.1:${sentinel.port}`);
      for (const change of [
        { sentinelPassword: undefined },
        { sentinelPassword: target.password },
        { ...scout, sentinelUsername: 'nobody' },
      ])
        await expect(testConnection({ ...target, ...change })).rejects.toMatchObject({
          code: 'redis.auth',
          message,
        });
      // the passwords are not taken for each other
      const swapped = testConnection({ ...target, password: 'of the sentinels' });
      await expect(swapped).rejects.toMatchObject({
        code: 'redis.auth',
        message: expect.not.stringContaining('sentinel'),
      });
    } finally {
      await Promise.all([sentinel.stop(), primary.stop()]);
    }
  });

  it('is found by its name, and its successor after a failover', async () => {
    const first = await startRedis();
    const second = await startRedis({ settings: ['--replicaof', '127.0.0.1', String(first.target.port)] });
    const sentinel = await startSentinel(
      first,
      'sentinel down-after-milliseconds prime 500\nsentinel failover-timeout prime 2000',
    );
    const { port } = sentinel;
    const target: RedisTarget = { ...first.target, port, kind: 'sentinel', master: 'prime' };
    const ask = bystander({ ...first.target, port });
    ask.on('error', () => undefined);
    try {
      expect(await write(target, 700)).toMatchObject({ added: 700, verified: true });
      await expect(testConnection({ ...target, master: 'other' })).rejects.toMatchObject({
        code: 'redis.needs_user',
      });
      const replicas = async () => JSON.stringify(await ask.call('SENTINEL', 'REPLICAS', 'prime'));
      await expect.poll(replicas, { timeout: 30_000 }).toContain(String(second.target.port));
      const follower = bystander(second.target);
      await expect.poll(() => follower.dbsize(), { timeout: 30_000 }).toBe(700);
      follower.disconnect();
      const gone = await freePort();
      await first.stop();
      const others = [`127.0.0.1:${target.port}`];
      const primary = async () => String(await ask.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'prime'));
      await expect.poll(primary, { timeout: 60_000 }).toContain(String(second.target.port));
      expect(await write({ ...target, port: gone, others }, 700, 2_000n, 20_000)).toMatchObject({
        changed: 700,
        verified: true,
      });
      const client = bystander(second.target);
      expect(Object.keys(await allHashes(client))).toHaveLength(700);
      client.disconnect();
    } finally {
      ask.disconnect();
      await Promise.all([sentinel.stop(), second.stop(), first.stop()]);
    }
  });
});
