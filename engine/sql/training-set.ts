import { INTERNAL_SCHEMA, type ColumnInfo, type TablePlace } from '../database/database';
import { type CompiledView, identicalKeys } from './compiled-view';
import { withDefault } from './default-value';
import { naiveJoinSql } from './naive-join';
import type { ForcedPlans, PlanChoice } from './plan';
import type { Points } from './points';
import { quote, relation } from './quote';
import { block, printSelect } from './select';
import { spinePoints, spineTables } from './spine';
import { planOf, valuesSql } from './view-values';

/** The features that a training set takes from one view. */
export interface TrainingPart {
  compiled: CompiledView;
  /** Per feature of `compiled`: its position in the training set, and its column there. */
  outputs: { index: number; column: string }[];
}

/** Where the values of one part stand, in parts. */
export function partPlaces(set: string, part: number): Record<'values' | 'naive', TablePlace> {
  return {
    values: { schema: INTERNAL_SCHEMA, name: `part_${set}_${part}` },
    naive: { schema: INTERNAL_SCHEMA, name: `naive_${set}_${part}` },
  };
}

/** Point-in-time values of one part, a row per spine row. */
export function partTable(set: string, part: number): string {
  return relation(partPlaces(set, part).values);
}

/** Naive values of one part, a row per entity of the spine. */
export function naiveTable(set: string, part: number): string {
  return relation(partPlaces(set, part).naive);
}

export interface PartOptions {
  /** At most so many spine rows; null where not known. */
  points: number | null;
  /** Plans to take instead of the planner's. */
  plans?: ForcedPlans;
}

export function partSql(set: string, part: TrainingPart, options: PartOptions): string {
  return valuesSql(part.compiled, pointsOf(set, part, options), { ...PART_VALUES, plans: options.plans });
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

/**
 * Puts the parts beside the spine: `__row`, spine columns, feature columns after the default, then per feature i
 * `__status_<i>`, `__naive_<i>` (after the default) and `__leaks_<i>`, ordered by `__row`.
 */
export function assembleSql(
  set: string,
  spineColumns: readonly ColumnInfo[],
  parts: readonly TrainingPart[],
): string {
  const outputs = parts
    .flatMap((part, at) => part.outputs.map((output, within) => ({ ...output, part, at, within })))
    .sort((left, right) => left.index - right.index);
  return printSelect({
    columns: [
      's."__row"',
      's."__spine_row"',
      ...spineColumns.map(({ name }) => `s.${quote(name)}`),
      ...outputs.map(
        ({ part, at, within, column }) =>
          `${withDefault(part.compiled.features[within]!.feature, `p${at}."__v${within}"`)} AS ${quote(column)}`,
      ),
      ...outputs.flatMap(({ part, at, within, index }) => [
        `p${at}."__s${within}" AS "__status_${index}"`,
        `${withDefault(part.compiled.features[within]!.feature, `n${at}."__v${within}"`)} AS "__naive_${index}"`,
        `coalesce(n${at}."__last${within}" > s."__t", false) AS "__leaks_${index}"`,
      ]),
    ],
    from: [
      `${spineTables(set).numbered} AS s`,
      ...parts.flatMap((part, at) => {
        const keys = part.compiled.keys;
        const points = spinePoints(spineTables(set).numbered, keys);
        return [
          `LEFT JOIN ${partTable(set, at)} AS p${at} ON p${at}."__row" = s."__row"`,
          `LEFT JOIN ${block(points.sql)} AS k${at} ON k${at}."__row" = s."__row"`,
          `LEFT JOIN ${naiveTable(set, at)} AS n${at} ON ${identicalKeys(keys, `n${at}`, `k${at}`)}`,
        ];
      }),
    ],
    orderBy: ['s."__row"'],
  });
}
