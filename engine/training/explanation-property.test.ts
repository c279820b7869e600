import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { oracle, type OracleFeature } from '../testing/oracle';
import { oracleCase, type OracleCase } from '../testing/oracle-cases';
import { catalogFor, dataSql } from '../testing/oracle-catalog';
import { openTestDatabase } from '../testing/test-database';
import { explainValue } from './explanation';
import { buildTrainingSet } from './training-set';

const SEED = 20250318;
/** Values explained in each case: an explanation reads the source three times. */
const PICKS = 10;

describe('explanations of random values', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  it('give the training set’s value, which follows from the rows that they mark, and one reason to each row', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        oracleCase,
        fc.array(fc.tuple(fc.nat({ max: 500 }), fc.nat({ max: 9 })), { minLength: PICKS, maxLength: PICKS }),
        async (one, picks) => {
          if (one.spine.length === 0) return;
          await db.query(dataSql(one));
          const { catalog, set } = catalogFor(one);
          await buildTrainingSet(db, catalog, set, { sample: null });
          const table = await queryRows(db, 'SELECT * FROM _plumb.training_train ORDER BY __row');
          for (const [pickedRow, pickedFeature] of picks) {
            const row = pickRow(one, pickedRow);
            // The feature table, which stands last, as often as not.
            const last = set.features.length - 1;
            const index = pickedFeature % 2 === 0 ? last : pickedFeature % (last + 1);
            const { view, feature, column } = set.features[index]!;
            const found = await explainValue(db, catalog, set, row, `${view}:${feature}`, { limit: 1_000 });

            expect([found.value, found.status]).toEqual([
              table[row]![column],
              table[row]![`__status_${index}`],
            ]);
            const own = entityEvents(one, row);
            expect(found.candidates.map(({ order }) => order).sort(ascending)).toEqual(own);
            expect(found.reasons.reduce((sum, { rows }) => sum + rows, 0)).toBe(own.length);

            const used = found.candidates.filter(({ reason }) => reason === 'won' || reason === 'counted');
            const orders = new Set(used.map(({ order }) => order));
            const kept = { ...one, events: one.events.filter(({ order }) => orders.has(order)) };
            const definition: OracleFeature = one.features[index] ?? { kind: 'column' };
            const again = oracle(one.table, definition, kept.events, one.spine[row]!);
            expect(text(found.value)).toBe(text(again.value));
            for (const { reason } of found.reasons) seen.add(reason);
          }
        },
      ),
      { seed: SEED, numRuns: 16 },
    );
    // A run that never met a reason would prove nothing of it.
    expect([...seen].sort()).toEqual([
      'after_window',
      'before_window',
      'counted',
      'expired',
      'filtered',
      'future',
      'lost_tie',
      'no_time',
      'null_input',
      'superseded',
      'won',
    ]);
  });
});

/** One in three meets an event at the very instant, one in three has events before it; where there are such rows. */
function pickRow(one: OracleCase, pick: number): number {
  const rows = one.spine.map((_, row) => row);
  const having = (test: (at: bigint, t: bigint) => boolean): number[] =>
    rows.filter((row) => {
      const { t } = one.spine[row]!;
      return entityEvents(one, row).some((order) => t !== null && test(one.events[order]!.at ?? t + 1n, t));
    });
  const wanted = [having((at, t) => at === t), having((at, t) => at < t), rows][pick % 3]!;
  const among = wanted.length > 0 ? wanted : rows;
  return among[Math.floor(pick / 3) % among.length]!;
}

/** Places of the events of a spine row's entity. */
function entityEvents(one: OracleCase, row: number): number[] {
  const { keys } = one.spine[row]!;
  return one.events
    .filter((event) => event.keys.every((key, at) => key !== null && key === keys[at]))
    .map(({ order }) => order)
    .sort(ascending);
}

const ascending = (a: number, b: number): number => a - b;

function text(value: unknown): string {
  return value === null ? 'NULL' : String(value);
}
