import type { Aggregation } from '../catalog/model';
import {
  type CompiledFeature,
  type CompiledView,
  castTo,
  eventColumns,
  keyColumns,
  sameKeys,
} from './compiled-view';
import type { Points } from './points';
import { block, enclose, printSelect, type CommonTable } from './select';

/**
 * Aggregates over the half-open window `[t - w, t)` at points: columns `__row` and per feature i `__v<i>` (declared
 * type, before the default), `__s<i>` (status) and `__last<i>` (event time of the newest event that belongs to the
 * feature, microseconds).
 *
 * One pass joins points and events on entity and the longest window and groups by row id; each feature filters its
 * own window. An expression that the user wrote whole cannot be filtered piece by piece: it has a pass per window.
 */
export function trailingWindowSql(compiled: CompiledView, points: Points, options: WindowOptions): string {
  const { keys } = compiled;
  const passes = passesOf(compiled);
  const tables: CommonTable[] = [
    { name: 'point', sql: points.sql, inline: true },
    { name: 'event', sql: eventSql(compiled), inline: true },
    { name: 'oldest', sql: oldestSql(compiled) },
    ...passes.flatMap((pass, index) => [
      { name: `pass${index}`, sql: passSql(compiled, pass) },
      { name: `nothing${index}`, sql: nothingSql(pass) },
    ]),
  ];
  return printSelect({
    with: tables,
    columns: [
      'p."__row"',
      ...(options.keepKeys ? keyColumns(keys).map((key) => `p.${key}`) : []),
      ...compiled.features.flatMap((feature, index) => {
        const at = passes.findIndex((pass) => pass.features.includes(index));
        const raw = `CASE WHEN w${at}."__row" IS NULL THEN z${at}."__v${index}" ELSE w${at}."__v${index}" END`;
        return [
          `${raw} AS "__v${index}"`,
          `CASE WHEN w${at}."__n${index}" > 0 THEN CASE WHEN w${at}."__v${index}" IS NULL THEN 'null' ELSE 'present' END ` +
            `WHEN o."__at" < p."__t" THEN 'expired' ELSE 'missing' END AS "__s${index}"`,
          `w${at}."__last${index}" AS "__last${index}"`,
        ];
      }),
    ],
    from: [
      'point AS p',
      ...passes.flatMap((_, index) => [
        `LEFT JOIN pass${index} AS w${index} ON w${index}."__row" = p."__row"`,
        `LEFT JOIN nothing${index} AS z${index} ON true`,
      ]),
      `LEFT JOIN oldest AS o ON ${sameKeys(keys, 'o', 'p')}`,
    ],
  });
}

export interface WindowOptions {
  /** Whether the points' keys are given again. */
  keepKeys: boolean;
}

/** Features that one join serves. */
interface Pass {
  /** Microseconds: the longest window among them. */
  window: bigint;
  /** Positions in the view's list. */
  features: number[];
  columns: string[];
  /** The same values over no event at all. */
  nothing: string[];
  whole: boolean;
  source: string;
}

function passesOf(compiled: CompiledView): Pass[] {
  const passes: Pass[] = [];
  const filtered = compiled.features.flatMap((one, index) => (one.expression === null ? [index] : []));
  if (filtered.length > 0) {
    const windows = filtered.map((index) => compiled.features[index]!.window!);
    passes.push({
      window: windows.reduce((left, right) => (left > right ? left : right)),
      features: filtered,
      columns: filtered.flatMap((index) => filteredColumns(compiled.features[index]!, index)),
      nothing: filtered.map((index) => `${nothing(compiled.features[index]!)} AS "__v${index}"`),
      whole: false,
      source: compiled.source,
    });
  }
  const whole = compiled.features.flatMap((one, index) => (one.expression !== null ? [index] : []));
  for (const window of new Set(whole.map((index) => compiled.features[index]!.window!))) {
    const features = whole.filter((index) => compiled.features[index]!.window === window);
    const value = (index: number): string => {
      const { feature, expression } = compiled.features[index]!;
      return `${castTo(feature, enclose(expression!))} AS "__v${index}"`;
    };
    passes.push({
      window,
      features,
      columns: features.flatMap((index) => [
        value(index),
        `count(*) AS "__n${index}"`,
        `max("__at") AS "__last${index}"`,
      ]),
      nothing: features.map(value),
      whole: true,
      source: compiled.source,
    });
  }
  return passes;
}

