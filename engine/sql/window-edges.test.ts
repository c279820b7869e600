import { afterAll, beforeAll, expect, it } from 'vitest';
import { BOUNDARIES, DAY, HOUR, MINUTE, shifted, type TimeWindow } from '../catalog/window';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { openTestDatabase } from '../testing/test-database';
import { cellOf, entersAt, leadOf, leavesAt, reachOf, windowEdges } from './window-edges';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const NOON = 1_735_689_600_000_000n + 12n * HOUR;
const window = (boundary: TimeWindow['boundary'], length: bigint, offset = 0n): TimeWindow => ({
  boundary,
  length,
  offset,
});

async function edgesAt(one: TimeWindow, t: bigint): Promise<[bigint, bigint]> {
  const { lo, hi } = windowEdges(one, '"t"');
  const [row] = await queryRows(db, `SELECT ${lo} AS lo, ${hi} AS hi FROM (SELECT ${t}::BIGINT AS t)`);
  return [row!['lo'] as bigint, row!['hi'] as bigint];
}

it.each([
  ['half-open', window('half-open', HOUR), NOON - HOUR, NOON],
  ['closed', window('closed', HOUR), NOON - HOUR, NOON + 1n],
  ['open-closed', window('open-closed', HOUR), NOON - HOUR + 1n, NOON + 1n],
  ['half-open, a day back', window('half-open', HOUR, DAY), NOON - DAY - HOUR, NOON - DAY],
  ['closed, a day back', window('closed', HOUR, DAY), NOON - DAY - HOUR, NOON - DAY + 1n],
  ['calendar-day', window('calendar-day', 2n * DAY), NOON - 12n * HOUR - 2n * DAY, NOON - 12n * HOUR],
])('%s: the first instant that counts and the first that does not', async (_, one, lo, hi) => {
  expect(await edgesAt(one, NOON)).toEqual([lo, hi]);
});

it.each([
  ['5 minutes below 12 hours', HOUR, NOON + 7n * MINUTE, NOON - HOUR + 5n * MINUTE],
  ['an hour from 12 hours on', 12n * HOUR, NOON + 59n * MINUTE, NOON - 12n * HOUR],
  ['a day from 12 days on', 12n * DAY, NOON, NOON - 12n * HOUR - 12n * DAY],
])('a sawtooth window rounds its lower edge to %s', async (_, length, t, lo) => {
  expect(await edgesAt(window('sawtooth', length), t)).toEqual([lo, t]);
});

it('rounds towards minus infinity before 1970', async () => {
  expect(await edgesAt(window('calendar-day', DAY), -1n)).toEqual([-2n * DAY, -DAY]);
  expect(await edgesAt(window('calendar-day', DAY), -DAY)).toEqual([-2n * DAY, -DAY]);
  const [row] = await queryRows(db, `SELECT ${cellOf('x', 10n)} AS cell FROM (SELECT -1::BIGINT AS x)`);
  expect(row!['cell']).toBe(-1n);
});

it('says when an event passes the upper edge, and how far back the lower one can be', async () => {
  for (const boundary of BOUNDARIES)
    for (const at of [NOON, NOON + 1n, NOON - 12n * HOUR, -5n]) {
      const one = window(boundary, 2n * DAY, 3n * HOUR);
      const [row] = await queryRows(
        db,
        `SELECT ${entersAt(one, '"at"')} AS t FROM (SELECT ${at}::BIGINT AS "at")`,
      );
      const t = row!['t'] as bigint;
      const [lo, hi] = await edgesAt(one, t);
      expect(at < hi, boundary).toBe(true);
      expect(at < (await edgesAt(one, t - 1n))[1], boundary).toBe(false);
      expect(t - lo <= reachOf(one), boundary).toBe(true);
    }
});

it('takes events to be later or earlier by a shift, whatever the edges are rounded to', async () => {
  for (const boundary of BOUNDARIES)
    for (const by of [5n * HOUR, -9n * HOUR])
      for (const t of [NOON, NOON + 7n, -1n]) {
        const one = window(boundary, 2n * DAY, 3n * HOUR);
        const [lo, hi] = await edgesAt(one, t);
        const moved = shifted(one, by);
        expect(await edgesAt(moved, t), boundary).toEqual([lo - by, hi - by]);
        expect(t - (lo - by) <= reachOf(moved) && hi - by - 1n - t <= leadOf(moved), boundary).toBe(true);
        for (const passes of [entersAt, leavesAt]) {
          const sql = `SELECT ${passes(moved, '"at"')} AS m, ${passes(one, '"at"')} AS o FROM (SELECT ${t}::BIGINT AS "at")`;
          const later = `SELECT ${passes(one, '"at"')} AS o FROM (SELECT ${t + by}::BIGINT AS "at")`;
          const [[here], [there]] = [await queryRows(db, sql), await queryRows(db, later)];
          expect(here!['m'], boundary).toBe(there!['o']);
        }
      }
});
