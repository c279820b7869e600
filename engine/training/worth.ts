import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import type { Worth } from '../results';
import { aucSql, spearmanSql } from '../sql/worth';
import { quote } from '../sql/quote';
import type { TrainingPlan } from './training-plan';

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;

/**
 * How well each feature alone tells the label, under the naive join and point-in-time: the area under the ROC curve
 * for a label of two values (the greater is the positive one), else |Spearman|, both with average ranks for ties.
 * Rows where label or feature is NULL are left out; null where the label is absent, or it or the feature is not a number.
 */
export async function worthOf(
  db: Database,
  table: string,
  plan: TrainingPlan,
  signal?: AbortSignal,
): Promise<(Worth | null)[]> {
  const { label } = plan.set;
  if (label === null) return plan.columns.map(() => null);
  const columns = await db.describe(`SELECT * FROM ${table}`, { signal });
  const typeOf = (name: string): string =>
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type ?? '';
  const measurable = (name: string): boolean => typeOf(name) === 'BOOLEAN' || NUMBER.test(typeOf(name));
  if (!measurable(label)) return plan.columns.map(() => null);
  const labels = `SELECT count(DISTINCT ${quote(label)}) AS n FROM ${table}`;
  const [row] = await queryRows(db, labels, { signal });
  const values = Number(row?.['n'] ?? 0);
  const metric: Worth['metric'] = values <= 2 || typeOf(label) === 'BOOLEAN' ? 'auc' : 'spearman';
  const worths: (Worth | null)[] = [];
  for (const [index, column] of plan.columns.entries()) {
    if (!measurable(column)) {
      worths.push(null);
      continue;
    }
    const measure = async (feature: string): Promise<number | null> => {
      const sql = metric === 'auc' ? aucSql(table, label, feature) : spearmanSql(table, label, feature);
      const [found] = await queryRows(db, sql, { signal });
      const value = found?.['worth'];
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    };
    worths.push({
      metric,
      naive: await measure(`__naive_${index}`),
      point_in_time: await measure(column),
    });
  }
  return worths;
}
