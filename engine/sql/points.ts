import type { JoinKey } from '../catalog/model';
import { keyColumns } from './compiled-view';
import { type CommonTable, printSelect } from './select';

/**
 * Where values are wanted: rows of an entity and an instant. `sql` gives `__row` (BIGINT, unique), `__t`
 * (BIGINT microseconds) and the keys `__k0`, `__k1` ...
 */
export interface Points {
  sql: string;
  /** At most so many points, for the planner; absent where that is not known. */
  count?: number;
  /** Whether `__row` is made by the SQL itself: a second evaluation could then number the rows in another order. */
  numbered?: boolean;
}

/** The points as the table `point` of a plan. */
export function pointTable(points: Points): CommonTable {
  return { name: 'point', sql: points.sql, inline: true, once: points.numbered ?? false };
}

/** Every entity of a relation once, all at one instant. `at` is an SQL scalar in microseconds. */
export function entityPoints(keys: readonly JoinKey[], entitiesSql: string, at: string): Points {
  const names = keyColumns(keys);
  return {
    sql: printSelect({
      columns: ['row_number() OVER () - 1 AS "__row"', `${at} AS "__t"`, ...names],
      from: [`(\n${entitiesSql}\n)`],
    }),
    numbered: true,
  };
}
