import type { Database } from '../database/database';
import { estimatedBytes } from '../database/source-size';
import type { OnProgress } from '../ports';
import type { Means } from '../sql/mean';
import { spineTables } from '../sql/spine';
import { inRange, rowRanges, type RowRange } from '../sql/row-range';
import { printSelect } from '../sql/select';
import { createTable, naiveTable, partTable, rangeTable } from '../sql/training-set';
import type { KeptBuild } from './kept-build';
import { resultStatement, type TrainingPlan } from './training-plan';

export interface AssemblyOptions {
  /** Of the numbered spine. */
  rows: number;
  /** Whether the tables that it reads are wanted afterwards; they are dropped on the way otherwise. */
  keep: boolean;
  /** Rows that are put together at a time; by the width of a row when absent. For tests. */
  rangeRows?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress: OnProgress;
}

/**
 * Fills `nextTable`, in the order of `__row`. Where nothing is to be kept and the result is large, it goes by ranges of
 * rows: spine and parts are cut into tables of one range first, and a range's tables are dropped when it stands in the
 * result, so that memory holds each value once, and joins hash one range only. The rows are the same. Errors: `sql.*`, `engine.*`.
 */
export async function assemble(
  db: Database,
  plan: TrainingPlan,
  means: Means,
  build: KeptBuild,
  options: AssemblyOptions,
): Promise<void> {
  const { set, parts } = plan;
  const { numbered } = spineTables(set.name);
  const slots = parts.map(({ slot }) => slot);
  const { keep, signal, onProgress } = options;
  const ranges = keep ? rowRanges(options.rows, 0) : await rangesFor(db, plan, means, options);
  if (ranges.length === 1) {
    const { phase, sql } = resultStatement(plan, means);
    onProgress({ phase });
    await db.query(sql, { signal });
  } else {
    onProgress({ phase: `cutting ${set.name} into ${ranges.length} ranges` });
    const cut = async (table: string, of: number | 'spine'): Promise<void> => {
      for (const range of ranges) {
        const cutTable = rangeTable(set.name, of, range);
        build.owns(cutTable);
        const rows = printSelect({ columns: ['*'], from: [table], where: [inRange('"__row"', range)] });
        await db.query(createTable(cutTable, rows), { signal });
      }
      await build.release(db, table);
    };
    for (const slot of slots) await cut(partTable(set.name, slot), slot);
    await cut(numbered, 'spine');
    for (const range of ranges) {
      const { phase, sql } = resultStatement(plan, means, range);
      onProgress({ phase: `${phase}: ${range.at} of ${ranges.length} ranges`, rows: range.from });
      await db.query(sql, { signal });
      const cuts = (['spine', ...slots] as const).map((of) => rangeTable(set.name, of, range));
      await build.release(db, ...cuts);
    }
  }
  if (keep) return;
  const tables = slots.flatMap((slot) => [partTable(set.name, slot), naiveTable(set.name, slot)]);
  await build.release(db, numbered, ...tables);
}

async function rangesFor(
  db: Database,
  plan: TrainingPlan,
  means: Means,
  { rows, rangeRows, signal }: AssemblyOptions,
): Promise<RowRange[]> {
  const columns = await db.describe(resultStatement(plan, means).select, { signal });
  return rowRanges(rows, estimatedBytes(columns, 1), rangeRows);
}
