import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { halfOpen, DAY, HOUR } from '../catalog/window';
import type { Catalog } from '../catalog/model';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { literal } from '../sql/literal';
import { anAudit, theirFile } from '../testing/audit-case';
import { sumFeature, tableFeature, verdictOf, type OracleEvent } from '../testing/audit-oracle';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { auditFile, type BuiltAudit } from './audit';
import { planAudit } from './audit-plan';

const START = 1_735_689_600_000_000n;
const TTL = 4n * DAY;
const WINDOW = 3n * DAY;
const STAND = -1n;

const price = {
  ...aFeature('price', 'int64', { kind: 'column', column: 'value' }),
  default: { kind: 'constant', value: STAND } as const,
};
const total = {
  ...aFeature('total', 'int64', {
    kind: 'aggregation',
    window: halfOpen(WINDOW),
    aggregation: { fn: 'sum', of: 'value', where: null },
  }),
  default: { kind: 'constant', value: STAND } as const,
};
const views = [
  aView('prices', 'table', 'prices', [price], { ttl: TTL }),
  aView('sums', 'aggregate', 'sales', [total]),
];
const catalog: Catalog = catalogOf({ views, sources: ['prices', 'sales'], sets: [aSet('SELECT 1', views)] });

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const timestamp = (at: bigint): string => `make_timestamp(${literal(at)})`;

async function store(name: string, events: readonly OracleEvent[]): Promise<void> {
  const rows = events.map(
    ({ user, at, value }, order) => `(${user}, ${timestamp(at)}, ${literal(value)}, ${order})`,
  );
  await db.query(
    `CREATE SCHEMA IF NOT EXISTS _plumb;
     CREATE OR REPLACE TABLE _plumb.source_${name} (user_id BIGINT, ts TIMESTAMP, value BIGINT, __order BIGINT);
     INSERT INTO _plumb.source_${name} VALUES ${rows.join(', ')}`,
  );
}

interface Row {
  user: bigint | null;
  t: bigint | null;
  price: bigint | null;
  total: bigint | null;
}

function fileOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ user, t, price, total }) =>
      `(${literal(user)}::BIGINT, ${t === null ? 'NULL::TIMESTAMP' : timestamp(t)}, ${literal(price)}::BIGINT, ${literal(total)}::BIGINT)`,
  );
  return `SELECT * FROM (VALUES ${lines.join(', ')}) r(user_id, ts, price, total)`;
}

async function audit(rows: readonly Row[]): Promise<BuiltAudit> {
  const host = theirFile(db, fileOf(rows));
  const columns = await db.describe(fileOf(rows));
  const { plan } = planAudit(catalog, anAudit({ tolerance: { absolute: 0, relative: 0 } }), columns);
  return auditFile(host, catalog, plan!);
}

/** By `<row> <column>` what the audit found. */
async function findings(): Promise<
  Map<string, { verdict: string; reason: string; distance: bigint | null }>
> {
  const rows = await queryRows(db, 'SELECT * FROM _plumb.audit_values_check');
  return new Map(
    rows.map((row) => [
      `${Number(row['__row'])} ${['price', 'total'][Number(row['feature'])]}`,
      {
        verdict: row['verdict'] as string,
        reason: row['reason'] as string,
        distance: row['distance'] as bigint | null,
      },
    ]),
  );
}

type Fault = 'future' | 'stale' | 'noise' | 'swapped' | 'default' | 'null' | 'closed';
const FAULTS: readonly Fault[] = ['future', 'stale', 'noise', 'swapped', 'default', 'null', 'closed'];
const EXPECTED: Readonly<Record<Fault, string>> = {
  future: 'future',
  closed: 'future',
  stale: 'stale',
  noise: 'wrong',
  swapped: 'wrong',
  default: 'wrong',
  null: 'wrong',
};

interface Planted {
  rows: Row[];
  prices: OracleEvent[];
  sales: OracleEvent[];
  /** By `<row> <column>`. */
  faults: Map<string, Fault>;
}

const USERS = 12n;
const end = (events: readonly OracleEvent[]): bigint =>
  events.reduce((most, { at }) => (at > most ? at : most), 0n) + 1n;

/** A right file with one fault in about every third value, from a seed; no value occurs twice by chance. */
function plant(seed: number): Planted {
  let state = BigInt(seed) * 2_654_435_761n + 1n;
  const random = (below: bigint): bigint => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return (state >> 16n) % below;
  };
  const events = (count: number): OracleEvent[] =>
    Array.from({ length: count }, () => ({
      user: 1n + random(USERS),
      at: START + random(30n * DAY),
      value: 1n + random(2n ** 44n),
    }));
  const prices = events(150);
  const sales = events(250);
  const features = { price: tableFeature(TTL, STAND), total: sumFeature(WINDOW, STAND, end(sales)) };
  const sources = { price: prices, total: sales };
  const faults = new Map<string, Fault>();
  const own = (column: 'price' | 'total', user: bigint) =>
    sources[column].filter((event) => event.user === user);
  const closed = (column: 'price' | 'total', user: bigint, t: bigint) =>
    features[column].closed?.(own(column, user), t).value ?? null;
  const rows = Array.from({ length: 90 }, (_, index): Row => {
    const sale = sales[Number(random(250n))]!;
    const exactly = index % 4 === 0;
    const user = exactly ? sale.user : 1n + random(USERS);
    const t = exactly ? sale.at : START + 2n * DAY + random(26n * DAY);
    const value = (column: 'price' | 'total'): bigint | null => {
      const at = (s: bigint) => features[column].at(own(column, user), s);
      const truth = at(t);
      if (random(3n) > 0n) return truth.value;
      const fault = FAULTS[Number(random(7n))]!;
      const later = at(t + HOUR + random(6n * DAY));
      const earlier = at(t - HOUR - random(6n * DAY));
      const planted: Record<Fault, { value: bigint | null; sure: boolean }> = {
        future: { value: later.value, sure: later.own },
        stale: { value: earlier.value, sure: earlier.own },
        noise: { value: (truth.value ?? 0n) + 1n + random(1000n), sure: true },
        swapped: { value: own(column, (user % USERS) + 1n)[0]?.value ?? 0n, sure: true },
        default: { value: STAND, sure: true },
        null: { value: null, sure: true },
        closed: { value: closed(column, user, t), sure: exactly && column === 'total' },
      };
      const { value: put, sure } = planted[fault];
      if (!sure || put === truth.value) return truth.value;
      faults.set(`${index} ${column}`, fault);
      return put;
    };
    return { user, t, price: value('price'), total: value('total') };
  });
  return { rows, prices, sales, faults };
}

