import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../testing/redis-server';
import { soakRivals, soakWrite, type SoakOutcome } from '../testing/write-soak';

let redis: TestRedis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());

/** Soaks one seed after the other until there were enough faults. */
async function soak(act: (seed: number) => Promise<SoakOutcome>, enough: number) {
  const sum = { seeds: 0, faults: 0, writes: 0 };
  while (sum.faults < enough) {
    const { faults, writes } = await act(++sum.seeds);
    sum.faults += faults;
    sum.writes += writes;
    expect(sum.seeds).toBeLessThan(enough);
  }
  return sum;
}

describe('a write over a bad connection', () => {
  it('ends as if there had been no fault, or with a typed error and then goes on to it', async () => {
    const { seeds, writes } = await soak((seed) => soakWrite(seed, redis), 40);
    // how many writes it takes depends on where the faults fall; that each ends well is what soakWrite holds
    expect(writes).toBeGreaterThanOrEqual(seeds);
  });

  it('of two writers at once leaves the newest value of every entity', async () => {
    const { writes, seeds } = await soak((seed) => soakRivals(seed, redis), 20);
    expect(writes).toBeGreaterThanOrEqual(2 * seeds);
  });
});
