import type { Database } from '../database/database';
import type { BuiltSkew } from '../skew/skew';
import { compareCase, SKEW_CHECK, storeSkewCase, type SkewCase } from './skew-case';

export const DAY_US = 86_400_000_000;

/** What the rows of `chartCase` hold in the column `city` of the training set, which is no feature. */
export const cityOf = (row: number): string | null => [null, 'Bonn', 'Köln', "L'Aquila"][row % 4] ?? null;

/**
 * A check of three features: `x` (the given values), `n` (whole numbers) and `word`; row i is `user_id` i at i * `step`
 * microseconds. Both sides have all rows.
 */
export async function chartCase(
  db: Database,
  left: readonly (number | null)[],
  right: readonly (number | null)[],
  step = DAY_US,
): Promise<BuiltSkew> {
  const side = (values: readonly (number | null)[]): SkewCase['left'] =>
    values.map((value, index) => ({
      user_id: index,
      ts: index * step,
      x: value,
      n: wholeOf(value),
      word: wordOf(value),
    }));
  const given: SkewCase = {
    features: [
      { name: 'x', type: 'float64', left: 'DOUBLE', right: 'DOUBLE' },
      { name: 'n', type: 'int64', left: 'BIGINT', right: 'BIGINT' },
      { name: 'word', type: 'string', left: 'VARCHAR', right: 'VARCHAR' },
    ],
    left: side(left),
    right: side(right),
  };
  const catalog = await storeSkewCase(db, given);
  await db.query(
    `ALTER TABLE _plumb.training_train ADD COLUMN city VARCHAR;
     UPDATE _plumb.training_train SET city = [NULL, 'Bonn', 'Köln', 'L''Aquila'][1 + user_id % 4]`,
  );
  const view = catalog.views.get('v')!;
  view.features[1]!.default = { kind: 'zero' };
  return compareCase(db, catalog, SKEW_CHECK);
}

export function wholeOf(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.trunc(value % 1000);
}

export function wordOf(value: number | null): string | null {
  return value === null ? null : value > 0 ? 'up' : 'down';
}
