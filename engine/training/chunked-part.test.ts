import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Aggregation, AggregationName, FeatureView } from '../catalog/model';
import { DAY, halfOpen } from '../catalog/window';
import type { Database } from '../database/database';
import { DuckDBWasm } from '../database/duckdb-wasm';
import { EnginePool } from '../database/engine-pool';
import { queryRows } from '../database/rows';
import { PlumblineError } from '../errors';
import { loadSource, type LoadedSource } from '../database/source-loader';
import { Supervisor } from '../database/supervisor';
import { nodeEngineHost } from '../node/duckdb-thread';
import { openNodeHost, type NodeHost } from '../node/host';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { aSet } from '../testing/training-set-fixture';
import { chunkedPart, type ChunkHost } from './chunked-part';
import { buildPartHere, type PartBuilder } from './part-builder';
import { buildTrainingSet, type BuildOptions } from './training-set';

const source = { name: 'ev', files: ['ev-*.parquet'], timestamp: 'ts', availableAt: null, description: '' };
const over = (fn: AggregationName, of: string): Aggregation => ({ fn, of, where: null });
const windowed = (name: string, type: 'float64' | 'int64', fn: AggregationName, of: string) =>
  aFeature(name, type, { kind: 'aggregation', window: halfOpen(7n * DAY), aggregation: over(fn, of) });

const views: FeatureView[] = [
  aView('newest', 'table', 'ev', [
    aFeature('amount', 'float64', { kind: 'column', column: 'amount' }),
    aFeature('page', 'string', { kind: 'column', column: 'page' }),
  ]),
  aView('recent', 'aggregate', 'ev', [
    windowed('count_7d', 'int64', 'count', '*'),
    windowed('sum_7d', 'float64', 'sum', 'amount / 3'),
    windowed('last_7d', 'float64', 'last', 'amount'),
  ]),
];
// Users without events, users without a key, and a user twice at one time.
const set = aSet(
  `SELECT CASE WHEN i % 11 = 0 THEN NULL ELSE (i * 7) % 60 END::INTEGER AS user_id,
     TIMESTAMP '2025-01-05' + to_hours((i % 500)::INTEGER) AS ts, i % 2 AS label FROM range(2000) t(i)`,
  views,
  { label: 'label' },
);
const catalog = catalogOf({ views, sets: [set] });

let folder: string;
let host: NodeHost;
let loaded: LoadedSource;
let expected: unknown;
const pools: EnginePool[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-chunks-'));
  const native = await (await DuckDBInstance.create(':memory:')).connect();
  for (const half of [0, 1])
    // Times tie within an entity, across files too; keys are BIGINT here and INTEGER in the spine.
    await native.run(
      `COPY (SELECT CASE WHEN i % 13 = 0 THEN NULL ELSE i % 50 END::BIGINT AS user_id,
         TIMESTAMP '2025-01-01' + to_hours(((i // 50) % 200 * 2)::INTEGER) AS ts,
         (i + ${half}) * 0.1 AS amount, 'p' || i AS page FROM range(20000) t(i))
       TO '${folder}/ev-${half}.parquet' (FORMAT parquet, ROW_GROUP_SIZE 4096)`,
    );
  native.closeSync();
  host = await openNodeHost(folder);
  loaded = await loadSource(host.database, host.files, host.reader, source);
  expected = await built(buildPartHere);
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await host.close();
  await rm(folder, { recursive: true });
});

/** Every column of the result, internal ones too, with what the build said of it. */
async function built(
  buildPart: PartBuilder,
  of = set,
  within = catalog,
  more: Pick<BuildOptions, 'rangeRows' | 'onProgress' | 'plans'> = {},
): Promise<unknown> {
  const { features, warnings, rows } = await buildTrainingSet(host.database, within, of, {
    sample: null,
    buildPart,
    ...more,
  });
  const text = `SELECT md5(string_agg(CAST(t AS VARCHAR), chr(10) ORDER BY "__row")) AS digest FROM _plumb.training_train AS t`;
  return { features, warnings, rows, digest: await queryRows(host.database, text) };
}

function poolOf(size: number): EnginePool {
  const open = () => new Supervisor({ open: () => DuckDBWasm.open(nodeEngineHost()) });
  const pool = new EnginePool(open, size);
  pools.push(pool);
  return pool;
}

function chunkHost(pool: EnginePool, chunks: number, more: Partial<ChunkHost> = {}): ChunkHost {
  return {
    pool,
    loaded: () => loaded,
    loadChunk: async (db, _, { filter, signal }) => {
      const { files, reader } = host;
      await loadSource(db, files, reader, source, { signal, ...(filter ? { filter } : {}) });
    },
    count: () => chunks,
    ...more,
  };
}

