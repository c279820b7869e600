import type { ColumnInfo, Database, QueryOptions } from '../database/database';
import { queryRows } from '../database/rows';
import type { Worth } from '../results';
import { aucSql, spearmanSql, worthsSql } from '../sql/worth';
import { quote } from '../sql/quote';
import type { TrainingPlan } from './training-plan';

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;

/**
 * How well each feature alone tells the label, under the naive join and point-in-time: the area under the ROC curve
 * for a label of two values (the greater is the positive one), else |Spearman|, both with average ranks for ties.
 * Rows where label or feature is NULL are left out; null where the label is absent, or it or the feature is not a number.
 * For the features at `positions`, in that order; `types` are the columns of the set's public view.
 */
export async function worthOf(
  db: Database,
  table: string,
  plan: TrainingPlan,
  types: readonly ColumnInfo[],
  positions: readonly number[],
  options: QueryOptions,
): Promise<(Worth | null)[]> {
  const { label } = plan.set;
  const nothing = positions.map(() => null);
  if (label === null) return nothing;
  const typeOf = (name: string): string =>
    types.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type ?? '';
  const measurable = (name: string): boolean => typeOf(name) === 'BOOLEAN' || NUMBER.test(typeOf(name));
  if (!measurable(label)) return nothing;
  const measured = positions.filter((index) => measurable(plan.columns[index]!));
  if (measured.length === 0) return nothing;
  const labels = `SELECT count(DISTINCT ${quote(label)}) AS n FROM ${table}`;
  const [row] = await queryRows(db, labels, options);
  const values = Number(row?.['n'] ?? 0);
  const metric: Worth['metric'] = values <= 2 || typeOf(label) === 'BOOLEAN' ? 'auc' : 'spearman';
  const measure = metric === 'auc' ? aucSql : spearmanSql;
  const statements = measured.flatMap((index) =>
    [`__naive_${index}`, plan.columns[index]!].map((feature) => measure(table, label, feature)),
  );
  const found = new Map<number, number | null>();
  for (const { place, worth } of await queryRows(db, worthsSql(statements), options))
    found.set(Number(place), typeof worth === 'number' && Number.isFinite(worth) ? worth : null);
  return positions.map((index) => {
    const at = measured.indexOf(index);
    if (at < 0) return null;
    return { metric, naive: found.get(2 * at) ?? null, point_in_time: found.get(2 * at + 1) ?? null };
  });
}
