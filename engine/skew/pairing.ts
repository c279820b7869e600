import { INTERNAL_SCHEMA, type Database, type QueryOptions } from '../database/database';
import { countRows } from '../database/rows';
import { column, quote, relation } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { createTable } from '../sql/training-set';
import { APART, LEFT, PAIR, RIGHT, SIDE, TIME, type Alignment } from './alignment';
import { timeOf, type Side } from './side';

interface PairingTables {
  left: string;
  right: string;
  /** `l`, `r`: rows that belong together. */
  matches: string;
  /** `l`, `r`, `d`: rows that might, so many microseconds apart. */
  candidates: string;
}

function tablesOf(name: string): PairingTables {
  const table = (what: string): string =>
    relation({ schema: INTERNAL_SCHEMA, name: `skew_${what}_of_${name}` });
  return {
    left: table('left'),
    right: table('right'),
    matches: table('matches'),
    candidates: table('candidates'),
  };
}

/**
 * Makes `into`, the table of pairs, in the order of the left side, rows of the right side alone last. Rows that share keys and
 * time are paired in order, first with first. Then, up to `within` apart, the nearest two that are free are paired, and so
 * on; of two pairs as far apart that of the earlier left row, then of the earlier right row. `rightOnly`: whether rows of the
 * right side alone are kept. Gives how many keys and times occur more than once on either side.
 */
export async function pairUp(
  db: Database,
  plan: Alignment,
  into: string,
  options: { rightOnly: boolean } & QueryOptions,
): Promise<{ left: number; right: number }> {
  const tables = tablesOf(plan.name);
  const run = (sql: string): Promise<unknown> => db.query(sql, options);
  try {
    await run(createTable(tables.left, sideSelect(plan, plan.left)));
    await run(createTable(tables.right, sideSelect(plan, plan.right)));
    await run(createTable(tables.matches, sameTimeSelect(plan, tables)));
    if (plan.within > 0n) await matchNearest(db, plan, tables, options);
    await run(createTable(into, pairsSelect(plan, tables, options.rightOnly)));
    return {
      left: await countRows(db, block(ambiguousSelect(plan, tables.left)), options),
      right: await countRows(db, block(ambiguousSelect(plan, tables.right)), options),
    };
  } finally {
    const drops = Object.values(tables).map((table: string) => `DROP TABLE IF EXISTS ${table}`);
    await db.query(drops.join('; ')).catch(() => {
      // The engine is gone; its tables with it.
    });
  }
}

/** A side's rows by number, keys and time; `__nth` tells apart those that share both. */
function sideSelect(plan: Alignment, side: Side): string {
  const by = [...plan.keys.map((key) => column('s', key)), timeOf(side, 's')];
  const order = column('s', side.order);
  return printSelect({
    columns: [
      `${order} AS "__at"`,
      ...plan.keys.map((key) => column('s', key)),
      `${timeOf(side, 's')} AS ${quote(TIME)}`,
      `row_number() OVER (PARTITION BY ${by.join(', ')} ORDER BY ${order}) AS "__nth"`,
    ],
    from: [`${relation(side.table)} AS s`],
  });
}

function sameKeysOf(plan: Alignment, more: readonly string[]): string {
  return [...plan.keys, ...more]
    .map((name) => `${column('l', name)} IS NOT DISTINCT FROM ${column('r', name)}`)
    .join(' AND ');
}

function sameTimeSelect(plan: Alignment, tables: PairingTables): string {
  return printSelect({
    columns: ['l."__at" AS l', 'r."__at" AS r'],
    from: [`${tables.left} AS l`, `JOIN ${tables.right} AS r ON ${sameKeysOf(plan, [TIME, '__nth'])}`],
  });
}

async function matchNearest(
  db: Database,
  plan: Alignment,
  tables: PairingTables,
  options: QueryOptions,
): Promise<void> {
  await db.query(createTable(tables.candidates, candidatesSelect(plan, tables)), options);
  const taken = `l IN (SELECT l FROM ${tables.matches}) OR r IN (SELECT r FROM ${tables.matches})`;
  while ((await countRows(db, tables.candidates, options)) > 0) {
    await db.query(`INSERT INTO ${tables.matches} ${nearestSelect(tables)}`, options);
    await db.query(`DELETE FROM ${tables.candidates} WHERE ${taken}`, options);
  }
}

