import { tableFromIPC } from '@uwdata/flechette';
import type { Source } from '../catalog/model';
import { PlumblineError } from '../errors';
import type { OnProgress, ParquetMetadata, ParquetReader, WorkspaceFiles } from '../ports';
import { quote, relation } from '../sql/quote';
import type { ColumnInfo, Database, TablePlace } from './database';
import { queryRows } from './rows';
import { stageArrow, stageText } from './source-batches';
import type { ColumnPlan } from './source-columns';
import type { SourceFile } from './source-files';
import { estimatedBytes } from './source-size';
import {
  columnsToLoad,
  planFile,
  requireSame,
  sameColumns,
  supportedColumns,
  type FilePlan,
} from './source-plan';
import { createRowsSql } from './source-tables';

/** An SQL condition over a source's columns; `column` gives the SQL of one of them, as the source will hold it. */
export type RowFilter = (column: (name: string) => string) => string;

export interface Filling {
  db: Database;
  files: WorkspaceFiles;
  reader: ParquetReader;
  source: Source;
  /** Holds one batch of a file that cannot go straight to its place. */
  staging: TablePlace;
  /** Where the rows gather. */
  loading: TablePlace;
  options: {
    rows: boolean;
    columns?: ReadonlySet<string> | null;
    filter?: RowFilter;
    /** Bytes that the rows may take in the engine; no limit when absent. */
    budget?: number;
    signal?: AbortSignal;
    onProgress?: OnProgress;
  };
}

/**
 * Reads the files of one source into a table, in file order. Parquet goes straight into the table where no column
 * needs a conversion that can fail; every other batch is staged, checked and copied.
 */
export class SourceFiller {
  /** Rows so far. */
  rows = 0;
  /** Whether the source does not fit into the budget: then no row is read. */
  large = false;
  private read = 0;
  private totalRows: number | null = null;
  private first: { plan: FilePlan; held: ColumnPlan[]; metadata: ParquetMetadata | null } | null = null;

  constructor(private readonly filling: Filling) {}

  async fill(files: readonly SourceFile[]): Promise<void> {
    const metadata = new Map<SourceFile, ParquetMetadata>();
    for (const file of files)
      if (file.format === 'parquet') metadata.set(file, await this.filling.reader.metadata(file.path));
    const known = files.map((file) => metadata.get(file)?.rows ?? null);
    this.totalRows = known.includes(null) ? null : known.reduce<number>((sum, rows) => sum + rows!, 0);
    for (const file of files) {
      const facts = metadata.get(file);
      if (facts) await this.fillParquet(file, facts);
      else await this.fillText(file);
    }
  }

  /** All columns of the source, and those that the table holds. */
  plan(): { columns: ColumnInfo[]; held: ColumnInfo[] } {
    const info = ({ name, type }: ColumnPlan): ColumnInfo => ({ name, type });
    if (this.first === null)
      throw new PlumblineError('internal', `Source ${this.filling.source.name} gave no columns.`);
    return { columns: this.first.plan.columns.map(info), held: this.first.held.map(info) };
  }

  /** Rows of the source and the bytes that its columns take in an engine, by estimate. */
  size(): { rows: number; bytes: number } {
    const rows = this.large ? (this.totalRows ?? 0) : this.rows;
    return { rows, bytes: estimatedBytes(this.plan().held, rows) };
  }

  private async fillParquet(file: SourceFile, metadata: ParquetMetadata): Promise<void> {
    const { db, reader, staging, loading, options } = this.filling;
    const { signal, filter } = options;
    const plan = await this.planParquet(file, metadata);
    const held = await this.take(plan, metadata);
    if (!options.rows || this.large) return;
    const columns = held.map(({ name }) => name);
    const straight = filter === undefined && isStraight(plan.columns, held);
    for await (const batch of reader.read(file.path, { columns, signal })) {
      if (straight) {
        const { numRows } = tableFromIPC(batch);
        await db.ingest(loading, batch, { create: false, handOver: true, signal });
        this.count(numRows, numRows);
      } else {
        await stageArrow(db, batch, staging, signal);
        await this.appendStaged(plan, held);
      }
    }
  }

