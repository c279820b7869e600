import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { bystander } from './online-job';
import { startRedis, type TestRedis } from './redis-server';

/** Gives the tests of a file or block a Redis of their own, empty before each, and a client that is not under test. */
export function ownRedis(take: (redis: TestRedis, client: Redis) => void): void {
  let redis: TestRedis;
  let client: Redis;
  beforeAll(async () => {
    redis = await startRedis();
    client = bystander(redis.target);
    take(redis, client);
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
  });
  beforeEach(async () => void (await client.flushall()));
}
