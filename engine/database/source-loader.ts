import type { Source } from '../catalog/model';
import { PlumblineError } from '../errors';
import type { FileEntry, OnProgress, ParquetReader, WorkspaceFiles } from '../ports';
import { quote, relation } from '../sql/quote';
import type { ColumnInfo, Database } from './database';
import { INTERNAL_SCHEMA, ORDER_COLUMN, sourceTable } from './database';
import { queryRows } from './rows';
import { planColumn, type ColumnPlan } from './source-columns';
import { requireColumns } from './column-check';
import { stageFile } from './source-batches';
import { sourceFiles, type SourceFile } from './source-files';

export interface LoadOptions {
  /** The columns wanted; the event time column comes always. All when absent. */
  columns?: string[];
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

export interface LoadedSource {
  source: string;
  /** As they are in the source: every time is TIMESTAMP. */
  columns: ColumnInfo[];
  rows: number;
  /** Least and greatest event time, microseconds UTC; null when there are none. */
  timeRange: { min: bigint; max: bigint } | null;
  files: FileEntry[];
}

/**
 * Loads a source into `sourceTable(source)` with its order column, and makes the view by which SQL reads it. What was
 * loaded before stays readable until the new rows are complete, then is replaced at once. Errors: `source.*`,
 * `catalog.unknown_column`, `catalog.name_collision`, `engine.cancelled`.
 */
export function loadSource(
  db: Database,
  files: WorkspaceFiles,
  reader: ParquetReader,
  source: Source,
  options: LoadOptions = {},
): Promise<LoadedSource> {
  return load(db, files, reader, source, options, true);
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
  options: { signal?: AbortSignal } = {},
): Promise<ColumnInfo[]> {
  return (await load(db, files, reader, source, options, false)).columns;
}

async function load(
  db: Database,
  files: WorkspaceFiles,
  reader: ParquetReader,
  source: Source,
  options: LoadOptions,
  rows: boolean,
): Promise<LoadedSource> {
  const found = await sourceFiles(files, source);
  const wanted = wantedColumns(source, options.columns);
  const staging = { schema: INTERNAL_SCHEMA, name: `staging_${source.name}` };
  const loading = { schema: INTERNAL_SCHEMA, name: `loading_${source.name}` };
  const totalRows = await rowsOf(
    reader,
    found.map((file) => ({ ...file })),
  );
  let plan: { file: string; columns: ColumnPlan[] } | null = null;
  let loaded = 0;
  try {
    await db.query(`DROP TABLE IF EXISTS ${relation(loading)}`);
    for (const file of found) {
      const batchOptions = { columns: wanted, rows, ...(options.signal ? { signal: options.signal } : {}) };
      for await (const _ of stageFile(db, files, reader, file, staging, batchOptions)) {
        const columns = await planColumns(db, source, file.path, staging, wanted);
        if (plan === null) {
          plan = { file: file.path, columns };
          await db.query(createTable(loading, columns));
        }
        requireSame(source, plan, { file: file.path, columns });
        await refuseBadTimes(db, file.path, staging, columns, loaded);
        loaded += await append(db, loading, staging, plan.columns, columns, loaded, options.signal);
        options.onProgress?.({
          phase: `loading ${source.name}`,
          rows: loaded,
          ...(totalRows === null ? {} : { totalRows }),
        });
      }
    }
    if (plan === null) throw new PlumblineError('internal', `Source ${source.name} gave no columns.`);
    await publish(db, source, loading, plan.columns);
  } catch (thrown) {
    // The engine may be gone, and the first error is the one to tell.
    await dropAll(db, [staging, loading]).catch(() => {});
    throw thrown;
  }
  return {
    source: source.name,
    columns: plan.columns.map(({ name, type }) => ({ name, type })),
    rows: loaded,
    timeRange: rows ? await timeRange(db, source) : null,
    files: found.map(({ path, size, modified }) => ({ path, size, modified })),
  };
}

function wantedColumns(source: Source, columns: string[] | undefined): string[] | null {
  if (columns === undefined) return null;
  return [
    ...new Set(
      source.timestamp === null
        ? columns
        : [source.timestamp, ...(source.availableAt === null ? [] : [source.availableAt]), ...columns],
    ),
  ];
}

/** Rows of all files by their footers; null when a file has none. */
async function rowsOf(reader: ParquetReader, files: readonly SourceFile[]): Promise<number | null> {
  let rows = 0;
  for (const file of files) {
    if (file.format !== 'parquet') return null;
    rows += (await reader.metadata(file.path)).rows;
  }
  return rows;
}

async function planColumns(
  db: Database,
  source: Source,
  file: string,
  staging: { schema: string; name: string },
  wanted: string[] | null,
): Promise<ColumnPlan[]> {
  const all = await db.describe(`SELECT * FROM ${relation(staging)}`);
  requireColumns(
    file,
    wanted,
    all.map((column) => column.name),
  );
  const columns = wanted === null ? all : all.filter((column) => wanted.includes(column.name));
  if (columns.some((column) => column.name === ORDER_COLUMN))
    throw new PlumblineError(
      'catalog.name_collision',
      `${file}: "${ORDER_COLUMN}" is a name of Plumbline's own.`,
      {
        hint: 'Rename the column in the file.',
      },
    );
  if (source.timestamp !== null && !columns.some((column) => column.name === source.timestamp))
    throw new PlumblineError('catalog.unknown_column', `${file} has no column "${source.timestamp}".`, {
      hint: `The event time of source ${source.name} must be one of: ${columns.map((column) => column.name).join(', ')}.`,
    });
  return columns.map((column) => {
    const planned = planColumn(column, [source.timestamp, source.availableAt].includes(column.name));
    if (planned) return planned;
    throw new PlumblineError(
      'source.timestamp',
      `${file}: column "${column.name}" is ${column.type}, which is no time.`,
      { hint: 'An event time is a timestamp, a date or text such as 2024-01-31 12:00:00+01:00.' },
    );
  });
}

interface FilePlan {
  file: string;
  columns: ColumnPlan[];
}

function requireSame(source: Source, first: FilePlan, other: FilePlan): void {
  if (first.file === other.file) return;
  const known = new Map(first.columns.map((column) => [column.name, column.type]));
  const problem = (what: string): PlumblineError =>
    new PlumblineError('source.schema_mismatch', `The files of source ${source.name} differ: ${what}.`, {
      hint: 'All files of a source must have the same columns with the same types.',
    });
  for (const column of other.columns) {
    const type = known.get(column.name);
    if (type === undefined) throw problem(`${other.file} has "${column.name}", ${first.file} has not`);
    if (type !== column.type)
      throw problem(`"${column.name}" is ${type} in ${first.file} and ${column.type} in ${other.file}`);
    known.delete(column.name);
  }
  for (const name of known.keys()) throw problem(`${first.file} has "${name}", ${other.file} has not`);
}

function createTable(table: { schema: string; name: string }, columns: ColumnPlan[]): string {
  const definitions = columns.map((column) => `${quote(column.name)} ${column.type}`);
  return `CREATE TABLE ${relation(table)} (${[...definitions, `${quote(ORDER_COLUMN)} BIGINT`].join(', ')})`;
}

async function refuseBadTimes(
  db: Database,
  file: string,
  staging: { schema: string; name: string },
  columns: ColumnPlan[],
  before: number,
): Promise<void> {
  for (const { name, refuses } of columns) {
    if (refuses === null) continue;
    const [bad] = await queryRows(
      db,
      `SELECT rowid AS position, CAST(${quote(name)} AS VARCHAR) AS value FROM ${relation(staging)} WHERE ${refuses} ORDER BY rowid LIMIT 1`,
    );
    if (!bad) continue;
    throw new PlumblineError(
      'source.timestamp',
      `${file}: column "${name}", row ${BigInt(before) + (bad['position'] as bigint) + 1n} of the source: ${String(bad['value'])} is no time in whole microseconds.`,
      { hint: 'Round or correct the value in the file; times are kept in whole microseconds.' },
    );
  }
}

/** Appends the staged rows in their order; gives how many. */
async function append(
  db: Database,
  loading: { schema: string; name: string },
  staging: { schema: string; name: string },
  target: ColumnPlan[],
  columns: ColumnPlan[],
  before: number,
  signal?: AbortSignal,
): Promise<number> {
  const byName = new Map(columns.map((column) => [column.name, column.expression]));
  const expressions = target.map((column) => byName.get(column.name) ?? 'NULL');
  const [row] = await queryRows(
    db,
    `INSERT INTO ${relation(loading)} SELECT ${expressions.join(', ')}, ${before} + rowid FROM ${relation(staging)}`,
    signal ? { signal } : {},
  );
  return Number(row?.['Count'] ?? 0);
}

async function publish(
  db: Database,
  source: Source,
  loading: { schema: string; name: string },
  columns: ColumnPlan[],
): Promise<void> {
  const table = sourceTable(source.name);
  const view = relation({ schema: 'main', name: source.name });
  const list = columns.map((column) => quote(column.name)).join(', ');
  const statements = [
    'BEGIN',
    `DROP VIEW IF EXISTS ${view}`,
    `DROP TABLE IF EXISTS ${relation(table)}`,
    `ALTER TABLE ${relation(loading)} RENAME TO ${quote(table.name)}`,
    `CREATE VIEW ${view} AS SELECT ${list} FROM ${relation(table)}`,
    'COMMIT',
  ];
  try {
    await db.query(statements.join('; '));
  } catch (thrown) {
    await db.query('ROLLBACK').catch(() => {});
    throw thrown;
  }
}

async function dropAll(db: Database, tables: { schema: string; name: string }[]): Promise<void> {
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
