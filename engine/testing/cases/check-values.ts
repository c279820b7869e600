import type { Database } from '../../database/database';
import type { BuildOptions, BuiltTrainingSet } from '../../training/training-set';
import { buildCase } from './build-case';
import { differences, expectedRows } from './case-result';
import { snapshotDifferences } from './case-snapshot';
import { tablesSql } from './case-tables';
import type { OracleCase } from './oracle-case';

export type Plans = NonNullable<BuildOptions['plans']>;

/** Every plan once, and what the planner chooses by itself. */
export const FORCED: readonly (Plans | undefined)[] = [
  undefined,
  { asOf: 'range', window: 'join', sorted: true },
  { asOf: 'bucket', window: 'frames' },
  { asOf: 'asof', window: 'tiles' },
];

/** What was compared, and how often each plan ran. */
export interface Tally {
  cells: number;
  snapshots: number;
  plans: Map<string, number>;
}

export function newTally(): Tally {
  return { cells: 0, snapshots: 0, plans: new Map() };
}

/** A check for `checkCases`: training values under every plan, and a snapshot of every view, against the oracle. */
export function valueCheck(db: Database, tally: Tally): (one: OracleCase) => Promise<string[]> {
  return async (one) => {
    await db.query(tablesSql(one));
    const expected = expectedRows(one);
    for (const plans of FORCED) {
      const { set, built, rows, catalog } = await buildCase(db, one, plans ? { plans } : {});
      const found = differences(one, set, expected, rows);
      const name = plans ? JSON.stringify(plans) : 'the planner’s choice';
      if (found.length > 0) return found.map((text) => `${name}: ${text}`);
      tally.cells += rows.length * set.features.length;
      count(tally, built);
      if (plans) continue;
      for (const view of one.views.filter(({ kind }) => kind !== 'on_demand')) {
        const strange = await snapshotDifferences(db, catalog, one, view);
        if (strange.length > 0) return strange;
        tally.snapshots++;
      }
    }
    return [];
  };
}

function count(tally: Tally, { plans }: BuiltTrainingSet): void {
  for (const { plan } of plans)
    for (const word of plan.replaceAll(/ \(.*?\)/g, '').split(' + '))
      tally.plans.set(word, (tally.plans.get(word) ?? 0) + 1);
}
