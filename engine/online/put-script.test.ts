import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOnlineHost } from '../node/redis-host';
import { bystander, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { startRedis, type TestRedis } from '../testing/redis-server';
import { encodeEventTimestamp } from './event-timestamp';
import { PUT_SCRIPT } from './put-script';

let redis: TestRedis;
let client: Redis;

beforeAll(async () => {
  redis = await startRedis();
  client = bystander(redis.target);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => void (await client.flushall()));

const put = (time: bigint, value: string) =>
  client.eval(PUT_SCRIPT, 1, 'k', '_ts:v', Buffer.from(encodeEventTimestamp(time)), 'f', value);

describe('the write script', () => {
  it('decides as the rule says, for any two event times', async () => {
    const edge = [-1n, 0n, 1n, 999_999n, 1_000_000n, 2n ** 35n * 1_000_000n, -(2n ** 35n) * 1_000_000n];
    const micros = fc.oneof(
      fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
      fc.bigInt({ min: -3_000_000n, max: 3_000_000n }),
      fc.constantFrom(...edge),
    );
    await fc.assert(
      fc.asyncProperty(micros, fc.oneof(micros, fc.constant(null)), async (stored, next) => {
        const time = next ?? stored;
        await client.del('k');
        expect(await put(stored, 'old')).toBe('ok');
        const expected = stored <= 0n || time > stored ? 'ok' : time === stored ? 'already' : 'older';
        expect(await put(time, 'new')).toBe(expected);
        expect(await client.hget('k', 'f')).toBe(expected === 'ok' ? 'new' : 'old');
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('lets the newest of several writers win, whatever the order', async () => {
    const job = jobOf(userView('stats', { clicks: 'int64', by: 'string' }));
    const users = 20n;
    const writer = async (time: bigint): Promise<void> => {
      const rows = Array.from({ length: Number(users) }, (_, i): UserRow => {
        return [BigInt(i), time, time, `writer ${time}`];
      });
      const host = createOnlineHost(() => redis.target);
      // a writer that is overtaken between its write and its reading back says so; the store is what counts here
      await host
        .materialize(job, userRows(job, { stats: rows }), { write: true })
        .catch((thrown: unknown) => {
          expect(thrown).toMatchObject({ code: 'online.verify_failed' });
        });
    };
    for (let round = 0n; round < 10n; round++)
      await Promise.all([3n, 1n, 4n, 2n].map((writerTime) => writer(round * 10n + writerTime)));
    const answer = await createOnlineHost(() => redis.target).lookup(
      {
        redis: 'dev',
        project: 'plumb',
        views: job.views,
        entities: Array.from({ length: Number(users) }, (_, i) => ({ user_id: String(i) })),
        repeat: 1,
      },
      {},
    );
    for (const { features } of answer.rows) {
      expect(features['stats:clicks']?.value).toBe(94);
      expect(features['stats:by']?.value).toBe('writer 94');
    }
  });

  it('puts a view with more fields than one call of unpack takes', async () => {
    const names = Array.from({ length: 9_000 }, (_, i) => `f${i}`);
    const view = userView('wide', Object.fromEntries(names.map((name) => [name, 'int32' as const])));
    const wide = jobOf(view);
    const row: UserRow = [1n, 5n, ...names.map((_, i) => i)];
    const host = createOnlineHost(() => redis.target);
    const result = await host.materialize(wide, userRows(wide, { wide: [row] }), { write: true });
    expect(result).toMatchObject({ added: 1, verified: true });
    const [key] = await client.keysBuffer('*');
    expect(await client.hlen(key!)).toBe(9_001);
  });
});
