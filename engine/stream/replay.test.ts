import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog, Feature, Replay } from '../catalog/model';
import { halfOpen, MINUTE } from '../catalog/window';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import type { ReplayControl, ReplayProgress } from '../ports';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { runReplay, type ReplayOptions } from './replay';

/** An entity's event: minutes of event time and arrival, and an amount. */
type Row = [user: number | null, at: number | null, arrived: number | null, amount: number];

const HOUR = 60n * MINUTE;
const aggregation = (fn: 'count' | 'sum' | 'last', of = 'amount', where: string | null = null) =>
  ({ kind: 'aggregation', window: halfOpen(HOUR), aggregation: { fn, of, where } }) as const;
const FEATURES: Feature[] = [
  aFeature('n', 'int64', aggregation('count', '*')),
  aFeature('total', 'float64', aggregation('sum')),
  aFeature('latest', 'float64', aggregation('last')),
  aFeature('large', 'int64', aggregation('count', '*', 'amount > 100')),
];
const REPLAY: Replay = { name: 'r', view: 'v', delay: 0n, end: 'max', speed: 'max', sweep: [] };

function catalog(ttl: bigint | null = null): Catalog {
  const view = aView('v', 'aggregate', 'batch', FEATURES, { stream: 'log', ttl });
  const plain = catalogOf({ views: [view], sources: ['batch', 'log'] });
  const log = { ...plain.sources.get('log')!, availableAt: 'arrived' };
  return { ...plain, sources: new Map([...plain.sources, ['log', log]]) };
}

