import { cancelled } from './engine-connection';
import type { ParquetCompression, ParquetMetadata, ParquetReader, ParquetWriter } from '../ports';
import { requireColumns } from './column-check';
import type { ArrowBytes } from './database';
import { ParquetLink, type ParquetHost } from './parquet-link';
import { slicesOf, type ParquetSlice } from './parquet-slices';

/** Rows per row group in files that Plumbline writes. */
const ROW_GROUP_ROWS = 122_880;
/** A writer whose file was larger (bytes) is ended: its memory would stay as large. */
const KEPT_WRITER_BYTES = 16 * 1024 * 1024;

/** Reads and writes Parquet in workers: each read is spread over all of them, each written file has one of its own. */
export class ParquetClient implements ParquetReader, ParquetWriter {
  private readonly links: readonly ParquetLink[];
  /** A writer that has written its file, for the next one: many small files need not start a worker each. */
  private idle: ParquetLink | null = null;
  private closed = false;

  /** `workers`: how many slices of a file may be decoded at the same time. */
  constructor(
    private readonly host: ParquetHost,
    workers = 1,
  ) {
    this.links = Array.from({ length: workers }, () => new ParquetLink(host));
  }

  async metadata(path: string): Promise<ParquetMetadata> {
    const location = await this.host.locate(path);
    return this.links[0]!.ask({ do: 'metadata', location }, path);
  }

  metadataOf(name: string, bytes: Uint8Array): Promise<ParquetMetadata> {
    return this.links[0]!.ask({ do: 'metadata-of', location: name, bytes }, name);
  }

  async *read(
    path: string,
    options: { columns?: string[]; rowGroups?: number[]; signal?: AbortSignal } = {},
  ): AsyncGenerator<ArrowBytes> {
    const { signal } = options;
    const columns = options.columns ?? null;
    const { rowGroups, columns: known } = await this.metadata(path);
    const names = known.map((column) => column.name);
    requireColumns(path, columns, names);
    const location = await this.host.locate(path);
    const slices = slicesOf(rowGroups, options.rowGroups ?? null, (columns ?? names).length);
    if (slices.length === 0)
      yield await this.links[0]!.ask({ do: 'schema', location, columns }, path, signal);
    else yield* this.inParallel(path, location, columns, slices, signal);
  }

  async write(
    batches: AsyncIterable<ArrowBytes>,
    options: { compression: ParquetCompression; keyValues?: Record<string, string>; rowGroupRows?: number },
  ): Promise<{ bytes: Uint8Array; rows: number }> {
    // A worker of its own: the batches may come from a read through this very client.
    const link = this.idle ?? new ParquetLink(this.host);
    this.idle = null;
    try {
      const begin = {
        do: 'begin',
        compression: options.compression,
        keyValues: options.keyValues ?? {},
        rowGroupRows: options.rowGroupRows ?? ROW_GROUP_ROWS,
      } as const;
      await link.ask(begin, null);
      for await (const stream of batches) await link.ask({ do: 'append', stream }, null);
      const written = await link.ask({ do: 'finish' }, null);
      const keep = !this.closed && this.idle === null && written.bytes.length <= KEPT_WRITER_BYTES;
      if (keep) this.idle = link;
      else link.close();
      return written;
    } catch (thrown) {
      link.close();
      throw thrown;
    }
  }

  /** Ends the workers; requests that still wait fail with `engine.died`. */
  close(): void {
    this.closed = true;
    this.idle?.close();
    this.idle = null;
    for (const link of this.links) link.close();
  }

  /** Slices in their order; each worker decodes one while the reader works on another. */
  private async *inParallel(
    path: string,
    location: string,
    columns: string[] | null,
    slices: readonly ParquetSlice[],
    signal?: AbortSignal,
  ): AsyncGenerator<ArrowBytes> {
    const asked: Promise<ArrowBytes>[] = [];
    let next = 0;
    const ask = (): void => {
      const slice = slices[next];
      if (slice === undefined) return;
      // The file may have changed since a worker opened it for an earlier read.
      const reopen = next < this.links.length;
      const link = this.links[next++ % this.links.length]!;
      const answer = link.ask({ do: 'read', location, columns, reopen, ...slice }, path, signal);
      // A failure is taken up in its turn, not as an unhandled rejection meanwhile.
      answer.catch(() => {});
      asked.push(answer);
    };
    for (let ahead = 0; ahead <= this.links.length; ahead++) ask();
    for (let answer = asked.shift(); answer !== undefined; answer = asked.shift()) {
      const stream = await answer;
      if (signal?.aborted) throw cancelled();
      ask();
      yield stream;
    }
  }
}
