import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../../sql/literal';

/** What a comparison of two answers found, over all questions. */
export interface Comparison {
  /** Values compared, and how many of ours are not NULL. */
  values: number;
  present: number;
  /** Rows that both have, with other values: both sides as text. */
  differences: Differing[];
  /** Rows that the other answer lacks, with our values. */
  absent: Differing[];
}

interface Differing {
  question: string;
  n: number;
  ours: (string | null)[];
  theirs: (string | null)[];
}

/** Compares `<tool>_<question>.parquet` with `ours_<question>.parquet` row by row (column `n`), value by value. */
export async function compareAnswers(
  native: DuckDBConnection,
  folder: string,
  tool: string,
  questions: readonly string[],
  columns: readonly string[],
): Promise<Comparison> {
  const total: Comparison = { values: 0, present: 0, differences: [], absent: [] };
  for (const question of questions) {
    const [ours, theirs] = ['ours', tool].map((side) => literal(join(folder, `${side}_${question}.parquet`)));
    const reader = await native.runAndReadAll(`
      SELECT coalesce(o.n, t.n)::INTEGER AS n, ${texts('o', columns)} AS ours, ${texts('t', columns)} AS theirs,
        o.n IS NOT NULL AS is_ours, t.n IS NOT NULL AS is_theirs
      FROM ${ours} o FULL JOIN ${theirs} t ON o.n = t.n ORDER BY 1`);
    for (const row of reader.getRowObjectsJson() as unknown as Row[]) {
      const differing = { question, n: row.n, ours: row.ours, theirs: row.theirs };
      total.values += columns.length;
      total.present += row.ours.filter((value) => value !== null).length;
      if (!row.is_theirs) total.absent.push(differing);
      else if (!row.is_ours || !same(row.ours, row.theirs)) total.differences.push(differing);
    }
  }
  return total;
}

type Row = Differing & { is_ours: boolean; is_theirs: boolean };

function same(left: readonly (string | null)[], right: readonly (string | null)[]): boolean {
  return left.every((value, index) => value === right[index]);
}

/** An instant is compared as such, whether its file says UTC or nothing; everything else by its exact text. */
function texts(side: string, columns: readonly string[]): string {
  const list = columns.map((column) =>
    column === 'moment' ? `epoch_us(${side}.moment)::VARCHAR` : `${side}.${column}::VARCHAR`,
  );
  return `[${list.join(', ')}]`;
}

/** An answer's rows in its own order: `n` and the columns, as text. */
export async function readAnswer(
  native: DuckDBConnection,
  folder: string,
  answer: string,
  columns: readonly string[],
): Promise<string[]> {
  const file = literal(join(folder, `${answer}.parquet`));
  const list = ['n', ...columns].map((column) => `coalesce(${column}::VARCHAR, 'NULL')`).join(", ' ', ");
  const reader = await native.runAndReadAll(`SELECT concat(${list}) AS line FROM ${file}`);
  return reader.getRows().map(([line]) => String(line));
}
