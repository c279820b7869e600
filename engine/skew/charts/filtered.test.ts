import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { chartCase, cityOf, DAY_US, wholeOf, wordOf } from '../../testing/chart-case';
import { openTestDatabase } from '../../testing/test-database';
import { mismatchesSelect } from '../mismatches';
import type { PairCondition, Range } from '../pair-filter';
import { segmentChoices, skewBySegment } from './by-segment';
import { skewCategories } from './categories';
import { MOST_MARKS } from './chart-options';
import { binFrame, MOST_BINS, skewHistogram } from './histogram';
import { skewMissing } from './missing';
import { skewOverTime } from './over-time';
import { MOST_QUANTILES, ranksOf, skewQuantiles } from './quantiles';
import { MOST_POINTS, skewScatter } from './scatter';
import { skewSelected } from './selected';

/** Every chart and the grid under a filter, against loops over plain rows. */

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

interface Row {
  at: number;
  left: number | null;
  right: number | null;
}

const STEP = DAY_US / 3;
const isNumber = (value: number | null): value is number => value !== null && Number.isFinite(value);
const differs = ({ left, right }: Row): boolean => {
  if (Object.is(left, right) || left === right) return false;
  if (!isNumber(left) || !isNumber(right)) return true;
  return Math.abs(left - right) > 1e-9 * Math.max(Math.abs(left), Math.abs(right));
};
const within = (value: number | null, range: Range | null): boolean =>
  range === null || (value !== null && value >= range.from && value <= range.to);

function meets(row: Row, condition: PairCondition): boolean {
  switch (condition.kind) {
    case 'values': {
      const { left, right, match } = condition;
      if (match === 'all') return within(row.left, left) && within(row.right, right);
      const given = [
        left === null ? null : within(row.left, left),
        right === null ? null : within(row.right, right),
      ];
      return given.every((one) => one === null) || given.some((one) => one === true);
    }
    case 'category':
      return wordOf(row.left) === condition.value || wordOf(row.right) === condition.value;
    case 'differs':
      return differs(row) === condition.differs;
    case 'time': {
      const at = BigInt(row.at) * BigInt(STEP);
      return at >= condition.from && at < condition.to;
    }
    case 'segment':
      return condition.by.column === 'city'
        ? cityOf(row.at) === condition.value
        : wordOf(row.left) === condition.value;
    case 'pairs':
      return condition.pairs.includes(BigInt(row.at));
  }
}

const value = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -4, max: 4 }),
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constant(Infinity),
);
const range = fc
  .tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 6 }))
  .map(([from, length]): Range => ({ from, to: from + length }));
const side = fc.constantFrom('left' as const);
const condition: fc.Arbitrary<PairCondition> = fc.oneof(
  fc.record({
    kind: fc.constant('values' as const),
    feature: fc.constant('x'),
    left: fc.option(range),
    right: fc.option(range),
    match: fc.constantFrom('all' as const, 'any' as const),
  }),
  fc.record({
    kind: fc.constant('category' as const),
    feature: fc.constant('word'),
    value: fc.constantFrom(null, 'up', 'down'),
  }),
  fc.record({ kind: fc.constant('differs' as const), feature: fc.constant('x'), differs: fc.boolean() }),
  fc.tuple(fc.nat(40), fc.nat(40)).map(([from, days]) => ({
    kind: 'time' as const,
    from: BigInt(from * STEP),
    to: BigInt((from + days) * STEP),
  })),
  fc.record({
    kind: fc.constant('segment' as const),
    by: fc.record({ kind: fc.constant('column' as const), side, column: fc.constant('city') }),
    value: fc.constantFrom(null, 'Bonn', "L'Aquila", 'Rome'),
  }),
  fc.record({
    kind: fc.constant('pairs' as const),
    pairs: fc.array(fc.bigInt({ min: 0n, max: 60n }), { maxLength: 5 }),
  }),
);

function count<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length;
}

