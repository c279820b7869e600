import type { TrainingSet } from '../../catalog/model';
import { INTERNAL_SCHEMA, type ColumnInfo, type TablePlace } from '../../database/database';
import type { BuiltTrainingSet } from '../../training/training-set';
import { trainingTable } from '../../training/training-set';
import { quote, relation } from '../../sql/quote';
import { evenlySpread } from '../../sql/spine';
import { block, printSelect } from '../../sql/select';
import { createTable } from '../../sql/training-set';
import { timestampLiteral } from '../../sql/literal';

/** The rows at which both sides are wanted: join keys, time and whatever on-demand features read. */
export interface Requests {
  table: TablePlace;
  /** Its columns, without `__row`. */
  columns: readonly ColumnInfo[];
  /** The set's own rows. */
  own: boolean;
}

/** Entities that a store is asked for in a comparison, at most. */
export const MOST_ASKED = 20_000;

/** The rows of the built set itself. */
export function ownRequests(built: BuiltTrainingSet): Requests {
  return { table: trainingTable(built.set.name), columns: built.plan.spine, own: true };
}

/** The requests as the spine of a set, in their order. */
export function requestsSpine({ table, columns }: Requests): string {
  return printSelect({
    columns: columns.map(({ name }) => quote(name)),
    from: [relation(table)],
    orderBy: ['"__row"'],
  });
}

export function askedPlace(check: string): TablePlace {
  return { schema: INTERNAL_SCHEMA, name: `skew_asked_${check}` };
}

/**
 * Each combination of join keys in the set once, with the spine's other columns of its latest row, at `at` (microseconds). At
 * most MOST_ASKED, evenly spread; those with a NULL key cannot be asked for.
 */
export function askedSql(
  place: TablePlace,
  set: TrainingSet,
  spine: readonly ColumnInfo[],
  keys: readonly string[],
  at: bigint,
): string {
  const latest = printSelect({
    columns: [
      '"__row"',
      ...spine.map(({ name }) => quote(name)),
      `row_number() OVER (PARTITION BY ${keys.map(quote).join(', ')} ORDER BY ${quote(set.timestamp)} DESC NULLS LAST, "__row" DESC) AS "__nth"`,
    ],
    from: [relation(trainingTable(set.name))],
    where: keys.map((key) => `${quote(key)} IS NOT NULL`),
  });
  const numbered = printSelect({
    columns: ['*', 'row_number() OVER (ORDER BY "__row") - 1 AS "__at"', 'count(*) OVER () AS "__all"'],
    from: [block(latest)],
    where: ['"__nth" = 1'],
  });
  const others = spine.filter(({ name }) => name !== set.timestamp);
  return createTable(
    relation(place),
    printSelect({
      columns: [
        'row_number() OVER (ORDER BY "__at") - 1 AS "__row"',
        ...others.map(({ name }) => quote(name)),
        `${timestampLiteral(at)} AS ${quote(set.timestamp)}`,
      ],
      from: [block(numbered)],
      where: [evenlySpread('"__at"', '"__all"', MOST_ASKED)],
      orderBy: ['"__row"'],
    }),
  );
}
