import type { DuckDBConnection } from '@duckdb/node-api';
import { mkdtemp, readFile, rm, truncate, unlink, utimes, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Backfill, Catalog } from '../catalog/model';
import { halfOpen } from '../catalog/window';
import { MANIFEST_KEY } from '../database/manifest-parts';
import { openNodeHost, type NodeHost } from '../node/host';
import type { BackfillResult } from '../results';
import { aBackfill, nativeTexts, openNative, snapshotTexts, treeOf } from '../testing/backfill-truth';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { runBackfill, type BackfillOptions } from './backfill';
import type { BackfillManifest } from './journal';
import { planBackfill, type PlanInputs } from './plan';

const DAY = 86_400_000_000n;
const START = BigInt(Date.UTC(2025, 2, 1)) * 1000n;
const last = (of: string) => ({ fn: 'last', of, where: null }) as const;
const days = (count: number) => BigInt(count) * DAY;
const events = (features = 2, description = '') =>
  aView(
    'agg',
    'aggregate',
    'ev',
    [
      aFeature('n', 'int64', {
        kind: 'aggregation',
        window: halfOpen(days(2)),
        aggregation: { fn: 'count', of: '*', where: null },
      }),
      {
        ...aFeature('mean', 'float64', {
          kind: 'aggregation',
          window: halfOpen(days(2)),
          aggregation: { fn: 'avg', of: 'amount', where: null },
        }),
        default: { kind: 'zero' as const },
      },
      aFeature('words', 'string[]', {
        kind: 'aggregation',
        window: halfOpen(days(4)),
        aggregation: last('words'),
      }),
    ].slice(0, features),
    { description },
  );
const table = aView('tab', 'table', 'ev', [aFeature('big', 'int64', { kind: 'column', column: 'big' })], {
  ttl: DAY,
});
const catalogWith = (view = events()): Catalog => catalogOf({ sources: ['ev'], views: [view, table] });
const dimension = aView(
  'dim',
  'dimension',
  'stays',
  [{ ...aFeature('tier', 'string', { kind: 'column', column: 'tier' }), missingIndicator: true }],
  { validity: { from: 'ts', to: 'until' } },
);

