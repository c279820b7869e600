import { INTERNAL_SCHEMA, type ColumnInfo } from '../database/database';
import { type CompiledView, keyExpression } from './compiled-view';
import { withDefault } from './default-value';
import { naiveJoinSql } from './naive-join';
import type { ForcedPlans, PlanChoice } from './plan';
import type { Points } from './points';
import { quote, relation } from './quote';
import { printSelect } from './select';
import { spinePoints, spineTables } from './spine';
import { planOf, valuesSql } from './view-values';

/** The features that a training set takes from one view. */
export interface TrainingPart {
  /** Which numbered tables hold it: its position in a whole build. */
  slot: number;
  compiled: CompiledView;
  /** Per feature of `compiled`: its position in the training set, and its column there. */
  outputs: { index: number; column: string }[];
}

/** Point-in-time values of one part, a row per spine row. */
export function partTable(set: string, slot: number): string {
  return relation({ schema: INTERNAL_SCHEMA, name: `part_${set}_${slot}` });
}

/** Naive values of one part, a row per entity of the spine. */
export function naiveTable(set: string, slot: number): string {
  return relation({ schema: INTERNAL_SCHEMA, name: `naive_${set}_${slot}` });
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
        ({ part, at, within, column }) => `${outputSql(part, `p${at}`, within)} AS ${quote(column)}`,
      ),
      ...outputs.flatMap(({ part, at, within, index }) => [
        `p${at}."__s${within}" AS "__status_${index}"`,
        `${outputSql(part, `n${at}`, within)} AS "__naive_${index}"`,
        `coalesce(n${at}."__last${within}" > s."__t", false) AS "__leaks_${index}"`,
      ]),
    ],
    from: [
      `${spineTables(set).numbered} AS s`,
      ...parts.flatMap((part, at) => [
        `LEFT JOIN ${partTable(set, part.slot)} AS p${at} ON p${at}."__row" = s."__row"`,
        `LEFT JOIN ${naiveTable(set, part.slot)} AS n${at} ON ${sameEntity(part.compiled, `n${at}`)}`,
      ]),
    ],
    orderBy: ['s."__row"'],
  });
}

/** The value of a part's feature `within` as the training set holds it: after the default. */
export function outputSql({ compiled }: TrainingPart, alias: string, within: number): string {
  return withDefault(compiled.features[within]!.feature, `${alias}."__v${within}"`);
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
