import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { compareCase, SKEW_CHECK, storeSkewCase, type SkewCase } from '../testing/skew-case';
import * as oracle from '../testing/skew-oracle';
import { openTestDatabase } from '../testing/test-database';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const real = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 6, arbitrary: fc.constantFrom(0, -0, 1, 1 + 1e-10, 1 + 1e-8, 2, 0.1, -3) },
  { weight: 4, arbitrary: fc.double({ min: -5, max: 5, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 1.7e308, -1.7e308, 5e-324) },
);
const whole = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -4, max: 4 }),
  fc.constantFrom(2 ** 31, -(2 ** 52)),
);
const word = fc.constantFrom(null, '', 'a', 'b', 'Ä', 'NULL', "o'clock");
type Row = {
  user_id: number | null;
  ts: number | null;
  real: number | null;
  whole: number | null;
  word: string | null;
};

const row: fc.Arbitrary<Row> = fc.record({
  user_id: fc.constantFrom(null, 1, 2, 3),
  ts: fc.constantFrom(null, 1_000_000, 1_000_001, 5_000_000),
  real,
  whole,
  word,
});
const FEATURES: SkewCase['features'] = [
  { name: 'real', type: 'float64', left: 'DOUBLE', right: 'DOUBLE' },
  { name: 'whole', type: 'int64', left: 'BIGINT', right: 'BIGINT' },
  { name: 'word', type: 'string', left: 'VARCHAR', right: 'VARCHAR' },
];

describe('compareSkew', () => {
  it('agrees with plain loops on seeded random sides', async () => {
    const tolerances = fc.constantFrom(
      { absolute: 0, relative: 1e-9 },
      { absolute: 0, relative: 0 },
      { absolute: 0.5, relative: 0 },
    );
    // One row in common, so that something is always compared.
    const side = fc.array(row, { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(side, side, tolerances, async (left, right, tolerance) => {
        const common = { user_id: 9, ts: 9, real: 1, whole: 1, word: 'a' };
        const given = { features: FEATURES, left: [common, ...left], right: [...right, common] };
        const catalog = await storeSkewCase(db, given);
        const { result } = await compareCase(db, catalog, { ...SKEW_CHECK, tolerance });
        for (const [index, name] of (['real', 'whole'] as const).entries()) {
          const values = (rows: Row[]): oracle.SideRow[] =>
            rows.map((r) => ({ key: `${r.user_id} ${r.ts}`, value: r[name] }));
          const { pairs, alone } = oracle.pairUp(values(given.left), values(given.right));
          const l = pairs.map(([value]) => value);
          const r = pairs.map(([, value]) => value);
          const { max, mean } = oracle.differences(pairs);
          const nulls = (side: oracle.Value[]): number =>
            side.filter((v) => v === null).length / pairs.length;
          const found = result.features[index];
          expect(found).toMatchObject({
            ref: `v:${name}`,
            compared: pairs.length,
            only_left: alone[0],
            only_right: alone[1],
            mismatches: pairs.filter(([a, b]) => oracle.disagree(a, b, tolerance)).length,
            max_abs_diff: max,
            null_rate: [nulls(l), nulls(r)],
            js: null,
          });
          expectClose(found?.mean_abs_diff, mean);
          expectClose(found?.psi, oracle.populationStability(l, r));
          expectClose(found?.ks, oracle.kolmogorovSmirnov(l, r));
        }
        const words = wordPairs(given.left, given.right);
        expect(result.features[2]).toMatchObject({
          mismatches: words.filter(([a, b]) => a !== b).length,
          max_abs_diff: null,
          ks: null,
        });
        const labels = (side: 0 | 1): string[] => words.map((pair) => `${typeof pair[side]} ${pair[side]}`);
        expectClose(result.features[2]?.psi, oracle.stability(labels(0), labels(1)));
        expectClose(result.features[2]?.js, oracle.jensenShannon(labels(0), labels(1)));
      }),
      { seed: 20250316, numRuns: 40 },
    );
  }, 180_000);

  it('finds exactly the mutated rows among 4,000, and nothing in the clean ones', async () => {
    const random = fc.sample(
      fc.record({ value: fc.double({ min: -1e6, max: 1e6, noNaN: true }), mutation: fc.nat(4) }),
      { seed: 7, numRuns: 4_000 },
    );
    const mutated = random.map(({ value, mutation }, index) => {
      if (index % 2 === 0) return value;
      if (mutation === 0) return null;
      if (mutation === 1) return value + 1e-3 * Math.max(1, Math.abs(value));
      if (mutation === 2) return value === 0 ? 1 : -value;
      if (mutation === 3) return NaN;
      return Math.abs(value) < 1e-6 ? 5 : value * (1 + 2e-9);
    });
    const side = (values: (number | null)[]): SkewCase['left'] =>
      values.map((value, index) => ({ user_id: index, ts: index * 1000, x: value }));
    const given: SkewCase = {
      features: [{ name: 'x', type: 'float64', left: 'DOUBLE', right: 'DOUBLE' }],
      left: side(random.map(({ value }) => value)),
      right: side(mutated).reverse(),
    };
    const built = await compareCase(db, await storeSkewCase(db, given), SKEW_CHECK);
    const rows = await queryRows(db, 'SELECT user_id FROM "_plumb"."skew_check"');
    const expected = random.flatMap((_, index) => (index % 2 === 1 ? [BigInt(index)] : []));
    expect(rows.map((found) => found['user_id'])).toEqual(expected);
    expect(built.mismatches).toBe(expected.length);

    const clean = await compareCase(
      db,
      await storeSkewCase(db, { ...given, right: [...given.left].reverse() }),
      SKEW_CHECK,
    );
    expect(clean.result.features[0]).toMatchObject({
      compared: 4_000,
      mismatches: 0,
      max_abs_diff: 0,
      psi: 0,
      ks: 0,
    });
    expect(clean.result.warnings).toEqual([]);
  });

  it('subtracts integers beyond 2^53 exactly', async () => {
    const big = 2n ** 53n;
    const given: SkewCase = {
      features: [{ name: 'n', type: 'int64', left: 'BIGINT', right: 'BIGINT' }],
      left: [{ user_id: big + 1n, ts: 0, n: big }],
      right: [
        { user_id: big, ts: 0, n: 0n },
        { user_id: big + 1n, ts: 0, n: big + 1n },
      ],
    };
    const tolerance = { absolute: 0, relative: 0 };
    const { result } = await compareCase(db, await storeSkewCase(db, given), { ...SKEW_CHECK, tolerance });
    expect(result.features[0]).toMatchObject({ compared: 1, only_right: 1, mismatches: 1, max_abs_diff: 1 });
  });
});

function wordPairs(left: Row[], right: Row[]): [string | null, string | null][] {
  const used = new Set<Row>();
  return left.flatMap((l): [string | null, string | null][] => {
    const r = right.find((other) => !used.has(other) && other.user_id === l.user_id && other.ts === l.ts);
    if (!r) return [];
    used.add(r);
    return [[l.word, r.word]];
  });
}

function expectClose(found: number | null | undefined, expected: number | null): void {
  if (expected === null || found === null || found === undefined) expect(found).toBe(expected);
  else expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}