describe('an audit of planted faults', () => {
  it('finds each one as what it is, and nothing else', async () => {
    const planted = Object.fromEntries(FAULTS.map((fault) => [fault, 0]));
    for (let seed = 1; seed <= 8; seed++) {
      const { rows, prices, sales, faults } = plant(seed);
      await store('prices', prices);
      await store('sales', sales);
      const { result } = await audit(rows);
      const found = await findings();
      const said = Object.fromEntries([...found].map(([place, { verdict }]) => [place, verdict]));
      const expected = Object.fromEntries([...faults].map(([place, fault]) => [place, EXPECTED[fault]]));
      expect(said, `seed ${seed}`).toEqual(expected);
      for (const [place, fault] of faults) {
        planted[fault]! += 1;
        const { reason, distance } = found.get(place)!;
        if (fault === 'closed') expect([reason, distance], place).toEqual(['closed_window', 1n]);
        if (fault === 'default') expect(reason, place).toBe('default');
        if (fault === 'null') expect(['null', 'no_default'], place).toContain(reason);
      }
      for (const feature of result.features) {
        const verdicts = [...found]
          .filter(([place]) => place.endsWith(feature.column))
          .map(([, one]) => one.verdict);
        for (const verdict of ['future', 'stale', 'wrong', 'not_decidable'] as const)
          expect(feature[verdict]).toBe(verdicts.filter((one) => one === verdict).length);
        expect(feature.right).toBe(rows.length - verdicts.length);
      }
      expect(result.rows_not_right).toBe(
        new Set([...faults.keys()].map((place) => place.split(' ')[0])).size,
      );
    }
    for (const fault of FAULTS) expect(planted[fault], fault).toBeGreaterThan(5);
    expect(Object.values(planted).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(200);
  }, 240_000);

  it('finds nothing in a right file', async () => {
    const { rows, prices, sales } = plant(3);
    await store('prices', prices);
    await store('sales', sales);
    const own = (events: readonly OracleEvent[], user: bigint) =>
      events.filter((event) => event.user === user);
    const right = rows.map(({ user, t }) => ({
      user,
      t,
      price: tableFeature(TTL, STAND).at(own(prices, user!), t!).value,
      total: sumFeature(WINDOW, STAND, end(sales)).at(own(sales, user!), t!).value,
    }));
    const { result, findings: count } = await audit(right);
    expect(count).toBe(0);
    expect(result).toMatchObject({ rows: 90, rows_not_right: 0, percent_not_right: 0, warnings: [] });
    for (const feature of result.features)
      expect(feature).toMatchObject({ right: 90, ahead: null, age: null, reasons: [], examples: [] });
  });
});

describe('an audit of random values', () => {
  /** Few values and few hours, so that nearly everything can be explained, from both sides. */
  const small = fc.integer({ min: 0, max: 4 }).map(BigInt);
  const hour = fc
    .tuple(fc.integer({ min: 0, max: 120 }), fc.constantFrom(0n, 0n, 1n, -1n))
    .map(([hours, jitter]) => START + BigInt(hours) * HOUR + jitter);
  const event = fc.record({ user: fc.constantFrom(1n, 1n, 2n), at: hour, value: small });
  const value = fc.oneof(fc.constantFrom(null, STAND), fc.integer({ min: 0, max: 12 }).map(BigInt));
  const row = fc.record({ user: fc.constantFrom(1n, 2n, 3n), t: hour, price: value, total: value });

  it('says of each what trying every instant says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(event, { minLength: 1, maxLength: 14, selector: ({ user, at }) => `${user} ${at}` }),
        fc.array(event, { minLength: 1, maxLength: 14 }),
        fc.array(row, { minLength: 1, maxLength: 30 }),
        async (prices, sales, rows) => {
          await store('prices', prices);
          await store('sales', sales);
          await audit(rows);
          const found = await findings();
          const features = { price: tableFeature(TTL, STAND), total: sumFeature(WINDOW, STAND, end(sales)) };
          rows.forEach((one, index) => {
            for (const column of ['price', 'total'] as const) {
              const events = (column === 'price' ? prices : sales).filter(({ user }) => user === one.user);
              const expected = verdictOf(features[column], events, one.t, one[column]);
              const said = found.get(`${index} ${column}`);
              expect(said?.verdict ?? 'right').toBe(expected.verdict);
              expect(said?.distance ?? null).toBe(expected.distance);
              if (expected.reason !== null) expect(said?.reason).toBe(expected.reason);
            }
          });
        },
      ),
      { seed: 20250316, numRuns: 25 },
    );
  }, 240_000);
});
