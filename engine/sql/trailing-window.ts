import type { Aggregation } from '../catalog/model';
import {
  type CompiledFeature,
  type CompiledView,
  castTo,
  eventColumns,
  isSum,
  keyColumns,
  sameKeys,
} from './compiled-view';
import type { Points } from './points';
import { block, enclose, printSelect, type CommonTable } from './select';

/**
 * Aggregates over the half-open window `[t - w, t)` at points: columns `__row` and per feature i `__v<i>` (declared
 * type, before the default), `__s<i>` (status) and, where asked for, `__last<i>` (event time of the newest event that
 * belongs to the feature, microseconds).
 *
 * Features of one window share a pass: it joins points and events on entity and window and groups by row id.
 */
export function trailingWindowSql(compiled: CompiledView, points: Points, options: WindowOptions): string {
  const { keys } = compiled;
  const passes = passesOf(compiled, options);
  const tables: CommonTable[] = [
    { name: 'point', sql: points.sql, inline: true },
    { name: 'event', sql: eventSql(compiled), inline: true },
    { name: 'oldest', sql: oldestSql(compiled) },
    ...passes.flatMap((pass, at) => [
      { name: `pass${at}`, sql: passSql(compiled, pass) },
      ...(pass.whole.length > 0 ? [{ name: `nothing${at}`, sql: nothingSql(compiled, pass) }] : []),
    ]),
  ];
  return printSelect({
    with: tables,
    columns: [
      'p."__row"',
      ...(options.keepKeys ? keyColumns(keys).map((key) => `p.${key}`) : []),
      ...compiled.features.flatMap((feature, index) => {
        const at = passes.findIndex((pass) => pass.features.includes(index));
        const none = feature.expression === null ? nothing(feature) : `z${at}."__v${index}"`;
        return [
          `CASE WHEN w${at}."__row" IS NULL THEN ${none} ELSE w${at}."__v${index}" END AS "__v${index}"`,
          `CASE WHEN w${at}."__row" IS NOT NULL THEN CASE WHEN w${at}."__v${index}" IS NULL THEN 'null' ELSE 'present' END ` +
            `WHEN o."__at" < p."__t" THEN 'expired' ELSE 'missing' END AS "__s${index}"`,
          ...(options.keepLast ? [`w${at}."__last${index}" AS "__last${index}"`] : []),
        ];
      }),
    ],
    from: [
      'point AS p',
      ...passes.flatMap((pass, at) => [
        `LEFT JOIN pass${at} AS w${at} ON w${at}."__row" = p."__row"`,
        ...(pass.whole.length > 0 ? [`LEFT JOIN nothing${at} AS z${at} ON true`] : []),
      ]),
      `LEFT JOIN oldest AS o ON ${sameKeys(keys, 'o', 'p')}`,
    ],
  });
}

export interface WindowOptions {
  /** Whether the points' keys are given again. */
  keepKeys: boolean;
  /** Whether `__last<i>` is wanted. */
  keepLast: boolean;
}

/** Features that one join serves. */
interface Pass {
  /** Microseconds. */
  window: bigint;
  /** Positions in the view's list. */
  features: number[];
  /** Those whose expression the user wrote whole: it reads the source's columns. */
  whole: number[];
  columns: string[];
  /** Whether the events come in file order. */
  ordered: boolean;
}

