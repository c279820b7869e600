import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScalarType } from '../catalog/model';
import type { Database } from '../database/database';
import { newTally, valueCheck } from '../testing/cases/check-values';
import type { OracleCase } from '../testing/cases/oracle-case';
import { PAYLOAD_TYPES } from '../testing/cases/payload';
import type {
  OracleAggregation,
  OracleDefinition,
  OracleEvent,
  OracleFeature,
  OracleView,
  OracleWindow,
  Payload,
} from '../testing/oracle/definition';
import type { OracleValue } from '../testing/oracle/value';
import { openTestDatabase } from '../testing/test-database';

const T = 1_735_689_600_000_000n;
const HOUR = 3_600_000_000n;
const nothing = Object.fromEntries(Object.keys(PAYLOAD_TYPES).map((column) => [column, null]));

function eventsOf(rows: { key?: OracleValue; at: bigint; payload: Payload }[]): OracleEvent[] {
  return rows.map(({ key = 1n, at, payload }, order) => ({
    keys: [key],
    at,
    made: null,
    available: at,
    until: null,
    payload: { ...nothing, ...payload },
    order,
  }));
}

function feature(type: OracleFeature['type'], definition: OracleDefinition): OracleFeature {
  return { name: 'f0', type, definition, policy: { kind: 'none' }, indicator: false };
}

const over = (window: Partial<OracleWindow>, aggregation: Partial<OracleAggregation>): OracleDefinition => ({
  kind: 'aggregation',
  window: { length: HOUR, offset: 0n, boundary: 'half-open', ...window },
  aggregation: { fn: 'count', of: '*', where: 'all', ...aggregation },
});

function caseOf(
  kind: OracleView['kind'],
  one: OracleFeature,
  events: OracleEvent[],
  points: { key?: OracleValue; t: bigint }[],
  key: ScalarType = 'int64',
): OracleCase {
  return {
    keyTypes: [key],
    events,
    spine: points.map(({ key: value = 1n, t }) => ({ keys: [value], t, r: null })),
    views: [{ name: 'v0', kind, late: false, usesMade: false, ttl: null, features: [one] }],
    end: T,
  };
}

/** Cases that random tests found the engine wrong in, made small. Each runs under every plan. */
describe('counterexamples', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  const holds = async (one: OracleCase): Promise<void> =>
    expect(await valueCheck(db, newTally())(one)).toEqual([]);

  it('a closed window counts every event at exactly t, however many tie there', async () => {
    const tied = eventsOf([1n, 2n, 3n].map((j) => ({ at: T, payload: { j } })));
    for (const boundary of ['closed', 'open-closed'] as const)
      await holds(
        caseOf('aggregate', feature('float64', over({ boundary }, { fn: 'sum', of: 'j' })), tied, [{ t: T }]),
      );
  });

  it('the entropy of texts and of bytes is a number', async () => {
    const rows = eventsOf(
      ['a', 'b', 'a'].map((tag) => ({ at: T - 1n, payload: { tag, y: new Uint8Array([7]) } })),
    );
    for (const of of ['tag', 'y'])
      await holds(caseOf('aggregate', feature('float64', over({}, { fn: 'entropy', of })), rows, [{ t: T }]));
  });

  it('the mean of a large negative number is that number, rounded once', async () => {
    const rows = eventsOf([{ at: T - 1n, payload: { i: -21_758_893_730_570_558n } }]);
    for (const fn of ['avg', 'sum'] as const)
      await holds(caseOf('aggregate', feature('float64', over({}, { fn, of: 'i' })), rows, [{ t: T }]));
  });

  it('a snapshot within minutes of 1970 has its time in 64 bits like any other', async () => {
    const rows = eventsOf([{ at: -3n, payload: {} }]);
    const one = caseOf('aggregate', feature('int64', over({}, {})), rows, [{ t: -2n }]);
    await holds({ ...one, end: -2n });
  });

  it('bytes keys that differ in zeros at their end are different entities', async () => {
    const [short, long] = [Uint8Array.of(0), Uint8Array.of(0, 0)];
    const rows = eventsOf([
      { key: long, at: T, payload: { y: Uint8Array.of(16) } },
      { key: short, at: T - HOUR, payload: { y: Uint8Array.of() } },
    ]);
    // Below 64 points DuckDB joins them one by one, and rightly.
    const points = Array.from({ length: 80 }, (_, at) => ({ key: at % 2 === 0 ? short : long, t: T + 1n }));
    await holds(caseOf('table', feature('bytes', { kind: 'column', column: 'y' }), rows, points, 'bytes'));
  });
});
