import { PlumblineError } from '../errors';
import type { ParquetMetadata, ParquetReader, WorkspaceFiles } from '../ports';
import { quote, relation } from '../sql/quote';
import type { Database } from './database';
import { requireColumns } from './column-check';
import { jsonTable } from './json-table';
import { readCsv } from './source-columns';
import type { SourceFile } from './source-files';

export interface BatchOptions {
  columns: string[] | null;
  /** Whether rows are wanted; without them each file gives its columns only. */
  rows: boolean;
  signal?: AbortSignal;
}

/**
 * Puts one file batch by batch into the table `staging`, in row order, and hands over each time it is filled. The
 * table is the caller's to read; it is dropped before the next batch.
 */
export async function* stageFile(
  db: Database,
  files: WorkspaceFiles,
  reader: ParquetReader,
  file: SourceFile,
  staging: { schema: string; name: string },
  options: BatchOptions,
): AsyncGenerator<void> {
  const drop = (): Promise<unknown> => db.query(`DROP TABLE IF EXISTS ${relation(staging)}`);
  if (file.format === 'csv') {
    await drop();
    await stageCsv(db, files, file, staging, options);
    yield;
  } else {
    for await (const stream of arrowStreams(files, reader, file, options)) {
      await drop();
      await db.ingest(staging, stream, { create: true, signal: options.signal });
      yield;
    }
  }
  await drop();
}

async function* arrowStreams(
  files: WorkspaceFiles,
  reader: ParquetReader,
  file: SourceFile,
  options: BatchOptions,
): AsyncIterable<Uint8Array> {
  if (file.format === 'json') {
    yield jsonTable(file.path, await files.read(file.path));
    return;
  }
  const metadata = await reader.metadata(file.path);
  refuseUnsupported(file.path, metadata, options.columns);
  const streams = reader.read(file.path, {
    ...(options.columns ? { columns: options.columns } : {}),
    ...(options.rows ? {} : { rowGroups: [] }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  yield* ahead(streams);
}

/** Asks for the next stream while the one before is being inserted. */
async function* ahead<T>(streams: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = streams[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = iterator.next();
      // A failure is taken up at the next turn, not as an unhandled rejection meanwhile.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await next.catch(() => {});
    await iterator.return?.();
  }
}

async function stageCsv(
  db: Database,
  files: WorkspaceFiles,
  file: SourceFile,
  staging: { schema: string; name: string },
  options: BatchOptions,
): Promise<void> {
  const name = `${staging.name}${/\.(csv|tsv)(\.gz)?$/i.exec(file.path)?.[0].toLowerCase() ?? '.csv'}`;
  const path = await db.registerFile(name, await files.read(file.path));
  try {
    const sniffed = await db.describe(`SELECT * FROM ${readCsv(path)}`);
    requireColumns(
      file.path,
      options.columns,
      sniffed.map((column) => column.name),
    );
    const zoned = sniffed.filter(({ type }) => type.startsWith('TIMESTAMP')).map((column) => column.name);
    const selected = options.columns?.map(quote).join(', ') ?? '*';
    await db.query(
      `CREATE TABLE ${relation(staging)} AS SELECT ${selected} FROM ${readCsv(path, zoned)}${options.rows ? '' : ' LIMIT 0'}`,
      options.signal ? { signal: options.signal } : {},
    );
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

function refuseUnsupported(path: string, metadata: ParquetMetadata, columns: string[] | null): void {
  const refused = metadata.columns.find(
    (column) => column.unsupported !== undefined && (columns === null || columns.includes(column.name)),
  );
  if (!refused) return;
  throw new PlumblineError(
    'source.unsupported_type',
    `${path}: column "${refused.name}" is of type ${refused.type}; ${refused.unsupported} cannot be loaded.`,
    { hint: 'Write the column as a number or as text, or leave it out of the file.' },
  );
}
