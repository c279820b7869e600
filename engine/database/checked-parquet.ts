import { PlumblineError } from '../errors';
import type { ParquetCompression, ParquetReader, ParquetWriter, WorkspaceFiles } from '../ports';
import type { ArrowBytes } from './database';

/** One Parquet file that is to be written. */
export interface ParquetJob {
  /** Relative to the folder of `files`. */
  file: string;
  batches: AsyncIterable<ArrowBytes>;
  /** What it must hold. */
  rows: number;
  columns: readonly string[];
  compression: ParquetCompression;
  keyValues: Record<string, string>;
  signal?: AbortSignal;
}

export interface ParquetHost {
  writer: ParquetWriter;
  /** Reads the footer of what the writer made. */
  reader: Pick<ParquetReader, 'metadataOf'>;
  files: WorkspaceFiles;
}

/**
 * Writes a Parquet file after its rows and its footer were held against what it must hold; nothing is written when
 * they differ. Size in bytes. Errors: `export.mismatch`, `export.failed`, `engine.cancelled`, `file.*`.
 */
export async function writeCheckedParquet(
  { writer, reader, files }: ParquetHost,
  job: ParquetJob,
): Promise<{ size: number; sha256: string }> {
  const { file, compression, keyValues, signal } = job;
  const { bytes, rows } = await writer.write(job.batches, { compression, keyValues });
  requireRows(job, rows);
  const footer = await reader.metadataOf(file, bytes).catch((thrown: unknown) => {
    throw mismatch(file, 'would not be a whole Parquet file', thrown);
  });
  requireRows(job, footer.rows);
  const names = footer.columns.map((column) => column.name);
  if (names.join('\n') !== job.columns.join('\n'))
    throw mismatch(file, `would have the columns ${names.join(', ')} instead of ${job.columns.join(', ')}`);
  if (signal?.aborted) throw new PlumblineError('engine.cancelled', 'The run was cancelled.');
  return files.write(file, bytes);
}

function requireRows({ file, rows: wanted }: ParquetJob, found: number): void {
  if (found !== wanted) throw mismatch(file, `would hold ${found} rows instead of ${wanted}`);
}

function mismatch(file: string, what: string, cause?: unknown): PlumblineError {
  return new PlumblineError('export.mismatch', `the export ${file} ${what}; nothing was written`, {
    hint: 'Run the cell again and export it anew.',
    cause,
  });
}
