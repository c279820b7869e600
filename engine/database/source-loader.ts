import type { Source } from '../catalog/model';
import type { FileEntry, OnProgress, ParquetReader, WorkspaceFiles } from '../ports';
import { quote, relation } from '../sql/quote';
import type { ColumnInfo, Database, TablePlace } from './database';
import { INTERNAL_SCHEMA, sourceTable } from './database';
import { queryRows } from './rows';
import { sourceFiles } from './source-files';
import { SourceFiller, type RowFilter } from './source-filler';
import { publishSource, publishTooLarge } from './source-tables';

export interface LoadOptions {
  /**
   * Lower-case names of the columns that anything reads; absent or null = all. The event time comes always, and a
   * small source whole.
   */
  columns?: ReadonlySet<string> | null;
  /** Keeps the rows for which it is true; `__order` then counts the kept ones. */
  filter?: RowFilter;
  /** Bytes that the rows may take in the engine, by estimate; a Parquet source beyond is not loaded. */
  budget?: number;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

export interface LoadedSource {
  source: string;
  /** As they are in the source: every time is TIMESTAMP. */
  columns: ColumnInfo[];
  /** The names of those whose values are in the engine. */
  loaded: string[];
  /** Rows of the files, loaded or not. */
  rows: number;
  /** Bytes that the columns in use take in an engine, by estimate. */
  bytes: number;
  /** Whether it is too large for this engine: its rows are not there, and reading it is `source.too_large`. */
  large: boolean;
  /** Least and greatest event time, microseconds UTC; null when there are none. */
  timeRange: { min: bigint; max: bigint } | null;
  files: FileEntry[];
}

/**
 * Loads a source's rows and makes `sourceTable(source)`, with its order column, and the view by which SQL reads it.
 * What was loaded before stays readable until the new rows are complete, then is replaced at once. A source beyond the
 * budget becomes known by its columns alone. Errors: `source.*`,
 * `catalog.unknown_column`, `catalog.name_collision`, `engine.cancelled`.
 */
export function loadSource(
  db: Database,
  files: WorkspaceFiles,
  reader: ParquetReader,
  source: Source,
  options: LoadOptions = {},
): Promise<LoadedSource> {
  return load(db, files, reader, source, { ...options, rows: true });
}

/**
 * Makes the source's table and view without rows, so that definitions and queries bind: reads Parquet footers only
 * (CSV and JSON files whole) and runs no SQL of the notebook. Rows that were loaded before are gone.
 */
export async function describeSource(
  db: Database,
  files: WorkspaceFiles,
  reader: ParquetReader,
  source: Source,
  options: { columns?: ReadonlySet<string> | null; signal?: AbortSignal } = {},
): Promise<ColumnInfo[]> {
  return (await load(db, files, reader, source, { ...options, rows: false })).columns;
}

async function load(
  db: Database,
  files: WorkspaceFiles,
  reader: ParquetReader,
  source: Source,
  options: LoadOptions & { rows: boolean },
): Promise<LoadedSource> {
  const found = await sourceFiles(files, source);
  const staging = { schema: INTERNAL_SCHEMA, name: `staging_${source.name}` };
  const loading = { schema: INTERNAL_SCHEMA, name: `loading_${source.name}` };
  const filler = new SourceFiller({ db, files, reader, source, staging, loading, options });
  try {
    await filler.fill(found);
    await db.query(`DROP TABLE IF EXISTS ${relation(staging)}`);
    const { columns, held } = filler.plan();
    const { large } = filler;
    const { rows, bytes } = filler.size();
    if (large) await publishTooLarge(db, source.name, loading, columns, rows);
    else await publishSource(db, source.name, loading, columns, held);
    return {
      source: source.name,
      columns,
      loaded: large ? [] : held.map(({ name }) => name),
      rows,
      bytes,
      large,
      timeRange: options.rows && !large ? await timeRange(db, source) : null,
      files: found.map(({ path, size, modified }) => ({ path, size, modified })),
    };
  } catch (thrown) {
    // The engine may be gone, and the first error is the one to tell.
    await dropAll(db, [staging, loading]).catch(() => {});
    throw thrown;
  }
}

async function dropAll(db: Database, tables: readonly TablePlace[]): Promise<void> {
  for (const table of tables) await db.query(`DROP TABLE IF EXISTS ${relation(table)}`);
}

async function timeRange(db: Database, source: Source): Promise<{ min: bigint; max: bigint } | null> {
  if (source.timestamp === null) return null;
  const time = quote(source.timestamp);
  const [row] = await queryRows(
    db,
    `SELECT epoch_us(min(${time})) AS least, epoch_us(max(${time})) AS greatest FROM ${relation(sourceTable(source.name))}`,
  );
  if (typeof row?.['least'] !== 'bigint' || typeof row['greatest'] !== 'bigint') return null;
  return { min: row['least'], max: row['greatest'] };
}
