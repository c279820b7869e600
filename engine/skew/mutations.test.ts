import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { MUTATIONS } from '../testing/skew-mutations';
import { comparePairs, newPairTally } from '../testing/skew-pairs';
import { openTestDatabase } from '../testing/test-database';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

/** `npm run test:deep` compares thousands. */
it('finds every difference of 300 mutated pairs of data sets, and nothing in 300 clean ones', async () => {
  const tally = newPairTally();
  for (let seed = 0; seed < 6; seed++) {
    await comparePairs(db, 20261129 + seed, { clean: 30, mutated: 50 }, tally);
    await comparePairs(db, 20261229 + seed, { clean: 20, mutated: 0 }, tally);
  }
  expect(tally.problems).toEqual([]);
  expect(tally).toMatchObject({ mutated: 300, clean: 300, wrong: 0, missed: 0, alarms: 0 });
  expect(tally.right).toBeGreaterThan(1_000);
  for (const mutation of MUTATIONS) expect(tally.counts.get(mutation) ?? 0, mutation).toBeGreaterThan(20);
});
