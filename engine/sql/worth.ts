import { quote } from './quote';
import { block, printSelect } from './select';

/** Where a worth is measured. */
export interface Ranked {
  table: string;
  label: string;
  feature: string;
  /** Conditions on the rows that are ranked. */
  rows: readonly string[];
}

/**
 * Area under the ROC curve by the Mann-Whitney statistic: (sum of the positives' average ranks - P(P+1)/2) / (P N).
 * One row, column `worth` (DOUBLE); NULL when label or feature has a single value. The greater label of the whole table is the positive one.
 */
export function aucSql({ table, label, feature, rows }: Ranked): string {
  const positive = `${quote(label)} = (SELECT max(${quote(label)}) FROM ${table})`;
  const values = printSelect({
    columns: [
      `${quote(feature)} AS value`,
      'count(*) AS rows',
      `count(*) FILTER (WHERE ${positive}) AS positives`,
    ],
    from: [table],
    where: [`${quote(feature)} IS NOT NULL`, `${quote(label)} IS NOT NULL`, ...rows],
    groupBy: ['value'],
  });
  const ranked = printSelect({
    columns: ['rows', 'positives', `${averageRank('value')} AS rank`],
    from: [`${block(values)} AS value_counts`],
  });
  return printSelect({
    columns: [
      `CASE WHEN count(*) > 1 THEN (sum(positives * rank) - sum(positives) * (sum(positives) + 1) / 2)
  / nullif(CAST(sum(positives) AS DOUBLE) * CAST(sum(rows) - sum(positives) AS DOUBLE), 0) END AS worth`,
    ],
    from: [`${block(ranked)} AS ranked`],
  });
}

/** Absolute Spearman correlation: Pearson's of the average ranks. One row, column `worth`; NULL when one side is constant. */
export function spearmanSql({ table, label, feature, rows }: Ranked): string {
  const pairs = printSelect({
    columns: [`${quote(feature)} AS x`, `${quote(label)} AS y`],
    from: [table],
    where: [`${quote(feature)} IS NOT NULL`, `${quote(label)} IS NOT NULL`, ...rows],
  });
  const ranks = (value: string): string =>
    printSelect({
      columns: [value, `${averageRank(value)} AS rank`],
      from: [
        `${block(printSelect({ columns: [value, 'count(*) AS rows'], from: ['pair'], groupBy: [value] }))} AS counted`,
      ],
    });
  return printSelect({
    with: [
      { name: 'pair', sql: pairs },
      { name: 'rank_x', sql: ranks('x') },
      { name: 'rank_y', sql: ranks('y') },
    ],
    columns: [
      'CASE WHEN count(DISTINCT pair.x) > 1 AND count(DISTINCT pair.y) > 1 THEN abs(corr(rank_x.rank, rank_y.rank)) END AS worth',
    ],
    from: ['pair', 'JOIN rank_x ON rank_x.x = pair.x', 'JOIN rank_y ON rank_y.y = pair.y'],
  });
}

/** Whether a label of numbers or truth values has two values at most; one row, column `two` (BOOLEAN). */
export function twoValuesSql(table: string, label: string): string {
  const value = quote(label);
  // Counting distinct values would hold every one of them.
  const ends = printSelect({
    columns: [`min(${value}) AS least`, `max(${value}) AS greatest`],
    from: [table],
  });
  return printSelect({
    columns: [`count(*) FILTER (WHERE ${value} <> least AND ${value} <> greatest) = 0 AS two`],
    from: [table, `CROSS JOIN ${block(ends)} AS ends`],
  });
}

/** Many statements that give one `worth` each as one: columns `place` (position in the list) and `worth`. */
export function worthsSql(statements: readonly string[]): string {
  return statements
    .map((sql, place) =>
      printSelect({ columns: [`${place} AS place`, 'worth'], from: [`${block(sql)} AS one`] }),
    )
    .join('\nUNION ALL\n');
}

/** Rows before a value, plus the middle of its own: ties share the mean of their places. */
function averageRank(value: string): string {
  return `sum(rows) OVER (ORDER BY ${value}) - rows + (rows + 1) / 2`;
}
