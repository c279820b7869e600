import { quote } from './quote';
import {
  type CompiledView,
  castTo,
  eventColumns,
  keyColumns,
  knownBy,
  sameKeys,
  sameKeysInAsOf,
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
 * Three steps: the newest visible instant of each point; the rows at that instant with their values; where there are
 * several, the one that wins the tie. Only the first differs between plans; on a grid the first two are one.
 */
export function asOfJoinSql(compiled: CompiledView, points: Points, options: AsOfOptions): string {
  const { keys } = compiled;
  const { plan, choice } = chooseAsOfPlan(compiled, points, ttlOf(options), options.plans);
  const bounded = options.ttl !== null && !options.keepExpired;
  const tables: CommonTable[] = [
    pointTable(points),
    { name: 'event', sql: eventSql(compiled), inline: true },
    ...(plan === 'grid'
      ? gridTables(compiled, options, choice.perPoint)
      : [
          { name: 'newest', sql: newestSql(compiled, plan, options) },
          { name: 'candidate', sql: rowsAtNewestSql(compiled, options, 'point') },
        ]),
    ...winnerTables(compiled),
  ];
  if (bounded) tables.push({ name: 'oldest', sql: oldestSql(compiled, options) });
  const found = 'w."__at" IS NOT NULL';
  const always = options.ttl === null || bounded;
  const live = always ? found : `w."__at" >= w."__t" - ${options.ttl}`;
  const expired = bounded ? 'o."__from" <= w."__t"' : found;
  return printSelect({
    with: tables,
    columns: [
      'w."__row"',
      ...(options.keepKeys ? keyColumns(keys).map((key) => `w.${key}`) : []),
      'w."__at"',
      'w."__seen"',
      'w."__order" AS "__won"',
      'w."__ties"',
      ...compiled.features.flatMap(({ feature }, index) => {
        const value = `w."__v${index}"`;
        const shown = always ? value : `CASE WHEN ${live} THEN ${value} END`;
        return [
          `${castTo(feature, shown)} AS "__v${index}"`,
          `CASE WHEN ${live} THEN CASE WHEN ${value} IS NULL THEN 'null' ELSE 'present' END ` +
            `WHEN ${expired} THEN 'expired' ELSE 'missing' END AS "__s${index}"`,
        ];
      }),
    ],
    from: ['winner AS w', ...(bounded ? [`LEFT JOIN oldest AS o ON ${sameKeys(keys, 'o', 'w')}`] : [])],
  });
}

/** The source's rows with the features' columns as they stand and, where the view names one, the created time. */
function eventSql(compiled: CompiledView): string {
  const { createdTimestamp } = compiled.view;
  return printSelect({
    columns: eventColumns(compiled, [
      ...(createdTimestamp === null ? [] : [`epoch_us(${quote(createdTimestamp)}) AS "__made"`]),
      ...compiled.features.map(({ column }, index) => `${quote(column!)} AS "__v${index}"`),
    ]),
    from: [compiled.source],
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
 * and equality finds it, values and all. Points without one go the ordinary way.
 */
function gridTables(compiled: CompiledView, options: AsOfOptions, perPoint: number | null): CommonTable[] {
  const { keys } = compiled;
  const ttl = ttlOf(options);
  const sorted = ttl === null && compiled.availability === null;
  const few = ttl !== null && perPoint !== null && perPoint <= FEW_ROWS;
  return [
    {
      name: 'direct',
      sql: printSelect({
        columns: ['p.*', ...candidateColumns(compiled)],
        from: [
          'point AS p',
          `LEFT JOIN event AS e ON ${sameKeys(keys, 'e', 'p')}`,
          // The ttl is a step at least, so that it need not be asked for.
          `  AND e."__at" = ${floorTo('p."__t"', compiled.facts!.grid!)}`,
          ...seenBy(compiled, options),
        ],
      }),
    },
    {
      name: 'rest',
      sql: printSelect({
        columns: ['"__row"', '"__t"', ...keyColumns(keys)],
        from: ['direct'],
        where: ['"__at" IS NULL'],
      }),
    },
    ...(few
      ? [
          { name: 'met', sql: metSql(compiled, ttl, options) },
          {
            name: 'newest',
            sql: 'SELECT "__row", max("__at") AS "__at" FROM met GROUP BY "__row"',
          },
        ]
      : [
          {
            name: 'newest',
            sql: sorted ? newestByAsOf(compiled, ttl, 'rest') : newestInRange(compiled, ttl, options, 'rest'),
          },
        ]),
    {
      name: 'candidate',
      sql: [
        'SELECT * FROM direct WHERE "__at" IS NOT NULL',
        'UNION ALL BY NAME',
        block(few ? NEWEST_MET : rowsAtNewestSql(compiled, options, 'rest')),
      ].join('\n'),
    },
  ];
}

/** So few rows within the ttl that a point takes them all along, which saves reading the source once more. */
const FEW_ROWS = 8;

/** Every visible row within the ttl of the points that are left; a point without one once, with NULL. */
function metSql(compiled: CompiledView, ttl: bigint, options: AsOfOptions): string {
  return printSelect({
    columns: ['p.*', ...candidateColumns(compiled)],
    from: [
      'rest AS p',
      `LEFT JOIN event AS e ON ${sameKeys(compiled.keys, 'e', 'p')}`,
      '  AND e."__at" <= p."__t"',
      `  AND e."__at" >= p."__t" - ${ttl}`,
      ...seenBy(compiled, options),
    ],
  });
}

const NEWEST_MET = printSelect({
  columns: ['m.*'],
  from: ['met AS m', 'JOIN newest AS n ON n."__row" = m."__row" AND n."__at" IS NOT DISTINCT FROM m."__at"'],
});

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
      `ON ${sameKeysInAsOf(keys, 'e', 'p')} AND e."__at" <= p."__t"`,
    ],
    where: ttl === null ? [] : [`e."__at" >= p."__t" - ${ttl}`],
  });
}

