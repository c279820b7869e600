import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { snapshotSql } from '../sql/snapshot';
import { prepareView } from '../sql/view-facts';
import { oracle, type OracleFeature } from '../testing/oracle';
import { DATA_SETS, oracleCase, type OracleCase } from '../testing/oracle-cases';
import { catalogFor, dataSql } from '../testing/oracle-catalog';
import { openTestDatabase } from '../testing/test-database';
import { buildTrainingSet } from './training-set';

const SEED = 20250316;

/** A row per spine row: per feature value, status, naive value, leak, all as text. */
function expected(one: OracleCase): string[] {
  return one.spine.map((row) =>
    [...one.features, { kind: 'column' } as const]
      .map((feature: OracleFeature) => {
        const { value, status, naive, leaks } = oracle(one.table, feature, one.events, row);
        return [shown(value), status, shown(naive), leaks].join(' ');
      })
      .join(' | '),
  );
}

async function actual(db: Database, one: OracleCase): Promise<string[]> {
  const { catalog, set } = catalogFor(one);
  await buildTrainingSet(db, catalog, set, { sample: null });
  const rows = await queryRows(db, 'SELECT * FROM _plumb.training_train ORDER BY __row');
  return rows.map((row) =>
    set.features
      .map(({ column }, index) =>
        [
          shown(row[column]),
          row[`__status_${index}`],
          shown(row[`__naive_${index}`]),
          row[`__leaks_${index}`],
        ].join(' '),
      )
      .join(' | '),
  );
}

function shown(value: unknown): string {
  return value === null ? 'NULL' : String(value);
}

describe('training values against brute force', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  it('gives every value, status, naive value and leak of 208 random data sets', async () => {
    await fc.assert(
      fc.asyncProperty(oracleCase, async (one) => {
        await db.query(dataSql(one));
        expect(await actual(db, one)).toEqual(expected(one));
      }),
      { seed: SEED, numRuns: Math.ceil(208 / DATA_SETS) },
    );
  });

  it('gives the snapshot at T what a spine row (entity, T) gets before the default', async () => {
    await fc.assert(
      fc.asyncProperty(oracleCase, fc.nat(), async (one, pick) => {
        const instants = one.spine.flatMap(({ t }) => (t === null ? [] : [t]));
        const at = instants[pick % Math.max(1, instants.length)] ?? 0n;
        const plain = one.features.map((feature) => ({ ...feature, zero: false }));
        const present = one.events.filter((event) => event.at !== null && event.at <= at);
        const entities = present.map((event) => event.keys).filter((keys) => !keys.includes(null));
        const distinct = new Map(entities.map((keys) => [keys.join(' '), keys]));
        const spine = [...distinct.values()].map((keys) => ({ keys, t: at }));
        await db.query(dataSql(one));
        const { catalog } = catalogFor({ ...one, features: plain });
        const wanted = (features: OracleFeature[]): string[] =>
          spine
            .map((row) => {
              const values = features.map((feature) =>
                shown(oracle(one.table, feature, one.events, row).value),
              );
              return [...row.keys, ...values].join(' ');
            })
            .sort();
        const found = async (view: string): Promise<string[]> => {
          const rows = await queryRows(db, snapshotSql(await prepareView(db, catalog, view), at, null));
          return rows
            .map(({ __event_ts: _, ...values }) => Object.values(values).map(shown).join(' '))
            .sort();
        };
        expect(await found('agg')).toEqual(wanted(plain));
        expect(await found('tab')).toEqual(wanted([{ kind: 'column' }]));
      }),
      { seed: SEED, numRuns: 12 },
    );
  });

  it('gives the same whatever happens after t', async () => {
    await fc.assert(
      fc.asyncProperty(oracleCase, fc.bigInt({ min: -9n, max: 9n }), async (one, x) => {
        const t = one.spine.find((row) => row.t !== null)?.t ?? 0n;
        const spine = one.spine.filter((row) => row.t !== null && row.t <= t);
        const before = { ...one, spine };
        const past = one.events.filter((event) => event.at !== null && event.at <= t);
        const invented = one.events.slice(0, 5).map((event) => ({ ...event, at: t + 1n, x, tag: 'a' }));
        const events = [...past, ...invented].map((event, order) => ({ ...event, order }));
        const pit = (rows: string[]): string[] =>
          rows.map((row) => row.replace(/( \| |^)(\S+ \S+) \S+ \S+/g, '$1$2'));
        await db.query(dataSql(before));
        const first = pit(await actual(db, before));
        await db.query(dataSql({ ...before, events }));
        expect(pit(await actual(db, { ...before, events }))).toEqual(first);
      }),
      { seed: SEED, numRuns: 8 },
    );
  });
});
