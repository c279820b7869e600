import type { ParquetFile } from 'parquet-wasm/esm/parquet_wasm.js';
import { PlumblineError, toErrorRecord } from '../errors';
import type { ParquetMetadata } from '../ports';
import { parquetError, readMetadata, readRows, readSchema } from './parquet-file';
import { ParquetAssembly, type ParquetLibrary } from './parquet-assembly';
import type { ParquetAnswer, ParquetRequest, ParquetResults } from './parquet-protocol';

/** What differs between hosts: how the library starts, and how it opens a file. */
export interface ParquetWorkerHost {
  start(wasm: string): Promise<ParquetLibrary>;
  open(library: ParquetLibrary, location: string): Promise<ParquetFile>;
}

/** The worker's side: answers requests one after another. Runs wherever parquet-wasm runs. */
export class ParquetWorker {
  private library: ParquetLibrary | null = null;
  private opened: { location: string; file: ParquetFile } | null = null;
  private assembly: ParquetAssembly | null = null;

  constructor(private readonly host: ParquetWorkerHost) {}

  async answer(id: number, request: ParquetRequest): Promise<ParquetAnswer> {
    try {
      return { id, ok: true, value: await this.handle(request) };
    } catch (thrown) {
      const location = 'location' in request ? request.location : '';
      const error = location === '' ? thrown : parquetError(thrown, location);
      return { id, ok: false, error: toErrorRecord(error) };
    }
  }

  private async handle(request: ParquetRequest): Promise<ParquetResults[ParquetRequest['do']]> {
    switch (request.do) {
      case 'start':
        this.library = await this.host.start(request.wasm);
        return null;
      case 'metadata':
        // The file may have changed since it was opened for something else.
        this.close();
        return readMetadata(await this.file(request.location));
      case 'metadata-of':
        return this.metadataOf(request.bytes);
      case 'read':
        if (request.reopen) this.close();
        return readRows(await this.file(request.location), request);
      case 'schema':
        return readSchema(await this.file(request.location), request.columns);
      case 'begin':
        this.assembly = new ParquetAssembly(this.running(), request);
        return null;
      case 'append':
        await this.assembling().append(request.stream);
        return null;
      case 'finish': {
        const finished = await this.assembling().finish();
        this.assembly = null;
        return finished;
      }
      case 'abandon':
        this.assembly = null;
        return null;
    }
  }

  private async metadataOf(bytes: Uint8Array): Promise<ParquetMetadata> {
    const file = await this.running().ParquetFile.fromFile(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    try {
      return readMetadata(file);
    } finally {
      file.free();
    }
  }

  private async file(location: string): Promise<ParquetFile> {
    if (this.opened?.location === location) return this.opened.file;
    this.close();
    const file = await this.host.open(this.running(), location);
    this.opened = { location, file };
    return file;
  }

  private close(): void {
    this.opened?.file.free();
    this.opened = null;
  }

  private running(): ParquetLibrary {
    if (!this.library) throw new PlumblineError('internal', 'The Parquet worker was not started.');
    return this.library;
  }

  private assembling(): ParquetAssembly {
    if (!this.assembly) throw new PlumblineError('internal', 'No Parquet file is being written.');
    return this.assembly;
  }
}
