import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ParquetClient } from '../database/parquet-client';
import { nodeParquetHost } from './parquet-host';

describe('Parquet in a Node thread', () => {
  let folder: string;
  let parquet: ParquetClient;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-parquet-host-'));
    await mkdir(join(folder, 'a.parquet'));
    parquet = new ParquetClient(nodeParquetHost((path) => Promise.resolve(join(folder, path))));
  });
  afterAll(async () => {
    parquet.close();
    await rm(folder, { recursive: true });
  });

  it.each(['a.parquet', 'absent.parquet'])('cannot read what is no file: %s', async (path) => {
    await expect(parquet.metadata(path)).rejects.toMatchObject({ code: 'source.unreadable' });
  });

  it('does not write a file of which not even the schema came', async () => {
    const nothing: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
    };
    await expect(parquet.write(nothing, { compression: 'zstd' })).rejects.toMatchObject({
      code: 'export.failed',
    });
  });

  it('says of bytes that they are no Parquet file', async () => {
    await expect(parquet.metadataOf('x.parquet', new Uint8Array(40))).rejects.toMatchObject({
      code: 'source.corrupt',
      message: expect.stringContaining('x.parquet'),
    });
  });
});
