import {
  castTo,
  type CompiledView,
  eventColumns,
  keyColumns,
  knownBy,
  sameKeys,
  sameKeysInAsOf,
} from './compiled-view';
import type { PlanChoice } from './plan';
import type { Points } from './points';
import { quote } from './quote';
import { block, printSelect, type CommonTable } from './select';

/**
 * Values of a slowly changing dimension at points, from the row with `valid_from <= t < valid_to` that was known at `t`:
 * columns `__row`, `__at` (that row's `valid_from`, microseconds; with `keepExpired` else that of the row that began
 * last), `__won` (its place in the source), and per feature i `__v<i>` (declared type, before the default) and
 * `__s<i>` (status). The intervals of a key must not overlap: see `requireDisjoint`.
 *
 * Of rows that do not overlap, the one that began last is the only one that can hold at `t`, whenever it became known:
 * one ASOF join finds it.
 */
export function intervalJoinSql(compiled: CompiledView, points: Points, options: IntervalOptions): string {
  const { keys } = compiled;
  const tables: CommonTable[] = [
    { name: 'point', sql: points.sql, inline: true },
    { name: 'event', sql: stretchesSql(compiled), inline: true },
    { name: 'holding', sql: holdingSql(compiled) },
    { name: 'begun', sql: options.keepExpired ? lastBegunSql(compiled) : firstBegunSql(compiled) },
  ];
  const begun = options.keepExpired ? 'b."__row" = p."__row"' : sameKeys(keys, 'b', 'p');
  return printSelect({
    with: tables,
    columns: [
      'p."__row"',
      ...(options.keepKeys ? keyColumns(keys).map((key) => `p.${key}`) : []),
      options.keepExpired ? 'coalesce(h."__at", b."__at") AS "__at"' : 'h."__at"',
      'h."__won"',
      ...compiled.features.flatMap(({ feature, column }, index) => {
        const value = `s.${quote(column!)}`;
        return [
          `${castTo(feature, value)} AS "__v${index}"`,
          `CASE WHEN h."__row" IS NOT NULL THEN CASE WHEN ${value} IS NULL THEN 'null' ELSE 'present' END ` +
            `WHEN b."__at" <= p."__t" THEN 'expired' ELSE 'missing' END AS "__s${index}"`,
        ];
      }),
    ],
    from: [
      'point AS p',
      'LEFT JOIN holding AS h ON h."__row" = p."__row"',
      `LEFT JOIN ${compiled.source} AS s ON s."__order" = h."__won"`,
      `LEFT JOIN begun AS b ON ${begun}`,
    ],
  });
}

export interface IntervalOptions {
  /** Whether the points' keys are given again. */
  keepKeys: boolean;
  /** Whether `__at` also tells of the row that began last where none holds. */
  keepExpired: boolean;
}

/** There is one plan for dimensions. */
export function intervalChoice({ view, facts }: CompiledView, points: Points): PlanChoice {
  return {
    view: view.name,
    plan: 'asof (interval)',
    why: 'of intervals that do not overlap, the one that began last is the only one that can hold',
    rows: facts?.rows ?? null,
    points: points.count ?? null,
    perPoint: null,
  };
}

/** The source's rows as stretches of time: what `eventColumns` gives, and `__end` (NULL = open). */
export function stretchesSql(compiled: CompiledView): string {
  return printSelect({
    columns: eventColumns(compiled, [`epoch_us(${quote(compiled.view.validity!.to)}) AS "__end"`]),
    from: [compiled.source],
  });
}

/** What a stretch needs to cover any instant at all. */
export const COVERS = '(e."__end" IS NULL OR e."__end" > e."__at")';

function holdingSql(compiled: CompiledView): string {
  const { keys } = compiled;
  const covering = printSelect({
    columns: ['*'],
    from: ['event AS e', `SEMI JOIN point AS p ON ${sameKeys(keys, 'e', 'p')}`],
    where: [COVERS],
  });
  return printSelect({
    columns: ['p."__row"', 'e."__at"', 'e."__order" AS "__won"'],
    from: [
      // As in the join of feature tables: a NULL time would get the entity's last row.
      '(SELECT * FROM point WHERE "__t" IS NOT NULL) AS p',
      `ASOF JOIN ${block(covering)} AS e`,
      `ON ${sameKeysInAsOf(keys, 'e', 'p')} AND e."__at" <= p."__t"`,
    ],
    where: ['(e."__end" IS NULL OR p."__t" < e."__end")', ...knownBy(compiled, 'p."__t"')],
  });
}

/** Per entity the first instant from which one of its rows had begun and was known. */
function firstBegunSql({ keys, availability }: CompiledView): string {
  const names = keyColumns(keys);
  const seen =
    availability === null
      ? '"__at"'
      : 'CASE WHEN "__at" IS NOT NULL AND "__known" IS NOT NULL THEN greatest("__at", "__known") END';
  return printSelect({ columns: [...names, `min(${seen}) AS "__at"`], from: ['event'], groupBy: names });
}

/** Per point the greatest `valid_from` among the rows that had begun and were known. */
function lastBegunSql(compiled: CompiledView): string {
  const { keys } = compiled;
  return printSelect({
    columns: ['p."__row"', 'max(e."__at") AS "__at"'],
    from: [
      'point AS p',
      `JOIN event AS e ON ${sameKeys(keys, 'e', 'p')}`,
      '  AND e."__at" <= p."__t"',
      ...knownBy(compiled, 'p."__t"').map((test) => `  AND ${test}`),
    ],
    groupBy: ['p."__row"'],
  });
}
