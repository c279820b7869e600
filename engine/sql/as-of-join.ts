import { quote } from './quote';
import { type CompiledView, castTo, eventColumns, keyColumns, sameKeys } from './compiled-view';
import type { Points } from './points';
import { block, printSelect, type CommonTable } from './select';

/**
 * Feature-table values at points: columns `__row`, `__at` (the chosen row's event time, also of an expired one where
 * `keepExpired`), `__won` (its place in the source), `__ties` (rows that tie with the chosen one when nothing but file order decides), and per feature i
 * `__v<i>` (declared type, before the default) and `__s<i>` (status).
 *
 * Three steps: the newest visible instant of each point; of the rows at that instant, the one that wins the tie;
 * its columns. Only the first differs between plans.
 */
export function asOfJoinSql(compiled: CompiledView, points: Points, options: AsOfOptions): string {
  const { view, keys } = compiled;
  const created =
    view.createdTimestamp === null ? [] : [`epoch_us(${quote(view.createdTimestamp)}) AS "__made"`];
  const bounded = options.ttl !== null && !options.keepExpired;
  const tables: CommonTable[] = [
    { name: 'point', sql: points.sql, inline: true },
    {
      name: 'event',
      sql: printSelect({ columns: eventColumns(compiled, created), from: [compiled.source] }),
      inline: true,
    },
    { name: 'newest', sql: bounded ? newestInRange(compiled, options.ttl!) : newestByAsOf(compiled) },
    { name: 'winner', sql: winnerSql(compiled) },
  ];
  if (bounded) tables.push({ name: 'oldest', sql: oldestSql(compiled) });
  const live =
    options.ttl === null || bounded ? 'w."__row" IS NOT NULL' : `w."__at" >= p."__t" - ${options.ttl}`;
  const expired = bounded ? 'o."__at" <= p."__t"' : 'w."__row" IS NOT NULL';
  return printSelect({
    with: tables,
    columns: [
      'p."__row"',
      ...(options.keepKeys ? keyColumns(keys).map((key) => `p.${key}`) : []),
      'w."__at"',
      'w."__won"',
      'w."__ties"',
      ...compiled.features.flatMap(({ feature, column }, index) => {
        const value = `s.${quote(column!)}`;
        const always = options.ttl === null || bounded;
        const shown = always ? value : `CASE WHEN ${live} THEN ${value} END`;
        return [
          `${castTo(feature, shown)} AS "__v${index}"`,
          `CASE WHEN ${live} THEN CASE WHEN ${value} IS NULL THEN 'null' ELSE 'present' END ` +
            `WHEN ${expired} THEN 'expired' ELSE 'missing' END AS "__s${index}"`,
        ];
      }),
    ],
    from: [
      'point AS p',
      'LEFT JOIN winner AS w ON w."__row" = p."__row"',
      `LEFT JOIN ${compiled.source} AS s ON s."__order" = w."__won"`,
      ...(bounded ? [`LEFT JOIN oldest AS o ON ${sameKeys(keys, 'o', 'p')}`] : []),
    ],
  });
}

export interface AsOfOptions {
  /** Microseconds; null = unlimited. */
  ttl: bigint | null;
  /** Whether `__at` also tells of a row older than the ttl; its features are NULL all the same. */
  keepExpired: boolean;
  /** Whether the points' keys are given again. */
  keepKeys: boolean;
}

/** A bounded ttl makes an ordinary hash join possible: no sort of the whole table however small the spine. */
function newestInRange({ keys }: CompiledView, ttl: bigint): string {
  return printSelect({
    columns: ['p."__row"', 'max(e."__at") AS "__at"'],
    from: [
      'point AS p',
      `JOIN event AS e ON ${sameKeys(keys, 'e', 'p')}`,
      '  AND e."__at" <= p."__t"',
      `  AND e."__at" >= p."__t" - ${ttl}`,
    ],
    groupBy: ['p."__row"'],
  });
}

function newestByAsOf({ keys }: CompiledView): string {
  return printSelect({
    columns: ['p."__row"', 'e."__at"'],
    from: [
      'point AS p',
      `ASOF JOIN (\n  SELECT * FROM event AS e\n  SEMI JOIN point AS p ON ${sameKeys(keys, 'e', 'p')}\n) AS e`,
      `ON ${sameKeys(keys, 'e', 'p')} AND e."__at" <= p."__t"`,
    ],
  });
}

/** Greatest created time, then the last row in file order. `__ties` > 1 where file order had to decide. */
function winnerSql(compiled: CompiledView): string {
  const from = [
    'newest AS n',
    'JOIN point AS p ON p."__row" = n."__row"',
    `JOIN event AS e ON ${sameKeys(compiled.keys, 'e', 'p')} AND e."__at" = n."__at"`,
  ];
  const groupBy = ['n."__row"', 'n."__at"'];
  if (compiled.view.createdTimestamp === null)
    return printSelect({
      columns: [...groupBy, 'max(e."__order") AS "__won"', 'count(*) AS "__ties"'],
      from,
      groupBy,
    });
  const made = `coalesce(e."__made", ${NEVER_MADE})`;
  const candidates = printSelect({
    columns: [
      ...groupBy,
      `arg_max(e."__order", {'made': ${made}, 'place': e."__order"}) AS "__won"`,
      `list(${made}) AS "__all"`,
    ],
    from,
    groupBy,
  });
  return printSelect({
    columns: [
      '"__row"',
      '"__at"',
      '"__won"',
      'len(list_filter("__all", lambda made: made = list_max("__all"))) AS "__ties"',
    ],
    from: [block(candidates)],
  });
}

/** A row without a created time loses to every row that has one. */
const NEVER_MADE = -(2n ** 62n);

function oldestSql({ keys }: CompiledView): string {
  const names = keyColumns(keys);
  return printSelect({
    columns: [...names, 'min("__at") AS "__at"'],
    from: ['event'],
    groupBy: names,
  });
}