describe('a training set over a pool', () => {
  it.each([
    [1, 1],
    [1, 2],
    [2, 2],
    [2, 7],
  ])('of %i engines in %i chunks is the same to the byte', async (engines, chunks) => {
    expect(await built(chunkedPart(chunkHost(poolOf(engines), chunks)))).toEqual(expected);
  });

  it('is the same put together in ranges, of which each leaves as soon as it stands', async () => {
    const left: Promise<unknown>[] = [];
    const tables = `SELECT table_name AS name FROM duckdb_tables() WHERE schema_name = '_plumb'
      AND regexp_matches(table_name, '^(spine|part|range)_') ORDER BY name`;
    const onProgress = ({ phase }: { phase: string }): void => {
      if (/^assembling train: \d of 3 ranges$/.test(phase)) left.push(queryRows(host.database, tables));
    };
    const chunked = chunkedPart(chunkHost(poolOf(2), 3));
    expect(await built(chunked, set, catalog, { rangeRows: 700, onProgress })).toEqual(expected);
    const from = (range: number) =>
      ['0', '1', 'spine'].flatMap((of) =>
        [0, 1, 2].filter((at) => at >= range).map((at) => ({ name: `range_train_${of}_${at}` })),
      );
    // Neither the spine nor a part is left as a whole when the first range is put together.
    expect(await Promise.all(left)).toEqual([from(0), from(1), from(2)]);
  });

  it('reads copies of its chunks’ events that are sorted where they are', async () => {
    const pool = poolOf(1);
    const engines = new Set<Database>();
    const { loadChunk } = chunkHost(pool, 2);
    const noting: ChunkHost['loadChunk'] = async (db, view, chunk) => {
      engines.add(db);
      await loadChunk(db, view, chunk);
    };
    const build = chunkedPart(chunkHost(pool, 2, { loadChunk: noting }));
    expect(await built(build, set, catalog, { plans: { sorted: true } })).toEqual(expected);
    const [db] = engines;
    const [copy] = await queryRows(db!, 'SELECT count(*) AS rows FROM _plumb.sorted_ev');
    const [chunk] = await queryRows(db!, 'SELECT count(*) AS rows FROM _plumb.rows_ev');
    expect(Number(copy!['rows'])).toBeGreaterThan(5_000);
    expect(copy).toEqual(chunk);
  });

  it('takes a chunk again when its engine dies', async () => {
    const pool = poolOf(1);
    let deaths = 0;
    const { loadChunk } = chunkHost(pool, 2);
    const dying: ChunkHost['loadChunk'] = async (db, view, chunk) => {
      await loadChunk(db, view, chunk);
      if (deaths++ === 1) (db as Supervisor).kill();
    };
    expect(await built(chunkedPart(chunkHost(pool, 2, { loadChunk: dying })))).toEqual(expected);
    // Two parts of two chunks, and one chunk twice.
    expect(deaths).toBe(5);
  });

  it('halves a chunk that does not fit', async () => {
    const asked: string[] = [];
    const { loadChunk } = chunkHost(poolOf(1), 1);
    const small: ChunkHost['loadChunk'] = async (db, view, chunk) => {
      const sql = chunk.filter!((name) => name);
      asked.push(sql);
      if (sql.includes('% 1 ')) throw new PlumblineError('engine.out_of_memory', 'no room');
      await loadChunk(db, view, chunk);
    };
    expect(await built(chunkedPart(chunkHost(poolOf(1), 1, { loadChunk: small })))).toEqual(expected);
    expect(asked.filter((sql) => sql.includes('% 2 ')).length).toBe(4);
  });

  it('computes from a source that the first engine does not hold', async () => {
    const whole = views.map((view) => ({
      ...view,
      features: view.features.filter(({ name }) => name !== 'sum_7d'),
    }));
    const few = aSet(set.spineSql, whole, { label: 'label' });
    const build = (buildPart: PartBuilder) => built(buildPart, few, catalogOf({ views: whole, sets: [few] }));
    const here = await build(buildPartHere);
    const large = await loadSource(host.database, host.files, host.reader, source, { budget: 1000 });
    try {
      expect(large).toMatchObject({ large: true, loaded: [], rows: 40_000, timeRange: null });
      for (const sql of ['SELECT count(*) FROM ev', 'SELECT max(amount) FROM _plumb.source_ev'])
        await expect(host.database.query(sql)).rejects.toMatchObject({ code: 'source.too_large' });
      expect(await host.database.describe('SELECT page FROM ev')).toEqual([
        { name: 'page', type: 'VARCHAR' },
      ]);
      const chunked = chunkedPart(chunkHost(poolOf(1), 3, { loaded: () => large }));
      expect(await build(chunked)).toEqual(here);
    } finally {
      loaded = await loadSource(host.database, host.files, host.reader, source);
    }
  });

  it('stops every engine when it is cancelled', async () => {
    const cancel = new AbortController();
    const { loadChunk } = chunkHost(poolOf(2), 4);
    const cancelling: ChunkHost['loadChunk'] = (db, view, chunk) => {
      cancel.abort();
      return loadChunk(db, view, chunk);
    };
    const buildPart = chunkedPart(chunkHost(poolOf(2), 4, { loadChunk: cancelling }));
    const options = { sample: null, buildPart, signal: cancel.signal };
    await expect(buildTrainingSet(host.database, catalog, set, options)).rejects.toMatchObject({
      code: 'engine.cancelled',
    });
    const stages = "SELECT 1 FROM duckdb_tables() WHERE regexp_matches(table_name, '^(next|part|naive)_')";
    expect(await queryRows(host.database, stages)).toEqual([]);
  });
});
