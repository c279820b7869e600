import type { Catalog } from '../catalog/model';
import type { ArrowBytes, Database } from '../database/database';
import { writeCheckedParquet } from '../database/checked-parquet';
import { canonicalJson, MANIFEST_KEY, type ManifestSource } from '../database/manifest-parts';
import type { OnProgress, ParquetCompression, ParquetReader, ParquetWriter, WorkspaceFiles } from '../ports';
import { estimatedBytes } from '../database/source-size';
import { quote } from '../sql/quote';
import { inRange, rowRanges } from '../sql/row-range';
import { printSelect } from '../sql/select';
import { definitionsOf, MANIFEST_VERSION, type Manifest } from './manifest';
import type { BuiltTrainingSet } from './training-set';

export interface ExportOptions {
  /** Relative to the workspace. The manifest is written beside it: `<file>.manifest.json`. */
  file: string;
  compression: ParquetCompression;
  catalog: Catalog;
  /** Every source that the set rests on, its spine's included. */
  sources: ManifestSource[];
  /** Plumbline's own version. */
  version: string;
  /** Reads the footer of what the writer made. */
  reader: Pick<ParquetReader, 'metadataOf'>;
  /** Rows that are sorted at a time; by the width of a row when absent. For tests. */
  rangeRows?: number;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

export interface ExportedTrainingSet {
  file: string;
  sha256: string;
  /** Bytes. */
  size: number;
  rows: number;
  /** Path of the manifest. */
  manifestFile: string;
  manifest: Manifest;
}

/**
 * Writes a built training set as Parquet, and its manifest. The same inputs give the same bytes. What the writer made
 * is checked before anything is written. Errors: `export.mismatch`, `export.failed`, `engine.cancelled`, `file.*`.
 */
export async function exportTrainingSet(
  db: Database,
  writer: ParquetWriter,
  files: WorkspaceFiles,
  built: BuiltTrainingSet,
  options: ExportOptions,
): Promise<ExportedTrainingSet> {
  const { file, compression, signal, onProgress = () => {} } = options;
  const inside = await describeRun(db, built, options);
  onProgress({ phase: `writing ${file}`, totalRows: built.rows });
  const { size, sha256 } = await writeCheckedParquet(
    { writer, reader: options.reader, files },
    {
      file,
      batches: rowsInOrder(db, built, options),
      rows: built.rows,
      columns: built.columns.map((column) => column.name),
      compression,
      keyValues: { [MANIFEST_KEY]: canonicalJson(inside) },
      signal,
    },
  );
  const manifest: Manifest = { ...inside, file: { path: file, size, sha256 } };
  const manifestFile = `${file}.manifest.json`;
  await files.write(manifestFile, new TextEncoder().encode(canonicalJson(manifest)));
  return { file, sha256, size, rows: built.rows, manifestFile, manifest };
}

/** Range by range: a long table is not sorted as a whole. */
async function* rowsInOrder(
  db: Database,
  { rows, columns, table }: BuiltTrainingSet,
  { rangeRows, signal }: ExportOptions,
): AsyncGenerator<ArrowBytes> {
  for (const range of rowRanges(rows, estimatedBytes(columns, 1), rangeRows)) {
    const sql = printSelect({
      columns: columns.map(({ name }) => quote(name)),
      from: [table],
      where: [inRange('"__row"', range)],
      orderBy: ['"__row"'],
    });
    yield* db.stream(sql, { signal });
  }
}

/** The manifest of a run before its file is known: what `checkManifest` compares when nothing is exported. */
export async function describeRun(
  db: Database,
  built: BuiltTrainingSet,
  options: Pick<ExportOptions, 'catalog' | 'sources' | 'version' | 'compression'>,
): Promise<Manifest> {
  const { version: duckdb } = await db.info();
  return {
    plumbline_manifest: MANIFEST_VERSION,
    engine: { plumbline: options.version, duckdb },
    training_set: built.set.name,
    compression: options.compression,
    rows: built.rows,
    spine_rows: built.spineRows,
    sample: built.sample,
    columns: built.columns,
    definitions: definitionsOf(options.catalog, built.set),
    sql: built.sqlTexts,
    sources: options.sources,
    features: built.features,
    means: built.means,
    warnings: built.warnings,
  };
}
