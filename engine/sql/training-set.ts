import { INTERNAL_SCHEMA, type ColumnInfo, type TablePlace } from '../database/database';
import { type CompiledView, keyExpression } from './compiled-view';
import { withDefault } from './default-value';
import { type Means, meanSql, wantsMean } from './mean';
import { naiveJoinSql } from './naive-join';
import { onDemandTables } from './on-demand';
import type { AskedFeature } from '../catalog/computed-values';
import type { ForcedPlans, PlanChoice } from './plan';
import type { Points } from './points';
import { quote, relation } from './quote';
import type { RowRange } from './row-range';
import { block, printSelect } from './select';
import { spinePoints, spineTables } from './spine';
import { storedStatus } from './status';
import { planOf, valuesSql } from './view-values';

/** The features that a training set takes from one view. */
export interface TrainingPart {
  /** Which numbered tables hold it: its position in a whole build. */
  slot: number;
  compiled: CompiledView;
  /**
   * For each of the first features of `compiled` its place among the values that the set computes; those of the set
   * come first there. Features after these are categories that only means are taken by.
   */
  outputs: { index: number }[];
}

/** Where the values of one part stand, in parts. */
export function partPlaces(set: string, slot: number): Record<'values' | 'naive', TablePlace> {
  return {
    values: { schema: INTERNAL_SCHEMA, name: `part_${set}_${slot}` },
    naive: { schema: INTERNAL_SCHEMA, name: `naive_${set}_${slot}` },
  };
}

/** Point-in-time values of one part, a row per spine row. */
export function partTable(set: string, slot: number): string {
  return relation(partPlaces(set, slot).values);
}

/** The rows of a part's `partTable`, or of the numbered spine, that lie in a range. */
export function rangeTable(set: string, of: number | 'spine', range: RowRange): string {
  return relation({ schema: INTERNAL_SCHEMA, name: `range_${set}_${of}_${range.at}` });
}

/** Naive values of one part, a row per entity of the spine. */
export function naiveTable(set: string, slot: number): string {
  return relation(partPlaces(set, slot).naive);
}

export interface PartOptions {
  /** At most so many spine rows; null where not known. */
  points: number | null;
  /** Plans to take instead of the planner's. */
  plans?: ForcedPlans;
}

/** What a set takes of a part: `__row`, of a feature table `__tied`, then `__v<i>` and `__s<i>` as in `valuesSql`. */
export function partSql(set: string, part: TrainingPart, options: PartOptions): string {
  return partColumns(set, part, options, (status) => status);
}

/** The same as `partTable` stores it. */
export function storedPartSql(set: string, part: TrainingPart, options: PartOptions): string {
  return partColumns(set, part, options, (status) => `${storedStatus(status)} AS ${status}`);
}

function partColumns(
  set: string,
  part: TrainingPart,
  options: PartOptions,
  statusAs: (status: string) => string,
): string {
  const { view, features } = part.compiled;
  const values = valuesSql(part.compiled, pointsOf(set, part, options), {
    ...PART_VALUES,
    plans: options.plans,
  });
  return printSelect({
    columns: [
      '"__row"',
      ...(view.kind === 'table' ? ['"__ties" > 1 AS "__tied"'] : []),
      ...features.flatMap((_, index) => [`"__v${index}"`, statusAs(`"__s${index}"`)]),
    ],
    from: [`${block(values)} AS part`],
  });
}

/** How `partSql` gets its values, and why so. */
export function partPlan(set: string, part: TrainingPart, options: PartOptions): PlanChoice {
  return planOf(part.compiled, pointsOf(set, part, options), { ...PART_VALUES, plans: options.plans });
}

const PART_VALUES = { keepKeys: false, ignoreTtl: false, keepExpired: false };

function pointsOf(set: string, part: TrainingPart, { points }: PartOptions): Points {
  const spine = spinePoints(spineTables(set).numbered, part.compiled.keys);
  return points === null ? spine : { ...spine, count: points };
}

export function partNaiveSql(set: string, part: TrainingPart): string {
  return naiveJoinSql(part.compiled, spinePoints(spineTables(set).numbered, part.compiled.keys));
}

export function createTable(table: string, select: string): string {
  return `CREATE OR REPLACE TABLE ${table} AS\n${select}`;
}

/** A finished set: its spine, its parts, and the columns that it shows. */
export interface Assembly {
  set: string;
  /** The spine's columns with their DuckDB types. */
  spine: readonly ColumnInfo[];
  parts: readonly TrainingPart[];
  /** The features of the set in its order. */
  outputs: readonly OutputColumn[];
  /** On-demand features, in the order in which they can be computed. */
  waves: readonly (readonly AskedFeature[])[];
  /** Every mean that a default names; without it the default leaves NULL. */
  means: Means;
  /** The rows to put together, which stand in each `rangeTable`; absent: all, from spine and `partTable`. */
  range?: RowRange;
}

/** A feature as a training set shows it: its column and, where asked for, the one that says where it was missing. */
export interface OutputColumn {
  column: string;
  indicator: string | null;
}

/** Every public column of a training set, in order. */
export function shownColumns({ spine, outputs }: Pick<Assembly, 'spine' | 'outputs'>): string[] {
  return [
    ...spine.map(({ name }) => name),
    ...outputs.flatMap(({ column, indicator }) => (indicator === null ? [column] : [column, indicator])),
  ];
}

