import type { Database } from '../database/database';
import { estimatedBytes } from '../database/source-size';
import type { OnProgress } from '../ports';
import type { Means } from '../sql/mean';
import { spineTables } from '../sql/spine';
import { printSelect } from '../sql/select';
import { createTable, inRange, naiveTable, partTable, rangeTable, type RowRange } from '../sql/training-set';
import type { KeptBuild } from './kept-build';
import { resultStatement, type TrainingPlan } from './training-plan';

/** Bytes of the result, by estimate, that are put together at a time: joins and sort take some times as much. */
const RANGE_BYTES = 128 * 2 ** 20;

/** Rows that DuckDB stores together: in a shorter table most of each column’s 256 KiB would stay empty. */
const ROW_GROUP = 122_880;

/** Cuts a table of so many rows into ranges of equal length, in whole row groups; one range where that takes little memory. */
export function rowRanges(rows: number, rowBytes: number): RowRange[] {
  const bytes = rows * rowBytes;
  if (bytes <= 2 * RANGE_BYTES) return rangesOf(rows, rows);
  const length = rows / Math.ceil(bytes / RANGE_BYTES);
  return rangesOf(rows, Math.ceil(length / ROW_GROUP) * ROW_GROUP);
}

function rangesOf(rows: number, length: number): RowRange[] {
  const step = Math.max(1, length);
  return Array.from({ length: Math.max(1, Math.ceil(rows / step)) }, (_, at) => ({
    at,
    from: at * step,
    to: Math.min(rows, (at + 1) * step),
  }));
}

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
  const ranges = keep ? rangesOf(options.rows, options.rows) : await rangesFor(db, plan, means, options);
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
  if (rangeRows !== undefined) return rangesOf(rows, rangeRows);
  const assembled = resultStatement(plan, means).select;
  return rowRanges(rows, estimatedBytes(await db.describe(assembled, { signal }), 1));
}
