import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlineStoreLines, type FeastConnection } from '../../feast/online-store';
import { bystander } from '../online-job';
import { startRedis, type TestRedis } from '../redis-server';
import { runPython, withoutPython } from './python';

const one: FeastConnection = { host: 'h', port: 6379, db: 4, tls: false, username: '', hasPassword: false };
const watched: FeastConnection = { ...one, kind: 'sentinel', master: 'prime', others: ['h2:26379'] };

describe.skipIf(withoutPython)('the online store of an exported repository', () => {
  let cluster: TestRedis;
  let folder: string;
  let read: Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    cluster = await startRedis({ settings: ['--cluster-enabled', 'yes'] });
    const client = bystander(cluster.target);
    await client.cluster('ADDSLOTSRANGE', 0, 16_383);
    client.disconnect();
    folder = await mkdtemp(join(tmpdir(), 'plumbline-feast-connection-'));
    const connections: Record<string, FeastConnection> = {
      tls: { ...one, tls: true, caFile: 'ca.pem', username: 'me', hasPassword: true },
      live: { ...one, ...cluster.target, kind: 'cluster' },
      plain: watched,
      secret: { ...watched, hasPassword: true, hasSentinelPassword: true },
      both: { ...watched, tls: true, sentinelUsername: 'scout', hasSentinelPassword: true },
    };
    for (const [name, connection] of Object.entries(connections)) {
      const lines = ['project: p', 'provider: local', 'registry: data/registry.db'];
      const text = [...lines, ...onlineStoreLines(connection), 'entity_key_serialization_version: 3', ''];
      await writeFile(join(folder, `${name}.yaml`), text.join('\n'));
    }
    read = (await runPython('feast_connection.py', folder)) as typeof read;
  });
  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is one server with TLS', () => {
    const words = { db: 4, ssl: true, ssl_ca_certs: 'ca.pem', username: 'me', password: "the primary's" };
    expect(read['tls']).toMatchObject({ type: 'redis', nodes: ['h:6379'], words, client: 'Redis' });
  });

  it('is a cluster, which answers', () => {
    const nodes = [`127.0.0.1:${cluster.target.port}`];
    expect(read['live']).toMatchObject({ type: 'redis_cluster', nodes, client: 'RedisCluster', ping: true });
  });

  it('is the primary that sentinels know', () => {
    const nodes = ['h:6379', 'h2:26379'];
    const what = { type: 'redis_sentinel', nodes, primary: 'prime' };
    expect(read['plain']).toMatchObject({ ...what, sentinel: {} });
    expect(read['secret']).toMatchObject({ ...what, sentinel: { password: "the sentinels'" } });
    // more than Feast can give them
    expect(read['both']).toMatchObject({ ...what, sentinel: {}, words: { db: 4, ssl: true } });
  });
});