function candidatesSelect(plan: Alignment, tables: PairingTables): string {
  const free = (side: 'l' | 'r'): string =>
    block(
      printSelect({
        columns: ['*', `epoch_us(${quote(TIME)}) AS "__us"`],
        from: [side === 'l' ? tables.left : tables.right],
        where: [`"__at" NOT IN (SELECT ${side} FROM ${tables.matches})`, `${quote(TIME)} IS NOT NULL`],
      }),
    );
  return printSelect({
    columns: ['l."__at" AS l', 'r."__at" AS r', 'abs(r."__us" - l."__us") AS d'],
    from: [
      `${free('l')} AS l`,
      `JOIN ${free('r')} AS r ON ${sameKeysOf(plan, [])}`,
      `  AND r."__us" BETWEEN l."__us" - ${plan.within} AND l."__us" + ${plan.within}`,
    ],
  });
}

/** Pairs that neither of their rows could better: those that taking the nearest pair first, over and over, would take too. */
function nearestSelect(tables: PairingTables): string {
  const ranked = printSelect({
    columns: [
      '*',
      'row_number() OVER (PARTITION BY l ORDER BY d, r) AS "__of_l"',
      'row_number() OVER (PARTITION BY r ORDER BY d, l) AS "__of_r"',
    ],
    from: [tables.candidates],
  });
  return printSelect({ columns: ['l', 'r'], from: [block(ranked)], where: ['"__of_l" = 1', '"__of_r" = 1'] });
}

function pairsSelect(plan: Alignment, tables: PairingTables, rightOnly: boolean): string {
  const alone = (side: 'l' | 'r'): string =>
    printSelect({
      columns: side === 'l' ? ['"__at" AS l', 'NULL AS r'] : ['NULL AS l', '"__at" AS r'],
      from: [side === 'l' ? tables.left : tables.right],
      where: [`"__at" NOT IN (SELECT ${side} FROM ${tables.matches})`],
    });
  const all = [`SELECT l, r FROM ${tables.matches}`, alone('l'), ...(rightOnly ? [alone('r')] : [])];
  const { left, right } = plan;
  const [leftTime, rightTime] = [timeOf(left, 'l'), timeOf(right, 'r')];
  const either = (l: string, r: string): string => `CASE WHEN m.l IS NULL THEN ${r} ELSE ${l} END`;
  const value = (alias: string, name: string | null): string =>
    name === null ? 'NULL' : column(alias, name);
  return printSelect({
    columns: [
      `row_number() OVER (ORDER BY m.l NULLS LAST, m.r) - 1 AS ${quote(PAIR)}`,
      `CASE WHEN m.r IS NULL THEN 'left' WHEN m.l IS NULL THEN 'right' ELSE 'both' END AS ${quote(SIDE)}`,
      `m.l AS ${quote(LEFT)}`,
      `m.r AS ${quote(RIGHT)}`,
      ...plan.keys.map((key) => `${either(column('l', key), column('r', key))} AS ${quote(key)}`),
      `${either(leftTime, rightTime)} AS ${quote(TIME)}`,
      `epoch_us(${rightTime}) - epoch_us(${leftTime}) AS ${quote(APART)}`,
      ...plan.features.flatMap((feature, index) => [
        `${value('l', feature.columns.left)} AS ${quote(feature.left)}`,
        `${value('r', feature.columns.right)} AS ${quote(feature.right)}`,
        ...(feature.status === null ? [] : [`${column('r', feature.status)} AS "status_${index}"`]),
        ...(feature.event === null ? [] : [`${column('r', feature.event)} AS "event_${index}"`]),
      ]),
      ...plan.segments.map(
        ({ column: name, side }, index) =>
          `${column(side === 'left' ? 'l' : 'r', name)} AS "segment_${index}"`,
      ),
    ],
    from: [
      `${block(all.join('\nUNION ALL\n'))} AS m`,
      `LEFT JOIN ${relation(left.table)} AS l ON ${column('l', left.order)} = m.l`,
      `LEFT JOIN ${relation(right.table)} AS r ON ${column('r', right.order)} = m.r`,
    ],
    orderBy: [quote(PAIR)],
  });
}

/** Keys and times that occur in a side more than once. */
function ambiguousSelect(plan: Alignment, side: string): string {
  const by = [...plan.keys, TIME].map(quote);
  return printSelect({ columns: by, from: [side], where: ['"__nth" = 2'] });
}
