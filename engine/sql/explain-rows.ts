import { type CompiledView, eventColumns, sameKeys } from './compiled-view';
import { judgementOf } from './explain-reasons';
import type { Points } from './points';
import { quote } from './quote';
import { printSelect, type CommonTable } from './select';
import { valuesSql } from './view-values';

/** The values of one or more features at one point, as every other reader computes them. Columns as in `valuesSql`. */
export function explainedValueSql(compiled: CompiledView, point: Points): string {
  return valuesSql(compiled, point, { keepKeys: false, ignoreTtl: false, keepExpired: true });
}

/** Rows of each reason that are shown before the nearest of all others are. */
const OF_EACH = 5;
/** The same for the rows that gave the value, and for those that lost to them by a tie. */
const OF_WINNERS = 20;

/**
 * The source rows of the point's entity with what became of each: `__at` (event time, BIGINT microseconds), `__order`,
 * `__reason`, for a ratio `__of` and `__over`, then `columns`, which are the source's own. At most `limit` rows, oldest
 * first: some of every reason, then those nearest to the point's time. `__rows`, `__first` and `__last` tell of all rows of
 * the same reason: how many, and their earliest and latest event time. `compiled` holds one feature.
 */
export function explainRowsSql(
  compiled: CompiledView,
  point: Points,
  columns: readonly string[],
  limit: number,
): string {
  const judgement = judgementOf(compiled);
  const cases = judgement.cases.map(([test, reason]) => `WHEN ${test} THEN '${reason}'`);
  const sides = judgement.sides ?? ['false', 'false'];
  const chosen = compiled.view.kind === 'table';
  const reason =
    judgement.decides === null
      ? 'e."__fate"'
      : `CASE WHEN ${judgement.decides} THEN 'won' ELSE e."__fate" END`;
  const distance = 'abs(CAST(e."__at" AS HUGEINT) - e."__t")';
  const tables: CommonTable[] = [
    { name: 'point', sql: point.sql },
    {
      name: 'event',
      sql: printSelect({ columns: eventColumns(compiled, judgement.inputs), from: [compiled.source] }),
      inline: true,
    },
    ...(chosen ? [{ name: 'chosen', sql: explainedValueSql(compiled, point) }] : []),
    {
      name: 'mine',
      sql: printSelect({
        columns: ['p."__row"', 'p."__t"', 'e.*'],
        from: ['point AS p', `JOIN event AS e ON ${sameKeys(compiled.keys, 'e', 'p')}`],
      }),
    },
    {
      name: 'judged',
      sql: printSelect({
        columns: ['e.*', `CASE ${cases.join('\n  ')} END AS "__fate"`],
        from: ['mine AS e', ...(chosen ? ['JOIN chosen AS c ON c."__row" = e."__row"'] : [])],
      }),
    },
    {
      name: 'decided',
      sql: printSelect({
        columns: [
          'e."__at"',
          'e."__t"',
          'e."__order"',
          `${reason} AS "__reason"`,
          ...sides.map((side, at) => `(e."__fate" = 'counted' AND ${side}) AS "${SIDES[at]}"`),
        ],
        from: ['judged AS e'],
      }),
    },
    {
      name: 'tally',
      sql: printSelect({
        columns: [
          '"__reason"',
          'count(*) AS "__rows"',
          'min("__at") AS "__first"',
          'max("__at") AS "__last"',
        ],
        from: ['decided'],
        groupBy: ['"__reason"'],
      }),
    },
    {
      name: 'placed',
      sql: printSelect({
        columns: [
          'e.*',
          `${distance} AS "__distance"`,
          `row_number() OVER (PARTITION BY e."__reason" ORDER BY ${distance} NULLS LAST, e."__order" DESC) AS "__place"`,
        ],
        from: ['decided AS e'],
      }),
    },
    {
      name: 'nearest',
      sql: printSelect({
        columns: ['*'],
        from: ['placed'],
        orderBy: [
          `"__place" > CASE WHEN "__reason" IN ('won', 'lost_tie') THEN ${OF_WINNERS} ELSE ${OF_EACH} END`,
          '"__distance" NULLS LAST',
          `"__order" DESC\nLIMIT ${limit}`,
        ],
      }),
    },
  ];
  return printSelect({
    with: tables,
    columns: [
      'n."__at"',
      'n."__order"',
      'n."__reason"',
      ...SIDES.map((side) => `n."${side}"`),
      't."__rows"',
      't."__first"',
      't."__last"',
      ...columns.map((name) => `s.${quote(name)}`),
    ],
    from: [
      'nearest AS n',
      'JOIN tally AS t ON t."__reason" = n."__reason"',
      `JOIN ${compiled.source} AS s ON s."__order" = n."__order"`,
    ],
    orderBy: ['n."__at" NULLS FIRST', 'n."__order"'],
  });
}

const SIDES = ['__of', '__over'] as const;
