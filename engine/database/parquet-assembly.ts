import type { RecordBatch, Table, WriterProperties } from 'parquet-wasm/esm/parquet_wasm.js';
import { PlumblineError } from '../errors';
import type { ParquetCompression } from '../ports';

/** The module `parquet-wasm/esm/parquet_wasm.js`, started. */
export type ParquetLibrary = typeof import('parquet-wasm/esm/parquet_wasm.js');

export interface AssemblyOptions {
  compression: ParquetCompression;
  keyValues: Record<string, string>;
  rowGroupRows: number;
}

/**
 * One Parquet file being written from IPC streams. Row groups are encoded as they fill, so that memory holds the
 * compressed file and one row group.
 */
export class ParquetAssembly {
  private sink: ReadableStreamDefaultController<RecordBatch> | null = null;
  private written: Promise<Uint8Array[]> | null = null;
  private empty: Uint8Array | null = null;
  private rows = 0;

  constructor(
    private readonly library: ParquetLibrary,
    private readonly options: AssemblyOptions,
  ) {}

  async append(stream: Uint8Array): Promise<void> {
    const table = this.library.Table.fromIPCStream(stream);
    const batches = table.recordBatches().filter((batch) => batch.numRows > 0);
    if (batches.length === 0) {
      this.empty ??= stream;
      return;
    }
    this.begin();
    for (const batch of batches) {
      this.rows += batch.numRows;
      this.sink!.enqueue(batch);
    }
    // Lets the writer take what was queued before the next stream is decoded.
    await Promise.resolve();
  }

  async finish(): Promise<{ bytes: Uint8Array; rows: number }> {
    if (this.sink === null) return { bytes: this.writeEmpty(), rows: 0 };
    this.sink.close();
    return { bytes: joined(await this.written!), rows: this.rows };
  }

  private begin(): void {
    if (this.sink !== null) return;
    const stream = new ReadableStream<RecordBatch>({ start: (controller) => void (this.sink = controller) });
    this.written = this.library
      .transformParquetStream(stream, this.properties())
      .then((output) => collect(output as ReadableStream<Uint8Array>));
    // Awaited in finish(); until then a failure must not count as unhandled.
    this.written.catch(() => {});
  }

  private writeEmpty(): Uint8Array {
    if (this.empty === null)
      throw new PlumblineError('export.failed', 'There is nothing to write: not even a schema came.');
    const table: Table = this.library.Table.fromIPCStream(this.empty);
    return this.library.writeParquet(table, this.properties());
  }

  private properties(): WriterProperties {
    const { Compression, EnabledStatistics, WriterPropertiesBuilder } = this.library;
    const codec = {
      zstd: Compression.ZSTD,
      snappy: Compression.SNAPPY,
      gzip: Compression.GZIP,
      none: Compression.UNCOMPRESSED,
    }[this.options.compression];
    return new WriterPropertiesBuilder()
      .setCompression(codec)
      .setMaxRowGroupSize(this.options.rowGroupRows)
      .setStatisticsEnabled(EnabledStatistics.Chunk)
      .setCreatedBy('Plumbline')
      .setKeyValueMetadata(new Map(Object.entries(this.options.keyValues)))
      .build();
  }
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts;
    parts.push(value);
  }
}

function joined(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
