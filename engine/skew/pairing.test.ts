import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { compareCase, SKEW_CHECK, storeSkewCase, type SkewCase } from '../testing/skew-case';
import { openTestDatabase } from '../testing/test-database';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

interface Row {
  user_id: number;
  ts: number | null;
}

/** Rows of the same keys and time in order; then, over and over, the nearest two that are free. */
function greedy(left: Row[], right: Row[], within: number): [number, number][] {
  const pairs: [number, number][] = [];
  const free = { left: new Set(left.keys()), right: new Set(right.keys()) };
  const take = (l: number, r: number): void => {
    pairs.push([l, r]);
    free.left.delete(l);
    free.right.delete(r);
  };
  for (const [l, row] of left.entries()) {
    const same = [...free.right].find((r) => right[r]!.user_id === row.user_id && right[r]!.ts === row.ts);
    if (same !== undefined) take(l, same);
  }
  for (;;) {
    let best: { l: number; r: number; d: number } | null = null;
    for (const l of free.left)
      for (const r of free.right) {
        const [a, b] = [left[l]!, right[r]!];
        if (a.user_id !== b.user_id || a.ts === null || b.ts === null) continue;
        const d = Math.abs(a.ts - b.ts);
        if (d <= within && (best === null || d < best.d)) best = { l, r, d };
      }
    if (best === null) return pairs;
    take(best.l, best.r);
  }
}

it('pairs the nearest rows first, as trying all of them does', async () => {
  const row = fc.record({
    user_id: fc.constantFrom(1, 2),
    ts: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 30 }).map((s) => s * 1_000_000) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
  });
  const side = fc.array(row, { maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(side, side, fc.constantFrom(0, 1, 5, 40), async (left, right, seconds) => {
      const common = { user_id: 9, ts: 0 };
      const sides = { left: [common, ...left], right: [...right, common] };
      const number = (rows: Row[]): SkewCase['left'] => rows.map((one, x) => ({ ...one, x }));
      const given: SkewCase = {
        features: [{ name: 'x', type: 'int64', left: 'BIGINT', right: 'BIGINT' }],
        left: number(sides.left),
        right: number(sides.right),
      };
      const within = BigInt(seconds) * 1_000_000n;
      const check = { ...SKEW_CHECK, within };
      const { result } = await compareCase(db, await storeSkewCase(db, given), check);
      const expected = greedy(sides.left, sides.right, seconds * 1_000_000).sort(([a], [b]) => a - b);
      const found = await queryRows(
        db,
        `SELECT left_0, right_0, __apart FROM "_plumb"."skew_pairs_check" WHERE __side = 'both' ORDER BY __pair`,
      );
      expect(found.map((pair) => [Number(pair['left_0']), Number(pair['right_0'])])).toEqual(expected);
      for (const pair of found) {
        const [l, r] = [sides.left[Number(pair['left_0'])]!, sides.right[Number(pair['right_0'])]!];
        const apart = l.ts === null || r.ts === null ? null : BigInt(r.ts - l.ts);
        expect(pair['__apart']).toBe(apart);
      }
      expect(result).toMatchObject({
        rows: sides.left.length + sides.right.length,
        unmatched: sides.left.length + sides.right.length - 2 * expected.length,
      });
    }),
    { seed: 20261128, numRuns: 120 },
  );
}, 180_000);

it('leaves none of its own tables behind', async () => {
  const tables = await queryRows(db, "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'skew_%'");
  expect(tables.map((table) => table['table_name'])).toEqual(['skew_pairs_check']);
});
