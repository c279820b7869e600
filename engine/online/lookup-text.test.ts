import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createOnlineHost } from '../node/redis-host';
import { jobOf, userRows, userView } from '../testing/online-job';
import { ownRedis } from '../testing/own-redis';
import type { TestRedis } from '../testing/redis-server';
import type { LookupJob } from './job';
import { asFeastPython, asRedisCli, redisCliArgument } from './lookup-text';

const view = userView('stats', { clicks: 'int64', city: 'string' }, '1000000');
const job: LookupJob = {
  redis: 'dev',
  project: 'plümb "1"',
  views: [view],
  entities: [{ user_id: '1' }, { user_id: '-2' }],
  repeat: 1,
};

describe('a lookup as redis-cli', () => {
  let redis: TestRedis;
  ownRedis((own) => (redis = own));

  it('prints what is stored under keys and fields of any bytes', async () => {
    const host = createOnlineHost(() => redis.target);
    const written = { ...jobOf(view), project: job.project };
    const rows = userRows(written, {
      stats: [
        [1n, 1_700_000_000_000_000n, 5n, 'one city'],
        [-2n, 1_700_000_000_000_000n, 6n, 'another'],
      ],
    });
    await host.materialize(written, rows, { write: true });
    const text = asRedisCli(job, { ...redis.target });
    const printed = execFileSync('sh', ['-c', text]);
    expect(printed.includes('\x12\x08one city')).toBe(true);
    expect(printed.includes('\x12\x07another')).toBe(true);
    expect(printed.includes('\x20\x05\n')).toBe(true);
    expect(text).toContain('# stats: event time, clicks, city\n');
  });

  it('writes every byte so that redis-cli reads it', () => {
    expect(redisCliArgument(Uint8Array.of(0, 0x22, 0x5c, 0x41, 0x7f, 0xff))).toBe(
      '"\\x00\\"\\\\A\\x7f\\xff"',
    );
  });

  it('names user, TLS and database, and no password', () => {
    const at = { host: 'redis example', port: 6380, db: 3, tls: true, username: "o'hara" };
    expect(asRedisCli(job, at)).toContain(
      "redis-cli -h 'redis example' -p 6380 -n 3 --tls --user 'o'\\''hara' <<'END'\n",
    );
  });
});

describe('a lookup as Feast Python', () => {
  it('asks for the same features of the same entities, and says what Feast does otherwise', () => {
    expect(asFeastPython(job, ['later:twice'])).toBe(`from feast import FeatureStore

store = FeatureStore(repo_path=".")  # project "plümb \\"1\\""
# Feast does not check ttl here: a value that Plumbline calls expired is returned.
# Computed by Plumbline from these: later:twice.
features = store.get_online_features(
    features=[
        "stats:clicks",
        "stats:city",
    ],
    entity_rows=[
        {"user_id": 1},
        {"user_id": -2},
    ],
).to_dict()
`);
  });

  it('quotes keys that are text', () => {
    const named = { ...view, joinKeys: [{ name: 'user_id', type: 'string' as const }], ttl: null };
    named.features[0]!.default = 0;
    const text = asFeastPython({ ...job, views: [named] });
    expect(text).toContain('{"user_id": "1"},');
    expect(text).toContain('# Feast has no defaults');
  });
});