it('draws and counts the rows that meet every condition, and no others', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(value, value, fc.boolean()), { minLength: 1, maxLength: 60, size: 'max' }),
      fc.array(condition, { maxLength: 2 }),
      async (given, filter) => {
        const all: Row[] = given.map(([left, other, same], at) => ({ at, left, right: same ? left : other }));
        const skew = await chartCase(
          db,
          all.map((row) => row.left),
          all.map((row) => row.right),
          STEP,
        );
        const rows = all.filter((row) => filter.every((one) => meets(row, one)));
        seen += rows.length;
        const options = { filter };
        const lefts = rows.map((row) => row.left).filter(isNumber);
        const rights = rows.map((row) => row.right).filter(isNumber);

        expect(await skewSelected(db, skew, 'x', options)).toEqual({
          rows: rows.length,
          mismatches: count(rows, differs),
        });

        // The bins are those of all rows, so that nothing moves when the filter does.
        const frame = await binFrame(db, skew, 'x');
        const bins = await skewHistogram(db, skew, 'x', options);
        const bin = (one: number): number =>
          Math.min(
            frame!.count - 1,
            Math.max(0, Math.floor(one / frame!.width - frame!.from / frame!.width)),
          );
        expect(bins.length).toBe(frame?.count ?? 0);
        bins.forEach((one, at) => {
          expect([at, one.left]).toEqual([at, count(lefts, (left) => bin(left) === at)]);
          expect([at, one.right]).toEqual([at, count(rights, (right) => bin(right) === at)]);
        });

        const categories = await skewCategories(db, skew, 'word', options);
        for (const word of [null, 'up', 'down']) {
          const found = categories.find((one) => one.value === word) ?? { left: 0, right: 0 };
          expect([found.left, found.right]).toEqual([
            count(rows, (row) => wordOf(row.left) === word),
            count(rows, (row) => wordOf(row.right) === word),
          ]);
        }

        const points = await skewScatter(db, skew, 'x', options);
        const print = (one: { left: number | null; right: number | null }): string =>
          `${one.left} ${one.right}`;
        const drawn = rows.filter((row) => isNumber(row.left) && isNumber(row.right));
        expect(points.map(print).sort()).toEqual(drawn.map(print).sort());
        expect(count(points, (point) => point.differs)).toBe(count(drawn, differs));

        const sorted = (of: number[]): number[] => of.toSorted((a, b) => a - b);
        const most = Math.min(MOST_QUANTILES, lefts.length, rights.length);
        const quantiles = await skewQuantiles(db, skew, 'x', options);
        const at = (of: number[]): number[] => ranksOf(of.length, most).map((rank) => sorted(of)[rank - 1]!);
        expect(quantiles.map((one) => one.left)).toEqual(most === 0 ? [] : at(lefts));
        expect(quantiles.map((one) => one.right)).toEqual(most === 0 ? [] : at(rights));

        const periods = await skewOverTime(db, skew, 'x', options);
        expect(periods.reduce((sum, one) => sum + one.rows, 0)).toBe(rows.length);
        for (const period of periods) {
          const own = rows.filter(({ at }) => {
            const time = (at * STEP) / 1000;
            const next = periods.find((other) => other.time > period.time)?.time ?? Infinity;
            return time >= period.time && time < next;
          });
          expect(period.rows).toBe(own.length);
          expect(period.mismatchShare).toBeCloseTo(count(own, differs) / own.length, 12);
          const gaps = own.filter((row) => isNumber(row.left) && isNumber(row.right));
          const mean = gaps.reduce((sum, row) => sum + row.right! - row.left!, 0) / gaps.length;
          if (gaps.length === 0) expect(period.difference).toBeNull();
          else expect(period.difference).toBeCloseTo(mean, 9);
        }

        const cities = await skewBySegment(
          db,
          skew,
          'x',
          { kind: 'column', side: 'left', column: 'city' },
          options,
        );
        for (const city of [null, 'Bonn', 'Köln', "L'Aquila"]) {
          const own = rows.filter((row) => cityOf(row.at) === city);
          const found = cities!.segments.find((one) => one.value === city);
          expect(found?.rows ?? 0).toBe(own.length);
          expect(found?.mismatches ?? 0).toBe(count(own, differs));
        }
        const days = await skewBySegment(db, skew, 'x', { kind: 'time', every: BigInt(DAY_US) }, options);
        expect(days!.segments.map(({ value, rows: n }) => [value, n])).toEqual(
          [...new Set(rows.map((row) => Math.floor(row.at / 3)))].map((day) => [
            String(day * DAY_US),
            count(rows, (row) => Math.floor(row.at / 3) === day),
          ]),
        );

        const missing = await skewMissing(db, skew, options);
        expect(missing.map((one) => one.column)).toEqual(['x', 'n', 'word']);
        expect(missing[0]).toEqual({
          column: 'x',
          rows: rows.length,
          nulls: [count(rows, (row) => row.left === null), count(rows, (row) => row.right === null)],
          defaults: null,
        });
        expect(missing[1]!.defaults).toEqual([
          count(rows, (row) => wholeOf(row.left) === 0),
          count(rows, (row) => wholeOf(row.right) === 0),
        ]);

        const grid = await queryRows(db, mismatchesSelect(skew, { feature: 'x', filter }));
        expect(grid.map((row) => row['user_id'])).toEqual(rows.filter(differs).map((row) => BigInt(row.at)));
      },
    ),
    { seed: 3, numRuns: 40 },
  );
  expect(seen).toBeGreaterThan(200);
}, 240_000);

it('never draws more than 5,000 marks', () => {
  expect(2 * MOST_BINS).toBeLessThan(MOST_MARKS);
  expect(MOST_POINTS).toBeLessThan(MOST_MARKS);
  expect(MOST_QUANTILES).toBeLessThan(MOST_MARKS);
});

it('tells rows apart by columns of a side while its rows are those that were compared', async () => {
  const skew = await chartCase(db, [1, 2, 3], [1, 2, 4]);
  const city = { kind: 'column', side: 'left', column: 'city' } as const;
  expect(await segmentChoices(db, skew)).toEqual([
    { kind: 'column', side: 'left', column: 'user_id' },
    city,
    { kind: 'column', side: 'right', column: 'user_id' },
  ]);
  expect((await skewBySegment(db, skew, 'x', city))?.segments[0]).toEqual({
    value: 'Köln',
    rows: 1,
    mismatches: 1,
  });
  await db.query('UPDATE _plumb.training_train SET user_id = user_id + 1');
  expect(await skewBySegment(db, skew, 'x', city)).toBeNull();
  await db.query('DROP TABLE _plumb.training_train');
  expect(await skewBySegment(db, skew, 'x', city)).toBeNull();
  expect(await segmentChoices(db, skew)).toEqual([{ kind: 'column', side: 'right', column: 'user_id' }]);
});

it('sums up what is beyond the limit of segments', async () => {
  const values = Array.from({ length: 50 }, (_, at) => at);
  const skew = await chartCase(
    db,
    values,
    values.map((one) => (one < 10 ? one + 1 : one)),
  );
  const users = await skewBySegment(db, skew, 'x', { kind: 'column', side: 'right', column: 'user_id' });
  expect(users!.segments).toHaveLength(15);
  expect(users!.segments.slice(0, 10).every((one) => one.mismatches === 1)).toBe(true);
  expect(users!.others).toEqual({ segments: 35, rows: 35, mismatches: 0 });
});
