import { type Database, INTERNAL_SCHEMA, ORDER_COLUMN } from '../database/database';
import { queryRows } from '../database/rows';
import type { ReplayCause, ReplayExample, ReplayFeature, ReplayReason } from '../results';
import { difference } from '../sql/compared-value';
import { type CompiledView, keyColumns, keySelect, sameKeys } from '../sql/compiled-view';
import { quote, relation } from '../sql/quote';
import { block, enclose, printSelect } from '../sql/select';
import { windowEdges } from '../sql/window-edges';
import { inTime } from './arrivals';
import { type Agreement, comparedPair, type Sides } from './comparison';

/** Differing entities of a feature whose rows are looked at, at most; and those that are shown. */
const EXPLAINED = 2_000;
const EXAMPLES = 5;

/** Columns of `causesSql` that count rows, by the reason that they stand for. */
const COUNTED = ['late', 'not_arrived', 'not_in_log', 'not_in_batch', 'duplicate'] as const;

export interface CauseInputs {
  /** The name of the replay. */
  name: string;
  sides: Sides;
  /** Tables of pairs (`pairsSql`) and of arrivals (`makeArrivals`). */
  pairs: string;
  arrivals: string;
  /** Columns by which rows of the two sources are told to be the same, beside keys and event time. */
  content: readonly string[];
  /** Microseconds. */
  delay: bigint;
  end: bigint;
  signal?: AbortSignal;
}

/** What lies behind the differences of each feature. */
export async function explainDifferences(
  db: Database,
  inputs: CauseInputs,
  found: Agreement,
): Promise<ReplayFeature[]> {
  const features: ReplayFeature[] = [];
  for (const [at, feature] of found.features.entries()) {
    const explained = Math.min(EXPLAINED, feature.differing);
    const none = { ...feature, causes: [], explained, examples: [] };
    features.push(feature.differing === 0 ? none : { ...none, ...(await explain(db, inputs, at)) });
  }
  return features;
}

