import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keySlot } from '../online/cluster-slot';
import { allHashes, bystander, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { startRedis, type TestRedis } from '../testing/redis-server';
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

  it('refuses to be looked through as if it were one server', async () => {
    const link = openLink(target);
    await expect(link.send([['SCAN', '0']])).rejects.toMatchObject({ code: 'redis.needs_user' });
    const [, key] = await onNode(2, (client) => client.keysBuffer('*'));
    expect((await link.send([['TYPE', key!]])).values).toEqual([new TextEncoder().encode('hash')]);
    link.close();
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

describe('a primary behind sentinels', () => {
  it('is found by its name, and its successor after a failover', async () => {
    const first = await startRedis();
    const second = await startRedis({ settings: ['--replicaof', '127.0.0.1', String(first.target.port)] });
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-sentinel-'));
    const file = join(folder, 'sentinel.conf');
    const port = await freePort();
    await writeFile(
      file,
      `port ${port}\nbind 127.0.0.1\ndir ${folder}\nsentinel monitor prime 127.0.0.1 ${first.target.port} 1\nsentinel down-after-milliseconds prime 500\nsentinel failover-timeout prime 2000\n`,
    );
    const sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
    const ended = once(sentinel, 'exit');
    const target: RedisTarget = { ...first.target, port, kind: 'sentinel', master: 'prime' };
    const ask = bystander({ ...first.target, port });
    ask.on('error', () => undefined);
    try {
      await expect.poll(() => ask.ping().catch(() => ''), { timeout: 30_000 }).toBe('PONG');
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
      sentinel.kill('SIGKILL');
      await Promise.all([ended, second.stop(), first.stop()]);
      await rm(folder, { recursive: true });
    }
  });
});
