import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { expectCases } from '../testing/cases/check-cases';
import { newTally, valueCheck } from '../testing/cases/check-values';
import { oracleCase } from '../testing/cases/oracle-case';
import { openTestDatabase } from '../testing/test-database';

/** Data sets that one build settles, and all of them. `npm run test:deep` runs many more. */
const TOGETHER = 16;
const DATA_SETS = 512;

describe('training values against brute force', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  it(`gives every value, status, naive value, leak and snapshot of ${DATA_SETS} data sets under every plan`, async () => {
    const tally = newTally();
    const runs = DATA_SETS / TOGETHER;
    await expectCases(oracleCase(TOGETHER), valueCheck(db, tally), { seed: 20250316, runs });
    expect(tally.cells).toBeGreaterThan(50_000);
    for (const plan of ['range', 'bucket', 'asof', 'join', 'frames', 'tiles'])
      expect(tally.plans.get(plan) ?? 0, `builds by ${plan}`).toBeGreaterThan(runs / 4);
  });
});
