import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../database/database';
import { chartCase, DAY_US } from '../../testing/chart-case';
import { openTestDatabase } from '../../testing/test-database';
import type { PairFilter, SegmentBy } from '../pair-filter';
import { chartFrames, chartsOf, readChart } from './read-charts';
import { subsetOf } from './subset';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const VALUES = Array.from({ length: 40 }, (_, at) => (at % 7 === 0 ? null : (at * 13) % 40));
const SERVED = VALUES.map((value, at) => (at % 5 === 0 ? -99 : value));
const FILTERS: Record<string, PairFilter> = {
  values: [
    { kind: 'values', feature: 'x', left: { from: 0, to: 20 }, right: { from: 0, to: 20 }, match: 'any' },
  ],
  time: [{ kind: 'time', from: 2n * BigInt(DAY_US), to: 9n * BigInt(DAY_US) }],
  'a word': [{ kind: 'category', feature: 'word', value: 'up' }],
};
const BY: Record<string, SegmentBy> = {
  day: { kind: 'time', every: BigInt(DAY_US) },
  city: { kind: 'column', side: 'left', column: 'city' },
};

it.each(
  Object.keys(FILTERS).flatMap((filter) =>
    Object.keys(BY).flatMap((by) => ['x', 'word'].map((feature) => ({ filter, by, feature }))),
  ),
)('rows that were taken under $filter draw $feature by $by as the filter does', async (given) => {
  const [filter, by, name] = [FILTERS[given.filter]!, BY[given.by]!, given.feature];
  const skew = await chartCase(db, VALUES, SERVED, DAY_US / 3);
  const frames = await chartFrames(db, skew, name);
  const subset = await subsetOf(db, skew, name, { filter, by });
  for (const chart of chartsOf(skew, name).filter((one) => one !== 'missing')) {
    const whole = await readChart(db, skew, { name, chart, frames, by, filter });
    expect(await readChart(db, subset, { name, chart, frames, by, filter: [] })).toEqual(whole);
  }
  const { rows, mismatches } = await readChart(db, subset, {
    name,
    chart: 'selected',
    frames,
    by,
    filter: [],
  });
  expect(rows).toBeGreaterThan(mismatches);
  expect(mismatches).toBeGreaterThan(0);
});