function passesOf(compiled: CompiledView, options: WindowOptions): Pass[] {
  return [...new Set(compiled.features.map((feature) => feature.window!))].map((window) => {
    const features = compiled.features.flatMap((one, index) => (one.window === window ? [index] : []));
    const whole = features.filter((index) => compiled.features[index]!.expression !== null);
    const sums = features.some((index) => compiled.features[index]!.aggregations.some(isSum));
    return {
      window,
      features,
      whole,
      columns: features.flatMap((index) => featureColumns(compiled.features[index]!, index, options)),
      ordered: whole.length > 0 || (compiled.ordered && sums),
    };
  });
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
 * Pairs of point and event, then one group a point. The time line is cut into stretches of a window's length, of which
 * a window meets at most two: to compare stretches for equality keeps the join off the rest of a busy entity's events.
 * Sums of floating point numbers depend on the order of their terms: they are taken in file order, so that every
 * reader gets the same bits.
 */
function passSql({ keys }: CompiledView, { window, columns, ordered }: Pass): string {
  const near = printSelect({
    columns: ['*', `unnest(["__t" // ${window}, "__t" // ${window} - 1]) AS "__stretch"`],
    from: ['point'],
  });
  const pairs = printSelect({
    columns: ['p."__row"', 'e.*'],
    from: [
      `${block(near)} AS p`,
      `JOIN event AS e ON ${sameKeys(keys, 'e', 'p')}`,
      `  AND e."__at" // ${window} = p."__stretch"`,
      '  AND e."__at" < p."__t"',
      `  AND e."__at" >= p."__t" - ${window}`,
    ],
    orderBy: ordered ? ['e."__order"'] : [],
  });
  return printSelect({
    columns: ['"__row"', ...columns],
    from: [`${block(pairs)} AS e`],
    groupBy: ['"__row"'],
  });
}

/** What whole expressions give over no event at all. */
function nothingSql(compiled: CompiledView, pass: Pass): string {
  return printSelect({
    columns: pass.whole.map((index) => wholeColumn(compiled.features[index]!, index)),
    from: [compiled.source],
    where: ['false'],
  });
}

function wholeColumn({ feature, expression }: CompiledFeature, index: number): string {
  return `${castTo(feature, enclose(expression!))} AS "__v${index}"`;
}

function featureColumns(compiled: CompiledFeature, index: number, options: WindowOptions): string[] {
  const sides = compiled.aggregations.map((aggregation, side) => {
    const where = aggregation.where === null ? null : `e."__f${index}_${side}"`;
    return { where, value: aggregateSql(aggregation, `e."__e${index}_${side}"`, where) };
  });
  const wheres = sides.map((side) => side.where);
  const belongs = wheres.includes(null) ? null : wheres.join(' OR ');
  const newest = filtered('max(e."__at")', wheres.length === 0 ? null : belongs);
  return [
    compiled.expression === null
      ? `${castTo(compiled.feature, combine(sides.map((side) => side.value)))} AS "__v${index}"`
      : wholeColumn(compiled, index),
    ...(options.keepLast ? [`${newest} AS "__last${index}"`] : []),
  ];
}

/** One aggregation as it is; two as a ratio, NULL where the denominator is 0. */
function combine(values: readonly string[]): string {
  const [of, over] = values;
  return over === undefined ? of! : `CAST(${of!} AS DOUBLE) / nullif(CAST(${over} AS DOUBLE), 0)`;
}

function aggregateSql({ fn, of }: Aggregation, input: string, where: string | null): string {
  switch (fn) {
    case 'count':
      return filtered(of === '*' ? 'count(*)' : `count(${input})`, where);
    case 'count_distinct':
      return filtered(`count(DISTINCT ${input})`, where);
    case 'last':
      return filtered(`arg_max_null(${input}, ${NEWEST})`, where);
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return filtered(`${fn}(${input})`, where);
  }
}

function filtered(call: string, where: string | null): string {
  return where === null ? call : `${call} FILTER (WHERE ${where})`;
}

/** Time, then place in the file, as one number; no source has 2^40 rows. */
const NEWEST = `CAST(e."__at" AS HUGEINT) * ${2n ** 40n} + e."__order"`;

/** The value over no event. */
function nothing({ feature, aggregations }: CompiledFeature): string {
  const counts = aggregations.map(({ fn }) => fn === 'count' || fn === 'count_distinct');
  return castTo(feature, aggregations.length === 1 && counts[0] ? '0' : 'NULL');
}

function oldestSql({ keys }: CompiledView): string {
  const names = keyColumns(keys);
  return printSelect({ columns: [...names, 'min("__at") AS "__at"'], from: ['event'], groupBy: names });
}
