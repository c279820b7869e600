import { tableFromIPC, type Field } from '@uwdata/flechette';
import type { ParquetFile } from 'parquet-wasm/esm/parquet_wasm.js';
import { PlumblineError } from '../errors';
import type { ParquetColumn, ParquetMetadata } from '../ports';
import { arrowTypeText, unsupportedReason } from './arrow-type';

/** Rows per record batch inside a row group's stream; the reader's own default of 1,024 costs a factor of two. */
const BATCH_ROWS = 65_536;

/** The Arrow schema that Arrow's own writers add; `columns` already says what it says. */
const ARROW_SCHEMA_KEY = 'ARROW:schema';

export function readMetadata(file: ParquetFile): ParquetMetadata {
  const metadata = file.metadata();
  const facts = metadata.fileMetadata();
  const fields = tableFromIPC(file.schema().intoIPCStream()).schema.fields;
  return {
    rows: facts.numRows(),
    rowGroups: metadata
      .rowGroups()
      .map((group) => ({ rows: group.numRows(), bytes: group.compressedSize() })),
    columns: fields.map(describeField),
    keyValues: Object.fromEntries(
      [...facts.keyValueMetadata()]
        .filter(([key]) => key !== ARROW_SCHEMA_KEY)
        .map(([key, value]) => [String(key), String(value ?? '')]),
    ),
    createdBy: facts.createdBy() ?? null,
  };
}

function describeField(field: Field): ParquetColumn {
  const unsupported = unsupportedReason(field.type);
  const column = { name: field.name, type: arrowTypeText(field.type) };
  return unsupported === null ? column : { ...column, unsupported };
}

/** `limit` rows of the row groups after `offset`, as an IPC stream. */
export async function readRows(
  file: ParquetFile,
  options: { columns: string[] | null; rowGroups: number[]; offset: number; limit: number },
): Promise<Uint8Array> {
  const table = await file.read({
    ...(options.columns ? { columns: options.columns } : {}),
    rowGroups: options.rowGroups,
    batchSize: BATCH_ROWS,
    offset: options.offset,
    limit: options.limit,
  });
  return table.intoIPCStream();
}

/** The schema of the named columns (null: of all) as an IPC stream without rows. */
export async function readSchema(file: ParquetFile, columns: string[] | null): Promise<Uint8Array> {
  if (columns === null) return file.schema().intoIPCStream();
  return (await file.read({ columns, rowGroups: [] })).intoIPCStream();
}

/** What the library said while reading, as an error from the list. */
export function parquetError(thrown: unknown, location: string): PlumblineError {
  if (thrown instanceof PlumblineError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const name = location.split('/').pop() ?? location;
  if (/NotReadable|NotFound|ENOENT|Failed to fetch|error sending request|status/i.test(text))
    return new PlumblineError('source.unreadable', `${name} cannot be read: ${text}`, {
      cause: thrown,
      hint: 'Check that the file is still there and may be read, and that nothing is writing to it.',
    });
  if (/not yet implemented|NYI|Disabled feature|not supported|unsupported/i.test(text))
    return new PlumblineError(
      'source.unsupported_format',
      `${name} uses a part of Parquet that cannot be read: ${text}`,
      {
        cause: thrown,
        hint: 'Write the file again with a common codec (zstd, snappy, gzip) and without encryption.',
      },
    );
  return new PlumblineError('source.corrupt', `${name} is not a sound Parquet file: ${text}`, {
    cause: thrown,
    hint: 'The file is damaged or was not written to its end. Write it again.',
  });
}