  private async fillText(file: SourceFile): Promise<void> {
    const { db, files, source, staging, options } = this.filling;
    await stageText(db, files, file, staging, options);
    const plan = planFile(source, file.path, await db.describe(`SELECT * FROM ${relation(staging)}`));
    const held = await this.take(plan, null);
    if (options.rows) await this.appendStaged(plan, held);
  }

  /** The plan of a file from its schema alone. */
  private async planParquet(file: SourceFile, metadata: ParquetMetadata): Promise<FilePlan> {
    const { db, reader, source, staging, options } = this.filling;
    const columns = supportedColumns(file.path, metadata, options.columns ?? null);
    const { first } = this;
    if (first?.metadata && sameColumns(first.metadata, metadata))
      return { file: file.path, columns: first.plan.columns };
    const all = columns.length === metadata.columns.length;
    const schema = { rowGroups: [], signal: options.signal, ...(all ? {} : { columns }) };
    for await (const empty of reader.read(file.path, schema))
      await stageArrow(db, empty, staging, options.signal);
    return planFile(source, file.path, await db.describe(`SELECT * FROM ${relation(staging)}`));
  }

  /** Holds a file's plan against the first one's; the first decides the table. Gives the columns to read. */
  private async take(plan: FilePlan, metadata: ParquetMetadata | null): Promise<ColumnPlan[]> {
    const { db, source, loading, options } = this.filling;
    if (this.first === null) {
      const held = columnsToLoad(source, plan.columns, options.columns ?? null, this.totalRows);
      this.large = estimatedBytes(held, this.totalRows ?? 0) > (options.budget ?? Infinity);
      await db.query(createRowsSql(loading, held));
      this.first = { plan, held, metadata };
    }
    requireSame(source, this.first.plan, plan);
    return this.first.held;
  }

  /** Checks the staged batch and appends its rows in their order. */
  private async appendStaged(plan: FilePlan, held: readonly ColumnPlan[]): Promise<void> {
    const { db, staging, loading, options } = this.filling;
    const { filter, signal } = options;
    const byName = new Map(plan.columns.map((column) => [column.name, column]));
    const columns = held.map(({ name }) => byName.get(name)!);
    await this.refuseBadTimes(plan.file, columns);
    const expression = (name: string): string => byName.get(name)?.expression ?? quote(name);
    const where = filter === undefined ? '' : ` WHERE ${filter(expression)}`;
    const list = columns.map((column) => column.expression).join(', ');
    const sql = `INSERT INTO ${relation(loading)} SELECT ${list} FROM ${relation(staging)}${where}`;
    const [row] = await queryRows(db, sql, { signal });
    const [staged] = filter ? await queryRows(db, `SELECT count(*) AS n FROM ${relation(staging)}`) : [];
    const kept = Number(row?.['Count'] ?? 0);
    this.count(staged ? Number(staged['n']) : kept, kept);
  }

  private async refuseBadTimes(file: string, columns: readonly ColumnPlan[]): Promise<void> {
    const { db, staging } = this.filling;
    for (const { name, refuses } of columns) {
      if (refuses === null) continue;
      const sql = `SELECT rowid AS position, CAST(${quote(name)} AS VARCHAR) AS value FROM ${relation(staging)} WHERE ${refuses} ORDER BY rowid LIMIT 1`;
      const [bad] = await queryRows(db, sql);
      if (!bad) continue;
      throw new PlumblineError(
        'source.timestamp',
        `${file}: column "${name}", row ${BigInt(this.read) + (bad['position'] as bigint) + 1n} of the source: ${String(bad['value'])} is no time in whole microseconds.`,
        { hint: 'Round or correct the value in the file; times are kept in whole microseconds.' },
      );
    }
  }

  private count(read: number, kept: number): void {
    this.read += read;
    this.rows += kept;
    const total = this.totalRows === null ? {} : { totalRows: this.totalRows };
    this.filling.options.onProgress?.({
      phase: `loading ${this.filling.source.name}`,
      rows: this.read,
      ...total,
    });
  }
}

/**
 * Whether a file's batches can be appended as they come: by position, in the table's order, with conversions that
 * change no value.
 */
function isStraight(file: readonly ColumnPlan[], held: readonly ColumnPlan[]): boolean {
  const names = new Set(held.map(({ name }) => name));
  const given = file.filter(({ name }) => names.has(name));
  return given.every(({ name, refuses }, at) => refuses === null && name === held[at]?.name);
}