describe('runBackfill', () => {
  let folder: string;
  let host: NodeHost;
  let native: DuckDBConnection;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-backfill-'));
    host = await openNodeHost(folder);
    native = await openNative();
    await host.database.query(`CREATE TABLE _plumb.source_ev AS SELECT i AS __order,
      CASE WHEN i % 11 > 0 THEN i % 5 END AS user_id,
      TIMESTAMP '2025-03-01' + to_hours(i * 5) AS ts, sin(i) AS amount,
      CASE WHEN i % 4 > 0 THEN 9223372036854775807 - i END AS big,
      CASE i % 3 WHEN 0 THEN [] WHEN 1 THEN ['a', NULL, '漢' || i] END AS words FROM range(30) r(i)`);
  });
  afterEach(() => rm(join(folder, 'out'), { recursive: true, force: true }));
  afterAll(async () => {
    native.closeSync();
    await host.close();
    await rm(folder, { recursive: true });
  });

  const grid = aBackfill({ start: START, end: START + 3n * DAY });
  const sources: PlanInputs['sources'] = () => [
    { name: 'ev', rows: 30, files: [{ path: 'ev.parquet', size: 9, sha256: 'aa' }] },
  ];
  const run = async (
    more: Partial<BackfillOptions> = {},
    backfill: Backfill = grid,
    catalog = catalogWith(),
    inputs: Partial<PlanInputs> = {},
  ): Promise<BackfillResult> => {
    const plan = await planBackfill(host.database, catalog, backfill, {
      version: '1.2.3',
      sources,
      ...inputs,
    });
    return runBackfill(host, plan, { folder: backfill.out, write: true, ...more });
  };
  const states = (result: BackfillResult) =>
    result.partitions.map(({ view, at, state }) => `${view} ${at.slice(0, 10)} ${state}`);
  const manifest = async () =>
    JSON.parse(await readFile(join(folder, 'out/history/_manifest.json'), 'utf8')) as BackfillManifest;

  it('writes each view at each instant, which native DuckDB reads as the snapshots, by hive partition', async () => {
    const result = await run();
    expect(result.partitions.map(({ file, state }) => `${file} ${state}`)).toEqual(
      ['agg', 'tab'].flatMap((view) =>
        [1, 2, 3, 4].map((day) => `${view}/date=2025-03-0${day}/part.parquet written`),
      ),
    );
    for (const view of ['agg', 'tab'])
      for (const step of [0n, 1n, 2n, 3n]) {
        const at = START + step * DAY;
        const date = `2025-03-0${step + 1n}`;
        const truth = await snapshotTexts(host.database, catalogWith(), view, at);
        expect(await nativeTexts(native, join(folder, 'out/history'), view, { date })).toEqual(truth);
        expect(result.partitions.find((one) => one.view === view && one.at.startsWith(date))?.rows).toBe(
          truth.length,
        );
      }
    const described = await native.runAndReadAll(
      `DESCRIBE SELECT * FROM read_parquet('${join(folder, 'out/history')}/agg/date=2025-03-02/part.parquet', hive_partitioning = false)`,
    );
    expect(described.getRowsJson().map(([name, type]) => [name, type])).toEqual([
      ['user_id', 'BIGINT'],
      ['event_timestamp', 'TIMESTAMP'],
      ['n', 'BIGINT'],
      ['mean', 'DOUBLE'],
    ]);
  });

  it('puts what it rests on into the manifest and into each file’s own metadata', async () => {
    const result = await run();
    const found = await manifest();
    expect(found).toMatchObject({
      plumbline_backfill: 1,
      backfill: 'history',
      complete: true,
      grid: { start: '2025-03-01T00:00:00.000000Z', every: '86400000000' },
      views: [
        { view: 'agg', engine: { plumbline: '1.2.3' }, sources: sources('agg'), compression: 'zstd' },
        { view: 'tab' },
      ],
    });
    expect(found.partitions.map(({ file, rows, sha256 }) => ({ file, rows, sha256 }))).toEqual(
      result.partitions.map(({ file, rows, sha256 }) => ({ file, rows, sha256 })),
    );
    for (const { file, sha256, size } of found.partitions) {
      expect(await host.files.sha256(`out/history/${file}`)).toBe(sha256);
      expect((await readFile(join(folder, 'out/history', file))).length).toBe(size);
    }
    const { keyValues } = await host.reader.metadata('out/history/agg/date=2025-03-02/part.parquet');
    const { basis: _, ...record } = found.views[0]!;
    expect(JSON.parse(keyValues[MANIFEST_KEY]!)).toEqual({
      ...record,
      at: '2025-03-02T00:00:00.000000Z',
      rows: found.partitions[1]!.rows,
    });
    expect(found.views[0]!.sql.map(({ name }) => name)).toEqual(['entities', 'points', 'values', 'rows']);
  });

  it('says what it would write and writes nothing, unless told to', async () => {
    const result = await run({ write: false });
    expect(new Set(result.partitions.map(({ state }) => state))).toEqual(new Set(['to_do']));
    expect(result).toMatchObject({
      out: 'out/history',
      manifest: 'out/history/_manifest.json',
      write: false,
    });
    expect([...(await treeOf(join(folder, 'out'))).keys()]).toEqual([]);
  });

  it('gives the same bytes whatever one statement computes', async () => {
    await run();
    const whole = await treeOf(join(folder, 'out'));
    for (const limits of [
      { points: 1 << 19, instants: 1 },
      { points: 7, instants: 3 },
      { points: 2, instants: 2 },
    ]) {
      await rm(join(folder, 'out'), { recursive: true });
      await run({ limits });
      expect(await treeOf(join(folder, 'out'))).toEqual(whole);
    }
  });

  it('skips what is there, and leaves it alone', async () => {
    await run();
    const old = new Date('2001-01-01');
    const paths = [...(await treeOf(join(folder, 'out'))).keys()].map((path) => join(folder, 'out', path));
    for (const path of paths) await utimes(path, old, old);
    const again = await run();
    expect(new Set(again.partitions.map(({ state }) => state))).toEqual(new Set(['up_to_date']));
    expect(again.partitions.every(({ rows, sha256 }) => rows !== null && sha256 !== null)).toBe(true);
    const files = await host.files.glob('out/history/**');
    expect(files.map(({ modified }) => modified)).toEqual(paths.map(() => old.getTime()));
  });

  it('writes again what is gone, damaged, cut short, or not in the manifest', async () => {
    await run();
    const whole = await treeOf(join(folder, 'out'));
    const path = (view: string, day: number) =>
      join(folder, `out/history/${view}/date=2025-03-0${day}/part.parquet`);
    await unlink(path('agg', 1));
    await truncate(path('agg', 2), 100);
    const bytes = await readFile(path('agg', 3));
    bytes[10]! ^= 1;
    await writeFile(path('agg', 3), bytes);
    const journal = await manifest();
    const partitions = journal.partitions.filter(({ file }) => !file.startsWith('tab/date=2025-03-04'));
    await writeFile(join(folder, 'out/history/_manifest.json'), JSON.stringify({ ...journal, partitions }));
    const again = await run();
    expect(states(again)).toEqual([
      'agg 2025-03-01 written',
      'agg 2025-03-02 written',
      'agg 2025-03-03 written',
      'agg 2025-03-04 up_to_date',
      'tab 2025-03-01 up_to_date',
      'tab 2025-03-02 up_to_date',
      'tab 2025-03-03 up_to_date',
      'tab 2025-03-04 written',
    ]);
    expect(await treeOf(join(folder, 'out'))).toEqual(whole);
  });

  it('writes again what a changed definition, source, engine or compression gives, and only that', async () => {
    const written = (result: BackfillResult) =>
      new Set(result.partitions.filter(({ state }) => state === 'written').map(({ view }) => view));
    await run();
    expect(written(await run({}, grid, catalogWith(events(2, 'words for people'))))).toEqual(new Set());
    expect(written(await run({}, grid, catalogWith(events(3))))).toEqual(new Set(['agg']));
    expect(written(await run({}, grid, catalogWith(events(3))))).toEqual(new Set());
    const other: PlanInputs['sources'] = (view) =>
      view === 'tab' ? [{ name: 'ev', rows: 30, files: [] }] : sources(view);
    expect(written(await run({}, grid, catalogWith(events(3)), { sources: other }))).toEqual(
      new Set(['tab']),
    );
    expect(written(await run({}, grid, catalogWith(events(3)), { version: '2.0.0' }))).toEqual(
      new Set(['agg', 'tab']),
    );
    expect(written(await run({}, { ...grid, compression: 'snappy' }))).toEqual(new Set(['agg', 'tab']));
  });

  it('goes on where the grid grew, and warns of files that are no longer in it', async () => {
    await run();
    const more = await run({}, { ...grid, end: START + 4n * DAY });
    expect(states(more).filter((state) => state.endsWith('written'))).toEqual([
      'agg 2025-03-05 written',
      'tab 2025-03-05 written',
    ]);
    expect(more.warnings).toEqual([]);
    const fewer = await run({}, { ...grid, views: ['agg'], end: START + 3n * DAY });
    expect(fewer.warnings).toEqual([
      '6 files are not in the grid and would be read with the others: agg/date=2025-03-05/part.parquet, ' +
        'tab/date=2025-03-01/part.parquet, tab/date=2025-03-02/part.parquet .... Delete what you do not want.',
    ]);
    expect((await manifest()).partitions).toHaveLength(4);
  });

  it('parts instants finer than a day by time, and ends with the latest event', async () => {
    const fine = { ...grid, every: DAY / 4n, end: 'max' as const, start: START + 4n * DAY };
    const result = await run({}, fine);
    // The last of 30 events, five hours apart.
    expect(result.partitions.filter(({ view }) => view === 'agg').map(({ file }) => file)).toEqual(
      ['05/time=000000', '05/time=060000', '05/time=120000', '05/time=180000']
        .concat(['06/time=000000', '06/time=060000', '06/time=120000', '06/time=180000', '07/time=000000'])
        .map((path) => `agg/date=2025-03-${path}/part.parquet`),
    );
    expect(
      await nativeTexts(native, join(folder, 'out/history'), 'tab', { date: '2025-03-06', time: '060000' }),
    ).toEqual(await snapshotTexts(host.database, catalogWith(), 'tab', START + 5n * DAY + DAY / 4n));
    const none = await run({}, { ...fine, start: START + 400n * DAY, out: 'out/none' });
    expect(none.partitions).toEqual([]);
  });

  it('writes a dimension as it held at each instant, with indicators, and refuses one that overlaps', async () => {
    const catalog = catalogOf({ sources: ['stays'], views: [dimension] });
    const stays = (second: string) =>
      host.database
        .query(`CREATE OR REPLACE TABLE _plumb.source_stays AS SELECT i AS __order, i % 3 AS user_id,
        TIMESTAMP '2025-03-01' + to_days((i // 3)::INT * 2) AS ts,
        TIMESTAMP '2025-03-01' + to_days((i // 3)::INT * 2) + INTERVAL '${second}' AS until,
        CASE WHEN i % 4 > 0 THEN 'tier ' || i END AS tier FROM range(6) r(i)`);
    await stays('1 day');
    const stretch = { ...grid, views: ['dim'] };
    expect((await run({}, stretch, catalog)).partitions.map(({ rows }) => rows)).toEqual([3, 3, 3, 3]);
    const found = await nativeTexts(native, join(folder, 'out/history'), 'dim', { date: '2025-03-03' });
    expect(found).toEqual(await snapshotTexts(host.database, catalog, 'dim', START + 2n * DAY));
    expect(found.map(([, , tier, missing]) => [tier, missing])).toEqual([
      ['tier 3', 'false'],
      [null, 'true'],
      ['tier 5', 'false'],
    ]);
    const between = await nativeTexts(native, join(folder, 'out/history'), 'dim', { date: '2025-03-02' });
    expect(between.map(([, , tier]) => tier)).toEqual([null, null, null]);
    await stays('3 days');
    await expect(run({}, stretch, catalog)).rejects.toMatchObject({ code: 'data.overlap' });
  });

  it('writes a file without rows where no entity has been seen yet', async () => {
    const early = { ...grid, start: START - 2n * DAY, end: START - DAY };
    expect((await run({}, early)).partitions.map(({ rows }) => rows)).toEqual([0, 0, 0, 0]);
    expect(await nativeTexts(native, join(folder, 'out/history'), 'agg', { date: '2025-02-27' })).toEqual([]);
  });

  it('refuses a manifest of another backfill, or of something else, and touches nothing', async () => {
    await run();
    const whole = await treeOf(join(folder, 'out'));
    await expect(run({}, { ...grid, name: 'other' })).rejects.toMatchObject({
      code: 'export.mismatch',
      message:
        'out/history/_manifest.json belongs to the backfill history, not to other; nothing was written',
    });
    expect(await treeOf(join(folder, 'out'))).toEqual(whole);
    for (const text of [
      '',
      '{',
      '[]',
      '{"plumbline_backfill": 2}',
      '{"__proto__": {"plumbline_backfill": 1}}',
    ]) {
      await rm(join(folder, 'out'), { recursive: true });
      await mkdir(join(folder, 'out/history'), { recursive: true });
      await writeFile(join(folder, 'out/history/_manifest.json'), text);
      await expect(run()).rejects.toMatchObject({ code: 'export.mismatch', hint: expect.any(String) });
      expect([...(await treeOf(join(folder, 'out'))).values()].map(String)).toEqual([text]);
    }
  });

  it('refuses a grid of too many files before it reads or writes', async () => {
    const endless = { ...grid, end: 'max' as const, every: 1_000_000n };
    await expect(run({}, endless)).rejects.toMatchObject({ code: 'notebook.schema' });
  });
});
