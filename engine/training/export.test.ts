import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MANIFEST_KEY } from '../database/manifest-parts';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { openNodeHost, type NodeHost } from '../node/host';
import type { ParquetMetadata, ParquetWriter } from '../ports';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { exportTrainingSet, type ExportedTrainingSet, type ExportOptions } from './export';
import { checkManifest, type Manifest } from './manifest';
import { buildTrainingSet, type BuiltTrainingSet } from './training-set';
import { halfOpen } from '../catalog/window';

const DAY = 86_400_000_000n;
const last = (of: string) => ({ fn: 'last', of, where: null }) as const;
const features = [
  aFeature('newest', 'int64', { kind: 'aggregation', window: halfOpen(DAY), aggregation: last('big') }),
  aFeature('words', 'string[]', { kind: 'aggregation', window: halfOpen(DAY), aggregation: last('words') }),
  aFeature('mean', 'float64', {
    kind: 'aggregation',
    window: halfOpen(DAY),
    aggregation: { fn: 'avg', of: 'amount', where: null },
  }),
  aFeature('seen', 'timestamp', { kind: 'aggregation', window: halfOpen(DAY), aggregation: last('ts') }),
  aFeature('raw', 'bytes', { kind: 'aggregation', window: halfOpen(DAY), aggregation: last('raw') }),
];
const set = {
  name: 'train',
  spineSql: `SELECT i, i % 6 AS user_id, TIMESTAMP '2025-01-01' + to_hours(i % 40) + to_microseconds(i) AS ts,
    CASE WHEN i % 5 > 0 THEN 9007199254740993 + i END AS wide, 'ü''' || i AS text FROM range(300) r(i) ORDER BY i DESC`,
  timestamp: 'ts',
  label: null,
  features: features.map(({ name }) => ({ view: 'act', feature: name, column: name })),
  export: null,
};
const catalog = catalogOf({
  sources: ['ev'],
  views: [aView('act', 'aggregate', 'ev', features)],
  sets: [set],
});