async function explain(
  db: Database,
  inputs: CauseInputs,
  at: number,
): Promise<Pick<ReplayFeature, 'causes' | 'examples'>> {
  const { name, sides, pairs, signal } = inputs;
  const table = relation({ schema: INTERNAL_SCHEMA, name: `replay_causes_${name}` });
  try {
    await db.query(`CREATE OR REPLACE TABLE ${table} AS\n${causesSql(inputs, at)}`, { signal });
    const [sums = {}] = await queryRows(db, totalsSql(table), { signal });
    const rows = await queryRows(db, examplesSql(sides.log, pairs, table, at), { signal });
    const examples = rows.map((row): ReplayExample => ({
      entity: Object.fromEntries(sides.log.keys.map((key, k) => [key.name, text(row[`k${k}`])])),
      batch: text(row['batch']),
      stream: text(row['stream']),
      causes: causesOf((reason) => Number(row[reason]), row['ordered'] === true),
      late_by_us: row['late_by'] === null ? null : Number(row['late_by']),
    }));
    const causes = [...COUNTED, 'order' as const]
      .map((reason) => ({
        reason,
        entities: Number(sums[`${reason}_entities`]),
        rows: Number(sums[`${reason}_rows`] ?? 0),
      }))
      .filter(({ entities }) => entities > 0)
      .sort((a, b) => b.entities - a.entities);
    return { causes, examples };
  } finally {
    await db.query(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
  }
}

function causesOf(rows: (reason: ReplayReason) => number, ordered: boolean): ReplayCause[] {
  if (ordered) return [{ reason: 'order', rows: 0 }];
  return COUNTED.map((reason) => ({ reason, rows: rows(reason) })).filter((cause) => cause.rows > 0);
}

/**
 * Per differing entity (`__row`): rows of the feature's window by what became of them, and `late_by` (microseconds,
 * the greatest). Rows of the two sides are the same when keys, event time and `content` are: a set of equal rows is
 * compared by its counts.
 */
function causesSql(inputs: CauseInputs, at: number): string {
  const { sides, pairs, arrivals, content, delay, end } = inputs;
  const differing = printSelect({
    columns: ['"__row"', ...keyColumns(sides.log.keys)],
    from: [pairs],
    where: [`"__d${at}"`],
    orderBy: ['"__row"'],
  });
  const order = quote(ORDER_COLUMN);
  const own = content.map(quote);
  const batch = printSelect({
    columns: ['d."__row"', 'e."__at"', ...own, '1 AS b', '0 AS a', '0 AS l', '0 AS u', 'NULL AS late_by'],
    from: [
      'differing AS d',
      `JOIN ${block(windowRows(sides.batch, at, content, end))} AS e ON ${sameKeys(sides.batch.keys, 'e', 'd')}`,
    ],
    where: sides.batch.availability === null ? [] : [`e."__known" <= ${end}`],
  });
  const arrived = `a."__known" <= ${end}`;
  const kept = inTime(delay);
  const log = printSelect({
    columns: [
      'd."__row"',
      'e."__at"',
      ...own,
      '0 AS b',
      `CASE WHEN ${arrived} AND ${kept} THEN 1 ELSE 0 END AS a`,
      `CASE WHEN ${arrived} AND NOT ${kept} THEN 1 ELSE 0 END AS l`,
      `CASE WHEN ${arrived} THEN 0 ELSE 1 END AS u`,
      `CASE WHEN ${arrived} AND NOT ${kept} THEN a."__behind" - ${delay} END AS late_by`,
    ],
    from: [
      'differing AS d',
      `JOIN ${block(windowRows(sides.log, at, content, end))} AS e ON ${sameKeys(sides.log.keys, 'e', 'd')}`,
      `LEFT JOIN ${arrivals} AS a ON a.${order} = e.${order}`,
    ],
  });
  const groups = printSelect({
    columns: [
      '"__row"',
      ...['b', 'a', 'l', 'u'].map((side) => `sum(${side}) AS ${side}`),
      'max(late_by) AS late_by',
    ],
    from: [`${block(`${block(batch)}\nUNION ALL\n${block(log)}`)} AS e`],
    groupBy: ['"__row"', '"__at"', ...own],
  });
  const lacking = printSelect({
    columns: ['*', 'greatest(b - a, 0) AS lack', 'greatest(a - b, 0) AS surplus'],
    from: [`${block(groups)} AS g`],
  });
  const counted = printSelect({
    columns: [
      '"__row"',
      'least(lack, l) AS late',
      'least(lack - least(lack, l), u) AS not_arrived',
      'greatest(lack - l - u, 0) AS not_in_log',
      'CASE WHEN b = 0 THEN surplus ELSE 0 END AS not_in_batch',
      'CASE WHEN b > 0 THEN surplus ELSE 0 END AS duplicate',
      'CASE WHEN least(lack, l) > 0 THEN late_by END AS late_by',
    ],
    from: [`${block(lacking)} AS g`],
  });
  const sums = printSelect({
    columns: [
      'd."__row"',
      ...COUNTED.map((reason) => `coalesce(sum(c.${reason}), 0) AS ${reason}`),
      'max(c.late_by) AS late_by',
    ],
    from: ['differing AS d', `LEFT JOIN ${block(counted)} AS c ON c."__row" = d."__row"`],
    groupBy: ['d."__row"'],
  });
  return printSelect({
    with: [{ name: 'differing', sql: `${differing}\nLIMIT ${EXPLAINED}`, once: true }],
    columns: ['*', `${COUNTED.join(' + ')} = 0 AS ordered`],
    from: [`${block(sums)} AS s`],
  });
}

/** Rows that lie in a feature's window at `end`, of all entities, known or not. */
function windowRows(compiled: CompiledView, at: number, content: readonly string[], end: bigint): string {
  const { window, where: belongs } = compiled.features[at]!;
  // Any row may hold a session open.
  const where = window!.session === undefined ? belongs : null;
  const { lo, hi } = windowEdges(window!, `CAST(${end} AS BIGINT)`);
  const time = `epoch_us(${quote(compiled.view.timestamp)})`;
  const { availability } = compiled;
  return printSelect({
    columns: [
      ...keySelect(compiled.keys),
      `${time} AS "__at"`,
      ...(availability === null ? [] : [`epoch_us(${quote(availability)}) AS "__known"`]),
      quote(ORDER_COLUMN),
      ...content.map(quote),
    ],
    from: [compiled.source],
    where: [
      `${time} >= ${lo}`,
      `${time} < ${hi}`,
      ...(where === null ? [] : [`coalesce(CAST(${enclose(where)} AS BOOLEAN), false)`]),
    ],
  });
}

function totalsSql(table: string): string {
  return printSelect({
    columns: [
      ...COUNTED.flatMap((reason) => [
        `count(*) FILTER (WHERE ${reason} > 0) AS ${reason}_entities`,
        `coalesce(sum(${reason}), 0) AS ${reason}_rows`,
      ]),
      'count(*) FILTER (WHERE ordered) AS order_entities',
    ],
    from: [table],
  });
}

/** The entities that differ most, in their order. */
function examplesSql(compiled: CompiledView, pairs: string, table: string, at: number): string {
  const gap = `abs(${difference(comparedPair(compiled, at))})`;
  const select = printSelect({
    columns: [
      ...keyColumns(compiled.keys).map((key, k) => `CAST(p.${key} AS VARCHAR) AS k${k}`),
      `CAST(p."__b${at}" AS VARCHAR) AS batch`,
      `CAST(p."__s${at}" AS VARCHAR) AS stream`,
      ...COUNTED.map((reason) => `c.${reason}`),
      'c.late_by',
      'c.ordered',
    ],
    from: [`${table} AS c`, `JOIN ${pairs} AS p ON p."__row" = c."__row"`],
    orderBy: [`${gap} DESC NULLS LAST`, ...keyColumns(compiled.keys).map((key) => `p.${key}`)],
  });
  return `${select}\nLIMIT ${EXAMPLES}`;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
