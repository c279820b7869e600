import type { ColumnInfo, Database, QueryOptions } from '../database/database';
import { queryRows } from '../database/rows';
import { STATUSES, type FeatureName, type FeatureSummary } from '../results';
import { quote } from '../sql/quote';
import type { TrainingPlan } from './training-plan';
import { worthOf } from './worth';

/**
 * Counts per feature of a built table, and what each leak is worth: for the features at `positions`, in that order.
 * `types` are the columns of the table's public view.
 */
export async function countFeatures(
  db: Database,
  table: string,
  plan: TrainingPlan,
  types: readonly ColumnInfo[],
  positions: readonly number[],
  options: QueryOptions,
): Promise<FeatureSummary[]> {
  if (positions.length === 0) return [];
  const counts = positions.flatMap((index) => [
    ...STATUSES.map(
      (status) => `count(*) FILTER (WHERE "__status_${index}" = '${status}') AS "${status}_${index}"`,
    ),
    `count(*) FILTER (WHERE "__leaks_${index}") AS "leaking_${index}"`,
    `count(*) FILTER (WHERE ${quote(plan.columns[index]!)} IS DISTINCT FROM "__naive_${index}") AS "differs_${index}"`,
  ]);
  const [row] = await queryRows(db, `SELECT\n  ${counts.join(',\n  ')}\nFROM ${table}`, options);
  const count = (name: string): number => Number(row?.[name] ?? 0);
  const worths = await worthOf(db, table, plan, types, positions, options);
  return positions.map((index, at) => ({
    ...featureAt(plan, index),
    present: count(`present_${index}`),
    missing: count(`missing_${index}`),
    expired: count(`expired_${index}`),
    null: count(`null_${index}`),
    leaking_rows: count(`leaking_${index}`),
    value_differs: count(`differs_${index}`),
    worth: worths[at] ?? null,
  }));
}

export function featureAt({ set, columns }: TrainingPlan, index: number): FeatureName {
  const { view, feature } = set.features[index]!;
  return { ref: `${view}:${feature}`, column: columns[index]! };
}
