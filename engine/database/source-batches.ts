import { PlumblineError } from '../errors';
import type { WorkspaceFiles } from '../ports';
import { relation } from '../sql/quote';
import type { Database, TablePlace } from './database';
import { jsonTable } from './json-table';
import { readCsv } from './source-columns';
import type { SourceFile } from './source-files';

/**
 * Puts a CSV or JSON file into the table `staging`, in row order. `rows` false: its columns are enough.
 * Errors: `source.corrupt`, `source.unsupported_type`.
 */
export async function stageText(
  db: Database,
  files: WorkspaceFiles,
  file: SourceFile,
  staging: TablePlace,
  options: { rows: boolean; signal?: AbortSignal },
): Promise<void> {
  const bytes = await files.read(file.path);
  if (file.format === 'csv') await stageCsv(db, bytes, file, staging, options);
  else await stageArrow(db, jsonTable(file.path, bytes), staging, options.signal);
}

/** Puts one batch into the table `staging`, which it replaces; the batch is used up. */
export async function stageArrow(
  db: Database,
  batch: Uint8Array,
  staging: TablePlace,
  signal?: AbortSignal,
): Promise<void> {
  await db.query(`DROP TABLE IF EXISTS ${relation(staging)}`);
  await db.ingest(staging, batch, { create: true, handOver: true, signal });
}

async function stageCsv(
  db: Database,
  bytes: Uint8Array,
  file: SourceFile,
  staging: TablePlace,
  { rows, signal }: { rows: boolean; signal?: AbortSignal },
): Promise<void> {
  const name = `${staging.name}${/\.(csv|tsv)(\.gz)?$/i.exec(file.path)?.[0].toLowerCase() ?? '.csv'}`;
  const path = await db.registerFile(name, bytes);
  try {
    const sniffed = await db.describe(`SELECT * FROM ${readCsv(path)}`);
    const zoned = sniffed.filter(({ type }) => type.startsWith('TIMESTAMP')).map((column) => column.name);
    const select = `SELECT * FROM ${readCsv(path, zoned)}${rows ? '' : ' LIMIT 0'}`;
    await db.query(`CREATE OR REPLACE TABLE ${relation(staging)} AS ${select}`, { signal });
  } catch (thrown) {
    if (!(thrown instanceof PlumblineError) || !thrown.code.startsWith('sql.')) throw thrown;
    throw new PlumblineError('source.corrupt', `${file.path} is not sound CSV: ${thrown.message}`, {
      cause: thrown,
      hint: 'Check the line that the message names, the delimiter and the quotes.',
    });
  } finally {
    await db.dropFile(name);
  }
}
