import { type CompiledView, eventColumns, sameKeys } from './compiled-view';
import { judgementOf } from './explain-reasons';
import type { Points } from './points';
import { quote } from './quote';
import { printSelect, type CommonTable } from './select';
import { sessionSql } from './session';
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
 * `__known` (when it could be known; NULL where the source does not say), `__until` (of a dimension: when it ceases to
 * hold; NULL = never), `__reason`, `__side` (for a row of a ratio that counts: `of`, `over` or `both`), then `columns`, which are the source's
 * own. Some rows of every reason and side, then those nearest to the point's time: `limit` rows, and one of each at
 * least; oldest first. `__rows`, `__first` and `__last` tell of all rows of the same reason and side: how many, and their
 * earliest and latest event time. `compiled` holds one feature.
 */
export function explainRowsSql(
  compiled: CompiledView,
  point: Points,
  columns: readonly string[],
  limit: number,
): string {
  return printSelect({
    with: [
      ...judgedTables(compiled, point),
      { name: 'tally', sql: TALLY },
      { name: 'placed', sql: PLACED },
      { name: 'ranked', sql: RANKED },
    ],
    columns: [
      ...['__at', '__order', '__known', '__until', '__reason', '__side'].map((name) => `n."${name}"`),
      ...['__rows', '__first', '__last'].map((name) => `t."${name}"`),
      ...columns.map((name) => `s.${quote(name)}`),
    ],
    from: [
      'ranked AS n',
      `JOIN tally AS t ON t."__reason" = n."__reason" AND t."__side" IS NOT DISTINCT FROM n."__side"`,
      `JOIN ${compiled.source} AS s ON s."__order" = n."__order"`,
    ],
    where: [`(n."__rank" <= ${limit} OR n."__place" = 1)`],
    orderBy: ['n."__at" NULLS FIRST', 'n."__order"'],
  });
}

/** `judged`: the entity's rows with time, reason and side. */
function judgedTables(compiled: CompiledView, point: Points): CommonTable[] {
  const { inputs, cases, session, sides, decides } = judgementOf(compiled);
  const event = printSelect({ columns: eventColumns(compiled, inputs), from: [compiled.source] });
  const chosen = compiled.view.kind !== 'aggregate';
  const fate = `CASE ${cases.map(([test, reason]) => `WHEN ${test} THEN '${reason}'`).join('\n  ')} END`;
  const reason = decides === null ? 'e."__fate"' : `CASE WHEN ${decides} THEN 'won' ELSE e."__fate" END`;
  const none = 'CAST(NULL AS BIGINT)';
  const known = compiled.availability === null ? none : 'e."__known"';
  const until = compiled.view.validity === null ? none : 'e."__until"';
  return [
    { name: 'point', sql: point.sql },
    { name: 'event', sql: event, inline: true },
    ...(chosen ? [{ name: 'chosen', sql: explainedValueSql(compiled, point) }] : []),
    {
      name: 'mine',
      sql: printSelect({
        columns: ['p."__row"', 'p."__t"', 'e.*'],
        from: ['point AS p', `JOIN event AS e ON ${sameKeys(compiled.keys, 'e', 'p')}`],
      }),
    },
    ...(session === null
      ? []
      : [
          {
            name: 'placed_in_sessions',
            sql: sessionSql(
              printSelect({ columns: ['e.*', `${session.end} AS "__end"`], from: ['mine AS e'] }),
              session.gap,
              session.inside,
            ),
          },
        ]),
    {
      name: 'fated',
      sql: printSelect({
        columns: ['e.*', `${fate} AS "__fate"`],
        from: [
          `${session === null ? 'mine' : 'placed_in_sessions'} AS e`,
          ...(chosen ? ['JOIN chosen AS c ON c."__row" = e."__row"'] : []),
        ],
      }),
    },
    {
      name: 'judged',
      sql: printSelect({
        columns: [
          'e."__at"',
          'e."__t"',
          'e."__order"',
          `${known} AS "__known"`,
          `${until} AS "__until"`,
          `${reason} AS "__reason"`,
          `${side(sides)} AS "__side"`,
        ],
        from: ['fated AS e'],
      }),
    },
  ];
}

function side(sides: readonly [string, string] | null): string {
  if (sides === null) return 'CAST(NULL AS VARCHAR)';
  const [of, over] = sides;
  return `CASE WHEN e."__fate" = 'counted' THEN CASE WHEN NOT (${over}) THEN 'of' WHEN NOT (${of}) THEN 'over' ELSE 'both' END END`;
}

const TALLY = printSelect({
  columns: [
    '"__reason"',
    '"__side"',
    'count(*) AS "__rows"',
    'min("__at") AS "__first"',
    'max("__at") AS "__last"',
  ],
  from: ['judged'],
  groupBy: ['"__reason"', '"__side"'],
});

/** HUGEINT, because instants as far apart as `infinity` and 1900 do not fit between two BIGINTs. */
const DISTANCE = 'abs(CAST("__at" AS HUGEINT) - "__t")';

const PLACED = printSelect({
  columns: [
    '*',
    `${DISTANCE} AS "__distance"`,
    `row_number() OVER (PARTITION BY "__reason", "__side" ORDER BY ${DISTANCE} NULLS LAST, "__order" DESC) AS "__place"`,
  ],
  from: ['judged'],
});

const RANKED = printSelect({
  columns: [
    '*',
    `row_number() OVER (ORDER BY "__place" > CASE WHEN "__reason" IN ('won', 'lost_tie') THEN ${OF_WINNERS} ELSE ${OF_EACH} END, "__distance" NULLS LAST, "__order" DESC) AS "__rank"`,
  ],
  from: ['placed'],
});
