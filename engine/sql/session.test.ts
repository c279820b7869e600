import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeatureDefinition } from '../catalog/model';
import type { TimeWindow } from '../catalog/window';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { planOf, valuesSql } from './view-values';
import { prepareView } from './view-facts';

const HOUR = 3_600_000_000n;
const OPTIONS = { keepKeys: false, ignoreTtl: false, keepExpired: false };

/** Spark's session_window closes a session where the next event comes `gap` or more later. */
describe('a session in a window', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    // Hours of events; the last of each entity lies an hour before t = 10.
    await db.query(`CREATE TABLE _plumb.source_events AS SELECT user_id::BIGINT AS user_id,
      make_timestamp(CAST(hour * ${HOUR} AS BIGINT)) AS ts, hour AS amount, (row_number() OVER ())::BIGINT - 1 AS __order
      FROM (VALUES (1, 2), (1, 4), (1, 7), (1, 8), (1, 9), (2, 1), (2, 3), (2, 5), (2, 7), (2, 9)) AS v(user_id, hour)`);
  });
  afterAll(() => db.close());

  const values = async (definitions: FeatureDefinition[]): Promise<unknown[]> => {
    const features = definitions.map((definition, at) => aFeature(`f${at}`, 'int64', definition));
    const catalog = catalogOf({ views: [aView('v', 'aggregate', 'events', features)], sources: ['events'] });
    const compiled = await prepareView(db, catalog, 'v');
    const points = {
      sql: `SELECT user_id - 1 AS "__row", CAST(10 * ${HOUR} AS BIGINT) AS "__t", user_id AS "__k0" FROM (VALUES (1::BIGINT), (2::BIGINT)) AS v(user_id)`,
    };
    expect(planOf(compiled, points, OPTIONS).plan).toBe('join');
    const rows = await queryRows(db, `${valuesSql(compiled, points, OPTIONS)} ORDER BY p."__row"`);
    return rows.map((row) => definitions.map((_, at) => row[`__v${at}`]));
  };
  const window = (session: bigint, more: Partial<TimeWindow> = {}): TimeWindow => ({
    length: 24n * HOUR,
    offset: 0n,
    boundary: 'half-open',
    session,
    ...more,
  });
  const count = (of: TimeWindow, where: string | null = null): FeatureDefinition => ({
    kind: 'aggregation',
    window: of,
    aggregation: { fn: 'count', of: '*', where },
  });

  it('goes back to the first gap that is long enough, the one before t included', async () => {
    const hours = [HOUR, HOUR + 1n, 2n * HOUR, 2n * HOUR + 1n, 3n * HOUR, 4n * HOUR];
    expect(await values(hours.map((hour) => count(window(hour))))).toEqual([
      [0n, 3n, 3n, 3n, 3n, 5n],
      [0n, 1n, 1n, 5n, 5n, 5n],
    ]);
  });

  it('stands beside windows without, of other lengths and ends, and in ratios and whole expressions', async () => {
    const open = window(2n * HOUR);
    expect(
      await values([
        count({ ...open, length: 2n * HOUR }),
        count(open, 'amount < 9'),
        count({ length: 24n * HOUR, offset: 0n, boundary: 'half-open' }),
        { kind: 'expression', window: open, expression: 'sum(amount)' },
        {
          kind: 'ratio',
          window: open,
          of: { fn: 'sum', of: 'amount', where: null },
          over: { fn: 'count', of: '*', where: null },
        },
        count(window(2n * HOUR, { offset: 2n * HOUR })),
        count(window(2n * HOUR, { offset: HOUR, boundary: 'closed' })),
      ]),
    ).toEqual([
      [2n, 2n, 5n, 24n, 8n, 1n, 3n],
      [1n, 0n, 5n, 9n, 9n, 1n, 1n],
    ]);
  });
});
