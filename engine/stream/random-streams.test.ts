import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { newStreamTally, streamFindings } from '../testing/stream/check-streams';
import { streamCase } from '../testing/stream/stream-case';
import { openTestDatabase } from '../testing/test-database';

describe('a random log', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  it('gives the values of a plain loop over its rows, and those of the batch source when nothing is late', async () => {
    const tally = newStreamTally();
    await fc.assert(
      fc.asyncProperty(streamCase, async (one) => {
        expect(await streamFindings(db, one, tally)).toEqual([]);
      }),
      { seed: 7, numRuns: 40, endOnFailure: true },
    );
    expect(tally.late).toBeGreaterThan(0);
    expect(tally.evicted).toBeGreaterThan(0);
    expect(tally.equal).toBeGreaterThan(10);
  });
});
