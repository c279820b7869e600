import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { REASONS } from '../sql/explain-reasons';
import { buildCase } from '../testing/cases/build-case';
import { agrees, shown } from '../testing/cases/case-result';
import { tablesSql } from '../testing/cases/case-tables';
import { expectCases } from '../testing/cases/check-cases';
import { oracleCase, type OracleCase } from '../testing/cases/oracle-case';
import type { OracleFeature } from '../testing/oracle/definition';
import { oracleRow, sameEntity } from '../testing/oracle/oracle';
import { openTestDatabase } from '../testing/test-database';
import { explainValue } from './explanation';

/** Values explained in each case: an explanation reads the source three times. */
const PICKS = 12;

describe('explanations of random values', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  it('give the training set’s value, which follows from the rows that they mark, and one reason to each row', async () => {
    const seen = new Set<string>();
    const check = async (one: OracleCase): Promise<string[]> => {
      await db.query(tablesSql(one));
      const { catalog, set, rows } = await buildCase(db, one);
      // An on-demand feature has no rows to explain it: its inputs have.
      const features = one.views
        .filter(({ kind }) => kind !== 'on_demand')
        .flatMap((view) => view.features.map((feature) => ({ view, feature })));
      const findings: string[] = [];
      for (let pick = 0; pick < PICKS && rows.length > 0; pick++) {
        const row = pickRow(one, pick * 7919);
        const index = pick % features.length;
        const { view, feature } = features[index]!;
        const { column } = set.features[index]!;
        const why = await explainValue(db, catalog, set, row, `${view.name}:${feature.name}`, {
          limit: 1_000,
        });
        if (why.kind === 'on_demand') continue;
        const expectSame = (what: string, wanted: unknown[], found: unknown[]): void => {
          if (wanted.map(shown).join(' ') !== found.map(shown).join(' '))
            findings.push(
              `row ${row} ${column}: ${what} ${wanted.map(shown).join(' ')} explained as ${found.map(shown).join(' ')}`,
            );
        };
        const stands = rows[row]!;
        expectSame('value', [stands[column], stands[`__status_${index}`]], [why.value, why.status]);
        expectSame(
          'naive',
          [stands[`__naive_${index}`], stands[`__leaks_${index}`]],
          [why.naive.value, why.naive.leaks],
        );
        const own = entityEvents(one, row);
        expectSame('rows', own, why.candidates.map(({ order }) => order).sort(ascending));
        expectSame('count', [own.length], [why.reasons.reduce((sum, { rows: count }) => sum + count, 0)]);
        const used = new Set(
          why.candidates
            .filter(({ reason }) => reason === 'won' || reason === 'counted')
            .map(({ order }) => order),
        );
        const kept = one.events.filter(({ order }) => used.has(order));
        const [again] = oracleRow({ ...view, features: [alone(feature)] }, kept, one.spine[row]!);
        if (!agrees(feature, again!.raw, why.raw))
          findings.push(
            `row ${row} ${column}: ${shown(why.raw)}, but the rows that count give ${shown(again!.raw)}`,
          );
        for (const { reason } of why.reasons) seen.add(reason);
      }
      return findings;
    };
    await expectCases(oracleCase(8), check, { seed: 20250318, runs: 20 });
    // A run that never met a reason would prove nothing of it.
    expect([...seen].sort()).toEqual([...REASONS].sort());
  });
});

/** One in three meets an event at the very instant, one in three has events before it; where there are such rows. */
function pickRow(one: OracleCase, pick: number): number {
  const rows = one.spine.map((_, row) => row);
  const having = (test: (at: bigint, t: bigint) => boolean): number[] =>
    rows.filter((row) => {
      const { t, keys } = one.spine[row]!;
      return one.events.some(
        ({ at, keys: other }) => t !== null && at !== null && sameEntity(other, keys) && test(at, t),
      );
    });
  const wanted = [having((at, t) => at === t), having((at, t) => at < t), rows][pick % 3]!;
  const among = wanted.length > 0 ? wanted : rows;
  return among[Math.floor(pick / 3) % among.length]!;
}

/** The feature over rows of which each is known to count: without what other rows or features would have a say in. */
function alone(feature: OracleFeature): OracleFeature {
  const { definition } = feature;
  if (!('window' in definition)) return { ...feature, policy: { kind: 'none' } };
  const { length, offset, boundary } = definition.window;
  const window = { length, offset, boundary };
  return { ...feature, policy: { kind: 'none' }, definition: { ...definition, window } };
}

/** Places of the events of a spine row's entity. */
function entityEvents(one: OracleCase, row: number): number[] {
  const { keys } = one.spine[row]!;
  return one.events
    .filter((event) => sameEntity(event.keys, keys))
    .map(({ order }) => order)
    .sort(ascending);
}

const ascending = (a: number, b: number): number => a - b;
