import type { Catalog } from '../catalog/model';
import type { Database } from '../database/database';
import { PlumblineError } from '../errors';
import type { OnProgress, ParquetCompression, ParquetReader, ParquetWriter, WorkspaceFiles } from '../ports';
import { quote } from '../sql/quote';
import {
  canonicalJson,
  definitionsOf,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestSource,
} from './manifest';
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

/** The key of the Parquet file's own metadata under which the manifest (without `file`) is kept. */
export const MANIFEST_KEY = 'plumbline.manifest';

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
  const columns = built.columns.map((column) => quote(column.name)).join(', ');
  const sql = `SELECT ${columns} FROM ${built.table} ORDER BY "__row"`;
  onProgress({ phase: `writing ${file}`, totalRows: built.rows });
  const { bytes, rows } = await writer.write(db.stream(sql, { signal }), {
    compression,
    keyValues: { [MANIFEST_KEY]: canonicalJson(inside) },
  });
  if (rows !== built.rows) throw mismatch(file, `would hold ${rows} rows instead of ${built.rows}`);
  await checkFooter(options.reader, file, bytes, built);
  if (signal?.aborted) throw new PlumblineError('engine.cancelled', 'The run was cancelled.');
  const { size, sha256 } = await files.write(file, bytes);
  const manifest: Manifest = { ...inside, file: { path: file, size, sha256 } };
  const manifestFile = `${file}.manifest.json`;
  await files.write(manifestFile, new TextEncoder().encode(canonicalJson(manifest)));
  return { file, sha256, size, rows, manifestFile, manifest };
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

async function checkFooter(
  reader: ExportOptions['reader'],
  file: string,
  bytes: Uint8Array,
  built: BuiltTrainingSet,
): Promise<void> {
  const footer = await reader.metadataOf(file, bytes).catch((thrown: unknown) => {
    throw mismatch(file, 'would not be a whole Parquet file', thrown);
  });
  if (footer.rows !== built.rows)
    throw mismatch(file, `would hold ${footer.rows} rows instead of ${built.rows}`);
  const names = footer.columns.map((column) => column.name);
  const expected = built.columns.map((column) => column.name);
  if (names.join('\n') !== expected.join('\n'))
    throw mismatch(file, `would have the columns ${names.join(', ')} instead of ${expected.join(', ')}`);
}

function mismatch(file: string, what: string, cause?: unknown): PlumblineError {
  return new PlumblineError('export.mismatch', `the export ${file} ${what}; nothing was written`, {
    hint: 'Run the training set again and export it anew.',
    cause,
  });
}
