import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { STATUSES, type FeatureSummary } from '../results';
import { quote } from '../sql/quote';
import type { TrainingPlan } from './training-plan';
import { worthOf } from './worth';

/** Counts per feature of a built table, and what each leak is worth. */
export async function summarize(
  db: Database,
  table: string,
  plan: TrainingPlan,
  signal?: AbortSignal,
): Promise<FeatureSummary[]> {
  if (plan.columns.length === 0) return [];
  const counts = plan.columns.flatMap((column, index) => [
    ...STATUSES.map(
      (status) => `count(*) FILTER (WHERE "__status_${index}" = '${status}') AS "${status}_${index}"`,
    ),
    `count(*) FILTER (WHERE "__leaks_${index}") AS "leaking_${index}"`,
    `count(*) FILTER (WHERE ${quote(column)} IS DISTINCT FROM "__naive_${index}") AS "differs_${index}"`,
  ]);
  const [row] = await queryRows(db, `SELECT\n  ${counts.join(',\n  ')}\nFROM ${table}`, { signal });
  const count = (name: string): number => Number(row?.[name] ?? 0);
  const worths = await worthOf(db, table, plan, signal);
  return plan.set.features.map((ref, index) => ({
    ref: `${ref.view}:${ref.feature}`,
    column: plan.columns[index]!,
    present: count(`present_${index}`),
    missing: count(`missing_${index}`),
    expired: count(`expired_${index}`),
    null: count(`null_${index}`),
    leaking_rows: count(`leaking_${index}`),
    value_differs: count(`differs_${index}`),
    worth: worths[index] ?? null,
  }));
}
