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
  /** Where given, the footer of the written file is read back and compared. */
  reader?: ParquetReader;
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
  checkBytes(file, bytes, rows, built.rows);
  signal?.throwIfAborted();
  const { size, sha256 } = await files.write(file, bytes);
  if (options.reader) await checkFooter(options.reader, file, built);
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
    warnings: built.warnings,
  };
}

/** A Parquet file begins and ends with `PAR1`; before the end stands the footer's length, 4 bytes little-endian. */
function checkBytes(file: string, bytes: Uint8Array, rows: number, expected: number): void {
  if (rows !== expected) throw mismatch(file, `holds ${rows} rows instead of ${expected}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = 0x31524150;
  const whole =
    bytes.length >= 12 &&
    view.getUint32(0, true) === magic &&
    view.getUint32(bytes.length - 4, true) === magic &&
    view.getUint32(bytes.length - 8, true) <= bytes.length - 12;
  if (!whole) throw mismatch(file, 'is not a whole Parquet file');
}

async function checkFooter(reader: ParquetReader, file: string, built: BuiltTrainingSet): Promise<void> {
  const footer = await reader.metadata(file);
  if (footer.rows !== built.rows) throw mismatch(file, `holds ${footer.rows} rows instead of ${built.rows}`);
  const names = footer.columns.map((column) => column.name);
  const expected = built.columns.map((column) => column.name);
  if (names.join('\n') !== expected.join('\n')) throw mismatch(file, `has the columns ${names.join(', ')}`);
}

function mismatch(file: string, what: string): PlumblineError {
  return new PlumblineError('export.mismatch', `the export ${file} ${what}`, {
    hint: 'Run the training set again and export it anew.',
  });
}