/** Events with what each feature takes from them worked out, in the scope of the source's own columns. */
function eventSql(compiled: CompiledView): string {
  const whole = compiled.features.some((one) => one.expression !== null);
  const inputs = compiled.features.flatMap((one, index) =>
    one.aggregations.flatMap(({ of, where }, side) => [
      ...(of === '*' ? [] : [`${enclose(of)} AS "__e${index}_${side}"`]),
      ...(where === null ? [] : [`CAST(${enclose(where)} AS BOOLEAN) AS "__f${index}_${side}"`]),
    ]),
  );
  const columns = eventColumns(compiled, inputs);
  return printSelect({
    columns: whole ? [`* EXCLUDE ("__order")`, ...columns] : columns,
    from: [compiled.source],
  });
}

/**
 * Pairs of point and event, then one group a point. Sums of floating point numbers depend on the order of their terms:
 * they are taken in file order, so that every reader gets the same bits.
 */
function passSql({ keys, ordered }: CompiledView, pass: Pass): string {
  const pairs = printSelect({
    columns: ['p."__row"', 'p."__t"', 'e.*'],
    from: [
      'point AS p',
      `JOIN event AS e ON ${sameKeys(keys, 'e', 'p')}`,
      '  AND e."__at" < p."__t"',
      `  AND e."__at" >= p."__t" - ${pass.window}`,
    ],
    orderBy: ordered || pass.whole ? ['e."__order"'] : [],
  });
  return printSelect({
    columns: ['"__row"', ...pass.columns],
    from: [`${block(pairs)} AS e`],
    groupBy: ['"__row"'],
  });
}

function nothingSql(pass: Pass): string {
  // Not FROM the source: without an aggregate function there would be no row.
  if (!pass.whole) return `SELECT ${pass.nothing.join(', ')}`;
  return printSelect({ columns: pass.nothing, from: [pass.source], where: ['false'] });
}

function filteredColumns(compiled: CompiledFeature, index: number): string[] {
  const inWindow = `e."__at" >= e."__t" - ${compiled.window!}`;
  const sides = compiled.aggregations.map((aggregation, side) => {
    const conditions = aggregation.where === null ? [inWindow] : [inWindow, `e."__f${index}_${side}"`];
    return {
      value: aggregateSql(aggregation, `e."__e${index}_${side}"`, conditions),
      where: aggregation.where === null ? null : `e."__f${index}_${side}"`,
    };
  });
  const everyEvent = sides.some((side) => side.where === null);
  const belongs = everyEvent ? inWindow : `${inWindow} AND (${sides.map((side) => side.where).join(' OR ')})`;
  return [
    `${castTo(compiled.feature, combine(sides.map((side) => side.value)))} AS "__v${index}"`,
    `count(*) FILTER (WHERE ${inWindow}) AS "__n${index}"`,
    `max(e."__at") FILTER (WHERE ${belongs}) AS "__last${index}"`,
  ];
}

/** One aggregation as it is; two as a ratio, NULL where the denominator is 0. */
function combine(values: readonly string[]): string {
  const [of, over] = values;
  return over === undefined ? of! : `CAST(${of!} AS DOUBLE) / nullif(CAST(${over} AS DOUBLE), 0)`;
}

function aggregateSql({ fn, of }: Aggregation, input: string, conditions: readonly string[]): string {
  const filter = (call: string, more: readonly string[] = []): string =>
    `${call} FILTER (WHERE ${[...conditions, ...more].join(' AND ')})`;
  switch (fn) {
    case 'count':
      return filter(of === '*' ? 'count(*)' : `count(${input})`);
    case 'count_distinct':
      return filter(`count(DISTINCT ${input})`);
    case 'last':
      return filter(`arg_max_null(${input}, {'at': e."__at", 'place': e."__order"})`);
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return filter(`${fn}(${input})`);
  }
}

/** The value over no event. */
function nothing({ feature, aggregations }: CompiledFeature): string {
  const counts = aggregations.map(({ fn }) => fn === 'count' || fn === 'count_distinct');
  return castTo(feature, aggregations.length === 1 && counts[0] ? '0' : 'NULL');
}

function oldestSql({ keys }: CompiledView): string {
  const names = keyColumns(keys);
  return printSelect({ columns: [...names, 'min("__at") AS "__at"'], from: ['event'], groupBy: names });
}