/**
 * Puts the parts beside the spine: `__row`, `__spine_row`, spine columns, feature columns after the default, each
 * followed by its indicator, then per feature i `__status_<i>`, `__naive_<i>` (after the default) and `__leaks_<i>`,
 * ordered by `__row`. Statuses are as `storedStatus` has them.
 */
export function assembleSql(assembly: Assembly): string {
  const { set, spine, parts, waves, range } = assembly;
  const values = parts.flatMap((part, at) => partValues(part, at, assembly.means));
  const partIn = (slot: number): string => (range ? rangeTable(set, slot, range) : partTable(set, slot));
  const from = [
    `${range ? rangeTable(set, 'spine', range) : spineTables(set).numbered} AS s`,
    ...parts.flatMap(({ slot, compiled }, at) => [
      `LEFT JOIN ${partIn(slot)} AS p${at} ON p${at}."__row" = s."__row"`,
      `LEFT JOIN ${naiveTable(set, slot)} AS n${at} ON ${sameEntity(compiled, `n${at}`)}`,
    ]),
  ];
  if (waves.length === 0)
    return printSelect({
      columns: resultColumns(
        assembly,
        's.',
        ({ name }) => `s.${quote(name)}`,
        (index) => values.find((value) => value.index === index)!,
      ),
      from,
      orderBy: ['s."__row"'],
    });
  const joined = printSelect({
    columns: [
      's."__row"',
      's."__spine_row"',
      ...spine.map(({ name }, at) => `s.${quote(name)} AS "__c${at}"`),
      ...values.flatMap(({ index, raw, value, status, naive, leaks }) => [
        `${raw} AS "__raw_${index}"`,
        `${value} AS "__value_${index}"`,
        `${status} AS "__status_${index}"`,
        `${naive} AS "__naive_${index}"`,
        `${leaks} AS "__leaks_${index}"`,
      ]),
    ],
    from,
  });
  const parameters = spine.map(({ name }, at) => ({ name, at: `__c${at}` }));
  const tables = onDemandTables('joined', waves, parameters, true);
  return printSelect({
    with: [{ name: 'joined', sql: joined, inline: true }, ...tables],
    columns: resultColumns(assembly, '', (_, at) => `"__c${at}"`, computedColumn),
    from: [tables.at(-1)!.name],
    orderBy: ['"__row"'],
  });
}

/** A row of the spine `s` and its entity's naive values; NULL keys find their row as well. */
function sameEntity({ keys }: CompiledView, alias: string): string {
  return keys
    .map((key, index) => {
      const own = keyExpression(key, `s.${quote(key.name)}`);
      return `${alias}."__k${index}" IS NOT DISTINCT FROM ${own}`;
    })
    .join(' AND ');
}

/** One feature's value and what is said of it, as SQL. */
interface ValueColumns {
  /** Before the default. */
  raw: string;
  value: string;
  status: string;
  naive: string;
  leaks: string;
}

function partValues(part: TrainingPart, at: number, means: Means): (ValueColumns & { index: number })[] {
  const { view, features } = part.compiled;
  return part.outputs.map(({ index }, within) => {
    const { feature } = features[within]!;
    const policy = feature.default;
    const by =
      policy.kind === 'category_mean' ? features.findIndex((one) => one.feature.name === policy.by) : -1;
    const after = (side: string): string => {
      const category = by < 0 ? null : { feature: features[by]!.feature, value: `${side}."__v${by}"` };
      const value = `${side}."__v${within}"`;
      if (!wantsMean(feature)) return withDefault(feature, value);
      return withDefault(
        feature,
        value,
        meanSql(feature, means.get(`${view.name}:${feature.name}`), category),
      );
    };
    return {
      index,
      raw: `p${at}."__v${within}"`,
      value: after(`p${at}`),
      status: `p${at}."__s${within}"`,
      naive: after(`n${at}`),
      leaks: `coalesce(n${at}."__last${within}" > s."__t", false)`,
    };
  });
}

function computedColumn(index: number): ValueColumns {
  const column = (part: string): string => `"__${part}_${index}"`;
  return {
    raw: column('raw'),
    value: column('value'),
    status: column('status'),
    naive: column('naive'),
    leaks: column('leaks'),
  };
}

function resultColumns(
  { spine, outputs }: Assembly,
  rows: string,
  spineColumn: (column: ColumnInfo, at: number) => string,
  valueAt: (index: number) => ValueColumns,
): string[] {
  return [
    `${rows}"__row"`,
    `${rows}"__spine_row"`,
    ...spine.map((column, at) => {
      const value = spineColumn(column, at);
      return rows === '' ? `${value} AS ${quote(column.name)}` : value;
    }),
    ...outputs.flatMap(({ column, indicator }, index) => {
      const { raw, value } = valueAt(index);
      const shown = `${value} AS ${quote(column)}`;
      return indicator === null ? [shown] : [shown, `${raw} IS NULL AS ${quote(indicator)}`];
    }),
    ...outputs.flatMap((_, index) => {
      const { status, naive, leaks } = valueAt(index);
      return [
        `${storedStatus(status)} AS "__status_${index}"`,
        `${naive} AS "__naive_${index}"`,
        `${leaks} AS "__leaks_${index}"`,
      ];
    }),
  ];
}
