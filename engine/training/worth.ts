import type { ColumnInfo, Database, QueryOptions } from '../database/database';
import { countRows, queryRows } from '../database/rows';
import type { Worth } from '../results';
import { evenlySpread } from '../sql/spine';
import { aucSql, spearmanSql, twoValuesSql, worthsSql } from '../sql/worth';
import type { TrainingPlan } from './training-plan';

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;

/** Rows that are ranked at most: memory holds every distinct value of a feature while they are. */
const RANKED_ROWS = 2_000_000;

/**
 * How well each feature alone tells the label, under the naive join and point-in-time: the area under the ROC curve
 * for a label of two values (the greater is the positive one), else |Spearman|, both with average ranks for ties.
 * Rows where label or feature is NULL are left out. A longer table is measured on evenly spread rows. Null where the label is absent, or it or the feature is not a
 * number.
 * For the features at `positions`, in that order; `types` are the columns of the set's public view.
 */
export async function worthOf(
  db: Database,
  table: string,
  plan: TrainingPlan,
  types: readonly ColumnInfo[],
  positions: readonly number[],
  options: QueryOptions & { rankedRows?: number },
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
  const rows = await countRows(db, table, options);
  const { rankedRows = RANKED_ROWS } = options;
  const sample = rows > rankedRows ? rankedRows : null;
  const chosen = sample === null ? [] : [evenlySpread('"__row"', String(rows), sample)];
  const [labels] = await queryRows(db, twoValuesSql(table, label), options);
  const metric: Worth['metric'] = labels?.['two'] === true ? 'auc' : 'spearman';
  const measure = metric === 'auc' ? aucSql : spearmanSql;
  const statements = measured.flatMap((index) =>
    [`__naive_${index}`, plan.columns[index]!].map((feature) =>
      measure({ table, label, feature, rows: chosen }),
    ),
  );
  const found: (number | null)[] = [];
  // Together they take less time, one by one less memory.
  for (const asked of sample === null ? [statements] : statements.map((one) => [one]))
    found.push(...(await worthsIn(db, asked, options)));
  return positions.map((index) => {
    const at = measured.indexOf(index);
    if (at < 0) return null;
    const [naive = null, point_in_time = null] = found.slice(2 * at, 2 * at + 2);
    return { metric, naive, point_in_time, ...(sample === null ? {} : { sample }) };
  });
}

async function worthsIn(
  db: Database,
  statements: readonly string[],
  options: QueryOptions,
): Promise<(number | null)[]> {
  const found = statements.map((): number | null => null);
  for (const { place, worth } of await queryRows(db, worthsSql(statements), options))
    if (typeof worth === 'number' && Number.isFinite(worth)) found[Number(place)] = worth;
  return found;
}