describe('exportTrainingSet', () => {
  let folder: string;
  let host: NodeHost;
  let native: DuckDBConnection;
  let built: BuiltTrainingSet;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-export-'));
    host = await openNodeHost(folder);
    native = await (await DuckDBInstance.create(':memory:')).connect();
    await host.database.query(`CREATE TABLE _plumb.source_ev AS SELECT i AS __order, i % 5 AS user_id,
      TIMESTAMP '2025-01-01' + to_minutes(i * 13) AS ts, sin(i) AS amount, encode('b' || i) AS raw,
      CASE WHEN i % 4 > 0 THEN 9223372036854775807 - i END AS big,
      CASE i % 3 WHEN 0 THEN [] WHEN 1 THEN ['a', NULL, '漢' || i] END AS words FROM range(150) r(i)`);
    built = await buildTrainingSet(host.database, catalog, set, { sample: null });
  });
  afterAll(async () => {
    native.closeSync();
    await host.close();
    await rm(folder, { recursive: true });
  });

  const options = (more: Partial<ExportOptions> = {}): ExportOptions => ({
    file: 'out/train.parquet',
    compression: 'zstd',
    catalog,
    sources: [{ name: 'ev', rows: 150, files: [{ path: 'ev.parquet', size: 9, sha256: 'aa' }] }],
    version: '1.2.3',
    reader: host.reader,
    ...more,
  });
  const write = (more: Partial<ExportOptions> = {}, writer = host.writer): Promise<ExportedTrainingSet> =>
    exportTrainingSet(host.database, writer, host.files, built, options(more));
  const bytesOf = (path: string): Promise<Buffer> => readFile(join(folder, path));

  it.each(['zstd', 'snappy', 'gzip', 'none'] as const)(
    'writes with %s what native DuckDB reads as the very rows of the table, in order',
    async (compression) => {
      const { file, rows, size, sha256 } = await write({ compression, file: `out/${compression}.parquet` });
      expect({ rows, size }).toEqual({ rows: 300, size: (await bytesOf(file)).length });
      expect(await host.files.sha256(file)).toBe(sha256);
      const parquet = await native.runAndReadAll(
        `SELECT (columns(*))::VARCHAR FROM read_parquet('${join(folder, file)}')`,
      );
      const table = await queryRows(host.database, 'SELECT (columns(*))::VARCHAR FROM main.train');
      expect(parquet.getRowsJson()).toEqual(table.map((row) => Object.values(row)));
      expect(parquet.columnNames()).toEqual(built.columns.map((column) => column.name));
      const types = await native.runAndReadAll(
        `SELECT typeof(columns(*)) FROM read_parquet('${join(folder, file)}') LIMIT 1`,
      );
      expect(types.getRowsJson()[0]).toEqual(built.columns.map((column) => column.type));
    },
  );

  it('writes the same rows in the same order, range by range', async () => {
    const asked: string[] = [];
    const database: Database = {
      ...host.database,
      info: () => host.database.info(),
      stream: (sql, more) => {
        asked.push(sql);
        return host.database.stream(sql, more);
      },
    };
    const inRanges = { ...options({ file: 'out/ranges.parquet' }), rangeRows: 70 };
    await exportTrainingSet(database, host.writer, host.files, built, inRanges);
    expect(asked.length).toBe(5);
    await write({ file: 'out/whole.parquet' });
    const read = async (file: string) =>
      (await native.runAndReadAll(`SELECT * FROM read_parquet('${join(folder, file)}')`)).getRowsJson();
    expect(await read('out/ranges.parquet')).toEqual(await read('out/whole.parquet'));
  });

  it('carries whole numbers beyond 2^53, NULLs, lists and text unharmed', async () => {
    const { file } = await write();
    const read = await native.runAndReadAll(
      `SELECT i, wide, text, newest, words FROM read_parquet('${join(folder, file)}') WHERE i IN (42, 45, 58) ORDER BY i`,
    );
    // Event j happens at minute 13 j, to user j % 5. Row 42 (user 0, hour 2) saw event 5 last, row 45 (user 3, hour 5)
    // event 23, row 58 (user 4, hour 18) event 79.
    expect(read.getRowsJson()).toEqual([
      ['42', '9007199254741035', "ü'42", '9223372036854775802', null],
      ['45', null, "ü'45", '9223372036854775784', null],
      ['58', '9007199254741051', "ü'58", '9223372036854775728', ['a', null, '漢79']],
    ]);
  });

  it('gives the same bytes again, of file and manifest, and a check that finds nothing', async () => {
    const first = await write({ file: 'a/train.parquet' });
    const [file, manifest] = [await bytesOf(first.file), await bytesOf(first.manifestFile)];
    built = await buildTrainingSet(host.database, catalog, set, { sample: null });
    const second = await write({ file: 'a/train.parquet' });
    expect((await bytesOf(second.file)).equals(file)).toBe(true);
    expect((await bytesOf(second.manifestFile)).equals(manifest)).toBe(true);
    expect(checkManifest(manifest.toString(), second.manifest)).toEqual([]);
    const metadata = await host.reader.metadata(second.file);
    const { file: _, ...inside } = JSON.parse(manifest.toString()) as Manifest;
    expect(JSON.parse(metadata.keyValues[MANIFEST_KEY]!)).toEqual(inside);
    expect(manifest.toString()).not.toContain(folder);
  });

  describe('when what the writer made is not right', () => {
    const footer = (change: (read: ParquetMetadata) => ParquetMetadata): Partial<ExportOptions> => ({
      reader: { metadataOf: async (name, bytes) => change(await host.reader.metadataOf(name, bytes)) },
    });
    const bytes = (change: (bytes: Uint8Array) => Uint8Array): ParquetWriter => ({
      write: async (...given) => {
        const written = await host.writer.write(...given);
        return { ...written, bytes: change(written.bytes) };
      },
    });
    const losing: ParquetWriter = {
      write: (_, more) => host.writer.write(host.database.stream('FROM main.train LIMIT 299'), more),
    };
    it.each<[string, RegExp, Partial<ExportOptions>, (() => ParquetWriter)?]>([
      ['a row is lost', /299 rows instead of 300/, {}, () => losing],
      ['the footer counts other rows', /301 rows instead of 300/, footer((read) => ({ ...read, rows: 301 }))],
      [
        'a column is missing',
        /columns i, /,
        footer((read) => ({ ...read, columns: read.columns.slice(0, 3) })),
      ],
      ['the end is cut off', /not be a whole Parquet file/, {}, () => bytes((all) => all.slice(0, -5))],
      ['there is nothing', /not be a whole Parquet file/, {}, () => bytes(() => new Uint8Array())],
    ])('%s: refuses, and leaves the former export alone', async (_, message, more, writer) => {
      const former = await write();
      const [file, manifest] = [await bytesOf(former.file), await bytesOf(former.manifestFile)];
      await expect(write({ ...more, compression: 'none' }, writer?.())).rejects.toMatchObject({
        code: 'export.mismatch',
        message: expect.stringMatching(message),
      });
      expect((await bytesOf(former.file)).equals(file)).toBe(true);
      expect((await bytesOf(former.manifestFile)).equals(manifest)).toBe(true);
      expect((await readdir(join(folder, 'out'))).filter((name) => name.includes('tmp'))).toEqual([]);
    });

    it('writes nothing when cancelled', async () => {
      const former = await write();
      const before = await bytesOf(former.file);
      const cancel = new AbortController();
      const writer: ParquetWriter = {
        write: async (...given) => {
          const written = await host.writer.write(...given);
          cancel.abort();
          return written;
        },
      };
      await expect(write({ compression: 'none', signal: cancel.signal }, writer)).rejects.toMatchObject({
        code: 'engine.cancelled',
      });
      expect((await bytesOf(former.file)).equals(before)).toBe(true);
    });
  });
});
