import type { JoinKey } from '../catalog/model';
import { quote } from './quote';
import {
  type CompiledView,
  castTo,
  eventColumns,
  keyColumns,
  knownBy,
  sameKeys,
  seenAt,
} from './compiled-view';
import { type AsOfPlan, chooseAsOfPlan, type ForcedPlans } from './plan';
import { type Points, pointTable } from './points';
import { block, printSelect, type CommonTable } from './select';
import { floorTo } from './window-edges';

/**
 * Feature-table values at points: columns `__row`, `__at` (the chosen row's event time, also of an expired one where
 * `keepExpired`), `__seen` (the later of that and when the row could be known), `__won` (its place in the source),
 * `__ties` (rows that tie with the chosen one when nothing but file order decides), and per feature i `__v<i>`
 * (declared type, before the default) and `__s<i>` (status).
 *
 * Three steps: the newest visible instant of each point; of the rows at that instant, the one that wins the tie;
 * its columns. Only the first differs between plans.
 */
export function asOfJoinSql(compiled: CompiledView, points: Points, options: AsOfOptions): string {
  const { view, keys, availability } = compiled;
  const { plan } = chooseAsOfPlan(compiled, points, options.keepExpired ? null : options.ttl, options.plans);
  const created =
    view.createdTimestamp === null ? [] : [`epoch_us(${quote(view.createdTimestamp)}) AS "__made"`];
  const bounded = options.ttl !== null && !options.keepExpired;
  const tables: CommonTable[] = [
    pointTable(points),
    {
      name: 'event',
      sql: printSelect({ columns: eventColumns(compiled, created), from: [compiled.source] }),
      inline: true,
    },
    ...(plan === 'grid'
      ? gridTables(compiled, options)
      : [
          { name: 'newest', sql: newestSql(compiled, plan, options) },
          { name: 'winner', sql: winnerSql(compiled, options, 'newest') },
        ]),
  ];
  if (bounded) tables.push({ name: 'oldest', sql: oldestSql(compiled, options) });
  const live =
    options.ttl === null || bounded ? 'w."__row" IS NOT NULL' : `w."__at" >= p."__t" - ${options.ttl}`;
  const expired = bounded ? 'o."__from" <= p."__t"' : 'w."__row" IS NOT NULL';
  return printSelect({
    with: tables,
    columns: [
      'p."__row"',
      ...(options.keepKeys ? keyColumns(keys).map((key) => `p.${key}`) : []),
      'w."__at"',
      `${availability === null ? 'w."__at"' : 'w."__seen"'} AS "__seen"`,
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
  /** Whether a row counts before it could be known, as a naive join would have it. */
  ignoreAvailability: boolean;
  plans?: ForcedPlans;
}

/** `__row` and `__at`: the newest instant at which the point's entity has a row that the point may see. */
function newestSql(compiled: CompiledView, plan: Exclude<AsOfPlan, 'grid'>, options: AsOfOptions): string {
  const ttl = ttlOf(options);
  switch (plan) {
    case 'range':
      return newestInRange(compiled, ttl, options, 'point');
    case 'bucket':
      return newestInBuckets(compiled, ttl!, options);
    case 'asof':
      return newestByAsOf(compiled, ttl, 'point');
  }
}

function ttlOf(options: AsOfOptions): bigint | null {
  return options.keepExpired ? null : options.ttl;
}

/**
 * For a table whose rows lie on a grid (midnights, full hours): a row at the last grid instant before `t` is the newest,
 * and equality finds it. Points without one go the ordinary way.
 */
function gridTables(compiled: CompiledView, options: AsOfOptions): CommonTable[] {
  const ttl = ttlOf(options);
  const at = floorTo('"__t"', compiled.facts!.grid!);
  const sorted = ttl === null && compiled.availability === null;
  return [
    {
      name: 'direct',
      sql: printSelect({
        columns: ['"__row"', `${at} AS "__at"`],
        from: ['point'],
        where: ttl === null ? [] : [`${at} >= "__t" - ${ttl}`],
      }),
    },
    { name: 'hit', sql: winnerSql(compiled, options, 'direct') },
    {
      name: 'rest',
      sql: printSelect({
        columns: ['p.*'],
        from: ['point AS p', 'ANTI JOIN hit AS h ON h."__row" = p."__row"'],
      }),
    },
    {
      name: 'newest',
      sql: sorted ? newestByAsOf(compiled, ttl, 'rest') : newestInRange(compiled, ttl, options, 'rest'),
    },
    {
      name: 'winner',
      sql: `SELECT * FROM hit\nUNION ALL BY NAME\n${block(winnerSql(compiled, options, 'newest'))}`,
    },
  ];
}

function seenBy(compiled: CompiledView, options: AsOfOptions): string[] {
  return options.ignoreAvailability ? [] : knownBy(compiled, 'p."__t"').map((test) => `  AND ${test}`);
}

/** A bounded ttl makes an ordinary hash join possible: no sort of the whole table however small the spine. */
function newestInRange(
  compiled: CompiledView,
  ttl: bigint | null,
  options: AsOfOptions,
  points: string,
): string {
  return printSelect({
    columns: ['p."__row"', 'max(e."__at") AS "__at"'],
    from: [
      `${points} AS p`,
      `JOIN event AS e ON ${sameKeys(compiled.keys, 'e', 'p')}`,
      '  AND e."__at" <= p."__t"',
      ...(ttl === null ? [] : [`  AND e."__at" >= p."__t" - ${ttl}`]),
      ...seenBy(compiled, options),
    ],
    groupBy: ['p."__row"'],
  });
}

/** The same, the time line cut into stretches of the ttl: a point meets the two that it touches, not the whole history. */
function newestInBuckets(compiled: CompiledView, ttl: bigint, options: AsOfOptions): string {
  const step = ttl + 1n;
  const [first, last] = [`("__t" - ${ttl}) // ${step}`, `"__t" // ${step}`];
  const near = printSelect({
    columns: [
      '*',
      `unnest(CASE WHEN ${first} = ${last} THEN [${last}] ELSE [${first}, ${last}] END) AS "__stretch"`,
    ],
    from: ['point'],
  });
  return printSelect({
    columns: ['p."__row"', 'max(e."__at") AS "__at"'],
    from: [
      `${block(near)} AS p`,
      `JOIN event AS e ON ${sameKeys(compiled.keys, 'e', 'p')}`,
      `  AND e."__at" // ${step} = p."__stretch"`,
      '  AND e."__at" <= p."__t"',
      `  AND e."__at" >= p."__t" - ${ttl}`,
      ...seenBy(compiled, options),
    ],
    groupBy: ['p."__row"'],
  });
}

/** One sorted pass over the rows of the points' entities, however far back the newest one lies. */
function newestByAsOf({ keys }: CompiledView, ttl: bigint | null, points: string): string {
  return printSelect({
    columns: ['p."__row"', 'e."__at"'],
    from: [
      // DuckDB 1.4.3 gives a NULL time the entity's last row, once the left side has more than 64 rows.
      `(SELECT * FROM ${points} WHERE "__t" IS NOT NULL) AS p`,
      `ASOF JOIN (\n  SELECT * FROM event AS e\n  SEMI JOIN ${points} AS p ON ${sameKeys(keys, 'e', 'p')}\n) AS e`,
      `ON ${[...keys.map(sameInAsOf), 'e."__at" <= p."__t"'].join(' AND ')}`,
    ],
    where: ttl === null ? [] : [`e."__at" >= p."__t" - ${ttl}`],
  });
}

/** DuckDB's ASOF JOIN takes bytes for one another that differ in zeros at their end only; their digits it tells apart. */
function sameInAsOf({ type }: JoinKey, index: number): string {
  const [left, right] = [`e."__k${index}"`, `p."__k${index}"`];
  return type === 'bytes' ? `hex(${left}) = hex(${right})` : `${left} = ${right}`;
}

/** Greatest created time, then the last row in file order. `__ties` > 1 where file order had to decide. */
function winnerSql(compiled: CompiledView, options: AsOfOptions, newest: string): string {
  const from = [
    `${newest} AS n`,
    'JOIN point AS p ON p."__row" = n."__row"',
    `JOIN event AS e ON ${sameKeys(compiled.keys, 'e', 'p')} AND e."__at" = n."__at"`,
    ...seenBy(compiled, options),
  ];
  const groupBy = ['n."__row"', 'n."__at"'];
  const late = compiled.availability !== null;
  const made = `coalesce(e."__made", ${NEVER_MADE})`;
  const best =
    compiled.view.createdTimestamp === null ? 'e."__order"' : `{'made': ${made}, 'place': e."__order"}`;
  const columns = [
    ...groupBy,
    `${best === 'e."__order"' ? 'max(' : 'arg_max(e."__order", '}${best}) AS "__won"`,
    ...(late ? [`arg_max(${seenAt(compiled)}, ${best}) AS "__seen"`] : []),
  ];
  if (compiled.view.createdTimestamp === null)
    return printSelect({ columns: [...columns, 'count(*) AS "__ties"'], from, groupBy });
  const candidates = printSelect({ columns: [...columns, `list(${made}) AS "__all"`], from, groupBy });
  return printSelect({
    columns: [
      '"__row"',
      '"__at"',
      '"__won"',
      ...(late ? ['"__seen"'] : []),
      'len(list_filter("__all", lambda made: made = list_max("__all"))) AS "__ties"',
    ],
    from: [block(candidates)],
  });
}

/** A row without a created time loses to every row that has one. */
const NEVER_MADE = -(2n ** 62n);

/** Per entity of a point that found no row, the first `t` at which one could be seen. */
function oldestSql({ keys, availability }: CompiledView, options: AsOfOptions): string {
  const names = keyColumns(keys);
  const late = availability !== null && !options.ignoreAvailability;
  const from = late
    ? 'CASE WHEN e."__known" IS NOT NULL THEN greatest(e."__at", e."__known") END'
    : 'e."__at"';
  const unmatched = printSelect({
    columns: names.map((name) => `p.${name}`),
    from: ['point AS p', 'ANTI JOIN winner AS w ON w."__row" = p."__row"'],
  });
  return printSelect({
    columns: [...names.map((name) => `e.${name}`), `min(${from}) AS "__from"`],
    from: ['event AS e', `SEMI JOIN ${block(unmatched)} AS p ON ${sameKeys(keys, 'e', 'p')}`],
    groupBy: names.map((name) => `e.${name}`),
  });
}
