import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../testing/redis-server';
import { soakRivals, soakWrite, type SoakOutcome } from '../testing/write-soak';

let redis: TestRedis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());

/** Soaks one seed after the other until there were enough faults; each holds its own end, or throws. */
async function soak(act: (seed: number) => Promise<SoakOutcome>, enough: number): Promise<void> {
  let faults = 0;
  for (let seed = 1; faults < enough; seed++) {
    expect(seed).toBeLessThan(enough);
    faults += (await act(seed)).faults;
  }
}

describe('a write over a bad connection', () => {
  it('ends as if there had been no fault, or with a typed error and then goes on to it', () =>
    soak((seed) => soakWrite(seed, redis), 40));

  it('of two writers at once leaves the newest value of every entity', () =>
    soak((seed) => soakRivals(seed, redis), 20));
});
