import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../database/database';
import { chartCase, DAY_US } from '../../testing/chart-case';
import { openTestDatabase } from '../../testing/test-database';
import type { Attribution } from '../causes/attribution';
import { causeShares, evidenceOf } from './cause-shares';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const cause = {
  parts: [],
  either: false,
  keeps: 1,
  sentence: '',
  hint: null,
  edits: [],
  examples: [],
  alike: [],
};
const attribution: Attribution = {
  examined: { mismatches: 200, total: 1_000, agreeing: 800, counted: 200 },
  causes: [
    { ...cause, cause: 'boundary:closed', explains: 0.6, rows: 120 },
    { ...cause, cause: 'stale:1d', explains: 0.1, rows: 20 },
  ],
  verdict: 'boundary:closed',
  remaining: 0.4,
  note: null,
};

it('gives a bar per cause, and one for what the verdict leaves open', () => {
  expect(causeShares(attribution)).toEqual([
    { cause: 'boundary:closed', share: 0.6, rows: 120 },
    { cause: 'stale:1d', share: 0.1, rows: 20 },
    { cause: null, share: 0.4, rows: 80 },
  ]);
  expect(causeShares({ ...attribution, remaining: 0 })).toHaveLength(2);
});

it('finds the entity and the time of evidence, in its order', async () => {
  const skew = await chartCase(db, [1, 2, 3], [1, 5, 6]);
  const example = (row: bigint) => ({ row, left: 'l', right: 'r', recomputed: null });
  expect(await evidenceOf(db, skew, [example(2n), example(1n), example(9n)])).toEqual([
    { ...example(2n), keys: { user_id: '2' }, time: BigInt(2 * DAY_US) },
    { ...example(1n), keys: { user_id: '1' }, time: BigInt(DAY_US) },
  ]);
  expect(await evidenceOf(db, skew, [])).toEqual([]);
});
