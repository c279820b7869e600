import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOnlineHost } from '../node/redis-host';
import { bystander, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { startRedis, type TestRedis } from '../testing/redis-server';
import type { LookupJob, OnlineHost, OnlineView } from './job';
import { percentile } from './latency';

/** 2025-01-01T00:00:00Z. */
const NOW = 1_735_689_600_000;
const MICROS = BigInt(NOW) * 1000n;
const HOUR = 3_600_000_000n;

let redis: TestRedis;
let client: Redis;
let host: OnlineHost;

beforeAll(async () => {
  redis = await startRedis();
  client = bystander(redis.target);
  host = createOnlineHost(() => redis.target, { now: () => NOW });
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => void (await client.flushall()));

async function stored(view: OnlineView, ...rows: UserRow[]): Promise<void> {
  const job = jobOf(view);
  await host.materialize(job, userRows(job, { [view.view]: rows }), { write: true });
}

const look = (views: OnlineView[], users: string[], repeat = 1) => {
  const entities = users.map((user_id) => ({ user_id }));
  const job: LookupJob = { redis: 'dev', project: 'plumb', views, entities, repeat };
  return host.lookup(job, {});
};

describe('lookup', () => {
  it('tells present, null, missing and expired apart', async () => {
    const view = userView('stats', { clicks: 'int64', city: 'string' }, String(HOUR));
    await stored(view, [1n, MICROS - HOUR, 5n, null], [2n, MICROS - HOUR - 1n, 6n, 'x']);
    const { rows } = await look([view], ['1', '2', '3']);
    expect(rows).toEqual([
      {
        entity: { user_id: 1 },
        features: {
          'stats:clicks': { value: 5, status: 'present', age_ms: 3_600_000, defaulted: false },
          'stats:city': { value: null, status: 'null', age_ms: 3_600_000, defaulted: false },
        },
      },
      {
        entity: { user_id: 2 },
        features: {
          'stats:clicks': { value: null, status: 'expired', age_ms: 3_600_000.001, defaulted: false },
          'stats:city': { value: null, status: 'expired', age_ms: 3_600_000.001, defaulted: false },
        },
      },
      {
        entity: { user_id: 3 },
        features: {
          'stats:clicks': { value: null, status: 'missing', age_ms: null, defaulted: false },
          'stats:city': { value: null, status: 'missing', age_ms: null, defaulted: false },
        },
      },
    ]);
  });

  it('calls a view missing where only another view of the entity is stored', async () => {
    const other = userView('profile', { age: 'int32' });
    await stored(other, [1n, MICROS, 30]);
    const { rows } = await look([userView('stats', { clicks: 'int64' }), other], ['1']);
    expect(rows[0]?.features['stats:clicks']?.status).toBe('missing');
    expect(rows[0]?.features['profile:age']).toMatchObject({ status: 'present', value: 30 });
  });

  it('calls a feature that the hash does not hold null', async () => {
    await stored(userView('stats', { clicks: 'int64' }), [1n, MICROS, 5n]);
    const { rows } = await look([userView('stats', { clicks: 'int64', later: 'int64' })], ['1']);
    expect(rows[0]?.features['stats:later']).toMatchObject({ status: 'null', value: null });
  });

  it('puts the default in the place of null, missing and expired values and says so', async () => {
    const view = userView('stats', { clicks: 'int64', rate: 'float64' }, String(HOUR));
    view.features[0]!.default = 0;
    view.features[1]!.default = 0.5;
    await stored(view, [1n, MICROS, 5n, null], [2n, MICROS - 2n * HOUR, 6n, 0.1]);
    const { rows } = await look([view], ['1', '2', '3']);
    expect(
      rows.map((row) => Object.values(row.features).map((f) => [f.value, f.status, f.defaulted])),
    ).toEqual([
      [
        [5, 'present', false],
        [0.5, 'null', true],
      ],
      [
        [0, 'expired', true],
        [0.5, 'expired', true],
      ],
      [
        [0, 'missing', true],
        [0.5, 'missing', true],
      ],
    ]);
  });

  it('gives values that JSON can carry', async () => {
    const view = userView('stats', {
      big: 'int64',
      at: 'timestamp',
      raw: 'bytes',
      ids: 'int64[]',
      half: 'float32',
      far: 'float64',
    });
    const big = 9_007_199_254_740_993n;
    await stored(view, [
      big,
      MICROS,
      big,
      MICROS + 999_999n,
      Uint8Array.of(0, 255),
      [1n, big],
      0.1,
      Infinity,
    ]);
    const { rows } = await look([view], [String(big)]);
    expect(rows[0]?.entity).toEqual({ user_id: String(big) });
    expect(Object.values(rows[0]!.features).map((feature) => feature.value)).toEqual([
      '9007199254740993',
      '2025-01-01T00:00:00.000000Z',
      'AP8=',
      [1, '9007199254740993'],
      Math.fround(0.1),
      'Infinity',
    ]);
  });

  it('times every call', async () => {
    const view = userView('stats', { clicks: 'int64' });
    const { latency_ms } = await look([view], ['1'], 20);
    const { p50, p95, p99 } = latency_ms ?? { p50: 0, p95: 0, p99: 0 };
    expect(p50).toBeGreaterThan(0);
    expect(p95).toBeGreaterThanOrEqual(p50);
    expect(p99).toBeGreaterThanOrEqual(p95);
  });

  it('wants every join key, as the type that it has', async () => {
    const view = userView('stats', { clicks: 'int64' });
    const job = { redis: 'dev', project: 'plumb', views: [view], repeat: 1 };
    await expect(host.lookup({ ...job, entities: [{ item_id: '1' }] }, {})).rejects.toMatchObject({
      code: 'online.null_key',
    });
    await expect(look([view], ['one'])).rejects.toMatchObject({ code: 'online.unsupported_type' });
  });
});

describe('percentile', () => {
  it('takes the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 95, 99, 100]);
    expect(percentile([7], 0.5)).toBe(7);
  });
});