describe('runReplay', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  const table = async (name: string, rows: readonly Row[]): Promise<void> => {
    const time = (minutes: number | null): string =>
      minutes === null ? 'NULL::TIMESTAMP' : `make_timestamp(${BigInt(minutes) * MINUTE})`;
    const values = rows.map(
      ([user, at, arrived, amount], order) =>
        `(${user ?? 'NULL'}::BIGINT, ${time(at)}, ${time(arrived)}, ${amount}::DOUBLE, ${order}::BIGINT)`,
    );
    await db.query(`CREATE OR REPLACE TABLE _plumb.source_${name} AS
      SELECT * FROM (VALUES ${values.join(', ')}) AS v(user_id, ts, arrived, amount, __order)`);
  };
  const replayed = async (
    log: readonly Row[],
    batch: readonly Row[],
    replay: Partial<Replay> = {},
    options: Partial<ReplayOptions> = {},
  ) => {
    await table('log', log);
    await table('batch', batch);
    return runReplay(
      db,
      catalog(),
      { ...REPLAY, ...replay },
      { columns: new Set(['user_id', 'ts', 'amount']), now: () => 0, ...options },
    );
  };
  const causes = ({ features }: Awaited<ReturnType<typeof replayed>>) =>
    features.map(({ ref, differing, causes: own }) => [
      ref,
      differing,
      ...own.map(({ reason, entities, rows }) => `${entities} ${reason} ${rows}`),
    ]);

  const plain: Row[] = [
    [1, 10, 11, 5],
    [2, 12, 13, 6],
    [1, 20, 21, 7],
    [2, 30, 31, 8],
  ];

  it('finds every entity equal where no row is late, duplicate or lost', async () => {
    const result = await replayed(plain, plain);
    expect(result.entities).toEqual({ compared: 2, equal: 2 });
    expect(result.end).toBe('1970-01-01T00:31:00.000000Z');
    expect(result.lateness).toBeNull();
    expect(result.counts).toMatchObject({ read: 4, accepted: 4, late: 0, batches: 1 });
    expect(result.counts.watermark).toBe('1970-01-01T00:30:00.000000Z');
    expect(causes(result).every(([, differing]) => differing === 0)).toBe(true);
  });

  it('explains a difference by the late row, and how late it was; a where leaves it out', async () => {
    const late: Row[] = [...plain, [1, 15, 40, 9]];
    const result = await replayed(late, late);
    expect(result.counts).toMatchObject({ read: 5, accepted: 4, late: 1 });
    expect(result.entities).toEqual({ compared: 2, equal: 1 });
    expect(causes(result)).toEqual([
      ['v:n', 1, '1 late 1'],
      ['v:total', 1, '1 late 1'],
      ['v:latest', 0],
      ['v:large', 0],
    ]);
    expect(result.features[0]).toMatchObject({ mean_abs_diff: 1, max_abs_diff: 1 });
    expect(result.features[1]!.examples).toEqual([
      {
        entity: { user_id: '1' },
        batch: '21.0',
        stream: '12.0',
        causes: [{ reason: 'late', rows: 1 }],
        late_by_us: Number(15n * MINUTE),
      },
    ]);
    expect(result.lateness).toMatchObject({
      median_us: Number(15n * MINUTE),
      max_us: Number(15n * MINUTE),
      examples: [
        {
          entity: { user_id: '1' },
          event_time: '1970-01-01T00:15:00.000000Z',
          arrival: '1970-01-01T00:40:00.000000Z',
          late_by_us: Number(15n * MINUTE),
        },
      ],
    });
    expect(result.lateness!.buckets.map(({ rows }) => rows)).toEqual([0, 0, 1, 0, 0, 0, 0]);
  });

  it.each<[string, Row[], Row[], string]>([
    ['a duplicate', [...plain, [1, 20, 32, 7]], plain, '1 duplicate 1'],
    ['a row that the log lacks', plain.slice(1), plain, '1 not_in_log 1'],
    ['a row that the batch source lacks', plain, plain.slice(1), '1 not_in_batch 1'],
    [
      'a row that never arrives',
      [...plain, [2, 14, null, 1]],
      [...plain, [2, 14, null, 1]],
      '1 not_arrived 1',
    ],
  ])('explains %s', async (_, log, batch, cause) => {
    const found = causes(await replayed(log, batch, { delay: HOUR }));
    expect(found[0]).toEqual(['v:n', 1, cause]);
  });

  it('explains a tie that the order of the rows decides', async () => {
    const tied: Row[] = [
      [1, 10, 11, 5],
      [1, 10, 12, 6],
    ];
    const found = causes(await replayed(tied, tied.toReversed(), { end: 20n * MINUTE }));
    expect(found).toEqual([
      ['v:n', 0],
      ['v:total', 0],
      ['v:latest', 1, '1 order 0'],
      ['v:large', 0],
    ]);
  });

  it('takes rows without a key or time for what they are', async () => {
    const odd: Row[] = [...plain, [null, 29, 32, 1], [1, null, 33, 1], [1, 5, null, 1]];
    const result = await replayed(odd, plain, { delay: HOUR });
    expect(result.counts).toMatchObject({ read: 5, accepted: 4, no_key: 1, late: 0 });
    expect(result.no_time).toBe(2);
  });

  it('reads nothing that arrives after the end, and an empty log ends at no time', async () => {
    const result = await replayed(plain, plain, { end: 21n * MINUTE });
    expect(result.counts.read).toBe(3);
    // The batch source does not say when its rows could be known: the row of minute 20 counts on both sides.
    expect(result.entities).toEqual({ compared: 2, equal: 2 });
    const empty = await replayed([[1, null, null, 1]], plain);
    expect(empty).toMatchObject({ end: null, no_time: 1, features: [], sweep: [] });
  });

  it('says what other delays would give, its own among them', async () => {
    const late: Row[] = [...plain, [1, 15, 40, 9], [2, 28, 41, 1]];
    const { sweep } = await replayed(late, late, { sweep: [0n, 5n * MINUTE, HOUR], delay: MINUTE });
    expect(sweep.map(({ delay_us, late: rows, match_rate }) => [delay_us / 6e7, rows, match_rate])).toEqual([
      [0, 2, 0],
      [1, 2, 0],
      [5, 1, 0.5],
      [60, 0, 1],
    ]);
    expect(sweep[2]!.late_share).toBe(1 / 6);
    expect(sweep[2]!.features[1]).toEqual({
      ref: 'v:total',
      differing: 1,
      mean_abs_diff: 9,
      max_abs_diff: 9,
    });
  });

  it('keeps its state bounded over a long log, and leaves nothing in the engine', async () => {
    const long = Array.from({ length: 3_000 }, (_, i): Row => [i % 7, i, i + 1, i]);
    const before = await queryRows(db, 'SELECT table_name FROM duckdb_tables() ORDER BY ALL');
    const result = await replayed(long, long, { delay: 10n * MINUTE }, { batchRows: 100 });
    expect(result.entities).toEqual({ compared: 7, equal: 7 });
    expect(result.counts).toMatchObject({ batches: 30, evicted: 3_000 - 71 });
    // An hour and the delay before the watermark's row, and the batch in hand.
    expect(result.counts.most_state_rows).toBeLessThanOrEqual(71 + 100);
    const after = await queryRows(db, 'SELECT table_name FROM duckdb_tables() ORDER BY ALL');
    expect(after.filter(({ table_name: name }) => String(name).startsWith('replay_'))).toEqual([]);
    expect(before.length).toBeLessThanOrEqual(after.length);
  });

  it('goes by the control: paced in batches of its ticks, paused, and as fast as possible again', async () => {
    let now = 0;
    const seen: ReplayProgress[] = [];
    const control = {
      speed: null as number | 'max' | null,
      paused: false as boolean,
      wait(milliseconds: number | null) {
        if (milliseconds === null) control.paused = false;
        else now += milliseconds;
        return Promise.resolve();
      },
    } satisfies ReplayControl;
    const long = Array.from({ length: 100 }, (_, i): Row => [i % 3, i, i + 1, i]);
    const result = await replayed(
      long,
      long,
      { speed: 240 },
      {
        now: () => now,
        control,
        onProgress: ({ replay }) => {
          if (!replay) return;
          seen.push(replay);
          if (replay.counts.batches === 3 && !replay.paused) control.paused = true;
          if (replay.counts.batches === 10) control.speed = 'max';
        },
      },
    );
    // 240 times real time: a minute of arrivals is a quarter of a second, and a batch.
    expect(now).toBe(9 * 250);
    expect(result.counts).toMatchObject({ read: 100, batches: 11 });
    expect(seen.map(({ counts, paused }) => `${counts.batches}${paused ? ' paused' : ''}`)).toEqual([
      '0',
      '1',
      '2',
      '3',
      '3 paused',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
    ]);
    expect(seen.at(-1)!.speed).toBe('max');
  });

  it('ends when it is cancelled, and leaves nothing in the engine', async () => {
    const stop = new AbortController();
    const long = Array.from({ length: 100 }, (_, i): Row => [i % 3, i, i + 1, i]);
    const run = replayed(
      long,
      long,
      {},
      {
        batchRows: 10,
        signal: stop.signal,
        onProgress: ({ replay }) => {
          if (replay?.counts.batches === 2) stop.abort();
        },
      },
    );
    await expect(run).rejects.toMatchObject({ code: 'engine.cancelled' });
    const left = await queryRows(db, `SELECT 1 FROM duckdb_tables() WHERE table_name LIKE 'replay_%'`);
    expect(left).toEqual([]);
  });
});