/** What a row that may be chosen brings along: everything NULL for a point without one. */
function candidateColumns(compiled: CompiledView): string[] {
  const seen = seenAt(compiled);
  return [
    'e."__at"',
    // Of no row, the greatest of NULL and never would be never.
    `${compiled.availability === null ? seen : `CASE WHEN e."__at" IS NOT NULL THEN ${seen} END`} AS "__seen"`,
    'e."__order"',
    ...(compiled.view.createdTimestamp === null ? [] : ['e."__made"']),
    ...compiled.features.map((_, index) => `e."__v${index}"`),
  ];
}

/** Each of the points with every visible row at its newest instant; once with NULL where there is none. */
function rowsAtNewestSql(compiled: CompiledView, options: AsOfOptions, points: string): string {
  return printSelect({
    columns: ['p.*', ...candidateColumns(compiled)],
    from: [
      `${points} AS p`,
      'LEFT JOIN newest AS n ON n."__row" = p."__row"',
      `LEFT JOIN event AS e ON ${sameKeys(compiled.keys, 'e', 'p')} AND e."__at" = n."__at"`,
      ...seenBy(compiled, options),
    ],
  });
}

/** Greatest created time, then the last row in file order. `__ties` > 1 where file order had to decide. */
function winnerTables({ view }: CompiledView): CommonTable[] {
  const tied = 'SEMI JOIN tied AS t ON t."__row" = c."__row"';
  const made = `coalesce(c."__made", ${NEVER_MADE})`;
  const decided =
    view.createdTimestamp === null
      ? printSelect({
          columns: ['c."__row"', 'max(c."__order") AS "__won"', 'count(*) AS "__ties"'],
          from: ['candidate AS c', tied],
          groupBy: ['c."__row"'],
        })
      : printSelect({
          columns: [
            '"__row"',
            '"__won"',
            'len(list_filter("__all", lambda made: made = list_max("__all"))) AS "__ties"',
          ],
          from: [
            block(
              printSelect({
                columns: [
                  'c."__row"',
                  `arg_max(c."__order", {'made': ${made}, 'place': c."__order"}) AS "__won"`,
                  `list(${made}) AS "__all"`,
                ],
                from: ['candidate AS c', tied],
                groupBy: ['c."__row"'],
              }),
            ),
          ],
        });
  const alone = printSelect({
    columns: ['c.*', 'CASE WHEN c."__at" IS NOT NULL THEN 1 END AS "__ties"'],
    from: ['candidate AS c', 'ANTI JOIN tied AS t ON t."__row" = c."__row"'],
  });
  const best = printSelect({
    columns: ['c.*', 'd."__ties"'],
    from: ['candidate AS c', 'JOIN decided AS d ON d."__row" = c."__row" AND d."__won" = c."__order"'],
  });
  return [
    { name: 'tied', sql: 'SELECT "__row" FROM candidate GROUP BY "__row" HAVING count(*) > 1' },
    { name: 'decided', sql: decided },
    { name: 'winner', sql: `${alone}\nUNION ALL BY NAME\n${best}` },
  ];
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
    from: ['winner AS p'],
    where: ['p."__at" IS NULL'],
  });
  return printSelect({
    columns: [...names.map((name) => `e.${name}`), `min(${from}) AS "__from"`],
    from: ['event AS e', `SEMI JOIN ${block(unmatched)} AS p ON ${sameKeys(keys, 'e', 'p')}`],
    groupBy: names.map((name) => `e.${name}`),
  });
}
