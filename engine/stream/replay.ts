import { isoMicroseconds } from '../catalog/instant';
import type { Catalog, Replay } from '../catalog/model';
import { catalogOverLog, logView } from '../catalog/stream-view';
import { type Database, sourceTable } from '../database/database';
import { countRows, queryRows } from '../database/rows';
import { loadedColumns } from '../database/source-tables';
import type { OnProgress, ReplayControl } from '../ports';
import type { ReplayCounts, ReplayResult } from '../results';
import { relation } from '../sql/quote';
import { prepareView } from '../sql/view-facts';
import { makeArrivals } from './arrivals';
import { explainDifferences } from './causes';
import { agreement, batchValues, comparisonTables, pairsSql, type Sides } from './comparison';
import { type ConsumerCounts, StreamConsumer } from './consumer';
import { lateness } from './lateness';
import { Pace } from './pace';
import { delaySweep } from './sweep';

export interface ReplayOptions {
  /** Lower-case names of the columns that the view reads: rows that agree in them are the same. */
  columns: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  now(): number;
  control?: ReplayControl;
  signal?: AbortSignal;
  onProgress?: OnProgress;
  /** The most rows of a batch. */
  batchRows?: number;
}

const BATCH_ROWS = 10_000;

/**
 * Consumes the log of a stream view up to the end, and holds the values of all entities against those of the batch
 * source at that time. Both sources are loaded. Errors: those of `prepareView` and `logView`, `engine.*`,
 * `source.too_large`.
 */
export async function runReplay(
  db: Database,
  catalog: Catalog,
  replay: Replay,
  options: ReplayOptions,
): Promise<ReplayResult> {
  const { signal, onProgress = () => {} } = options;
  const { view, log } = logView(catalog, replay.view);
  onProgress({ phase: `sorting ${log.name} by arrival` });
  const sides: Sides = {
    batch: await prepareView(db, catalog, replay.view, undefined, signal),
    log: await prepareView(db, catalogOverLog(catalog, replay.view), replay.view, undefined, signal),
  };
  const tables = comparisonTables(replay.name);
  const { arrivals } = tables;
  await makeArrivals(db, log, arrivals, signal);
  const source = catalog.views.get(replay.view)!.source;
  const total = await countRows(db, relation(sourceTable(log.name)), { signal });
  const timed = await countRows(db, arrivals, { signal });
  const end = replay.end === 'max' ? await lastArrival(db, arrivals, signal) : replay.end;
  const named = {
    view: view.name,
    stream: log.name,
    source,
    delay_us: Number(replay.delay),
    no_time: total - timed,
  };
  if (end === null)
    return { ...named, end: null, counts: NOTHING, lateness: null, entities: NONE, features: [], sweep: [] };
  const consumer = await StreamConsumer.open(db, sides.log, arrivals, { ...replay, end, signal });
  try {
    await consumeAll(consumer, timed, replay, options);
    onProgress({ phase: `computing the values of ${source}` });
    const points = await batchValues(db, sides, tables, end, signal);
    const pairs = pairsSql(consumer.overState(), tables, points);
    await db.query(`CREATE OR REPLACE TABLE ${tables.pairs} AS\n${pairs}`, { signal });
    const found = await agreement(db, sides.log, tables.pairs, signal);
    onProgress({ phase: 'explaining differences' });
    const content = await commonColumns(db, sides, options.columns, signal);
    const { delay } = replay;
    const inputs = { name: replay.name, sides, pairs: tables.pairs, arrivals, content, delay, end, signal };
    const features = await explainDifferences(db, inputs, found);
    const late = await lateness(db, sides.log, arrivals, { delay, end, signal });
    const sweep = await delaySweep(db, sweptDelays(replay), {
      ...{ log, sides, tables, points, end, signal },
      onDelay: (rows) =>
        onProgress({ phase: 'trying other delays', rows, totalRows: sweptDelays(replay).length }),
    });
    return {
      ...named,
      end: isoMicroseconds(end),
      counts: countsOf(consumer.counts),
      lateness: late,
      entities: { compared: found.compared, equal: found.equal },
      features,
      sweep,
    };
  } finally {
    await consumer.close();
    const { accepted, ...others } = tables;
    const drops = Object.values(others).map((table: string) => `DROP TABLE IF EXISTS ${table}`);
    await db.query([`DROP VIEW IF EXISTS ${accepted}`, ...drops].join('; ')).catch(() => undefined);
  }
}

const NONE = { compared: 0, equal: 0 };

async function consumeAll(
  consumer: StreamConsumer,
  totalRows: number,
  replay: Replay,
  { control, now, signal, onProgress = () => {}, batchRows = BATCH_ROWS }: ReplayOptions,
): Promise<void> {
  const pace = new Pace(control ?? null, replay.speed, now, signal);
  const { counts } = consumer;
  const tell = (): void =>
    onProgress({
      phase: pace.paused ? 'paused' : 'replaying',
      rows: counts.read,
      totalRows,
      replay: { counts: countsOf(counts), speed: pace.speed, paused: pace.paused },
    });
  tell();
  for (;;) {
    await pace.whilePaused(tell);
    const arrival = await consumer.nextArrival();
    if (arrival === null) return;
    if (!(await pace.due(arrival, counts.arrival))) continue;
    const range = await consumer.next(batchRows, pace.until(arrival));
    if (range === null) return;
    await consumer.consume(range);
    tell();
  }
}

/** The cell's own delay is one of those that are compared. */
function sweptDelays({ sweep, delay }: Replay): bigint[] {
  if (sweep.length === 0) return [];
  return [...new Set([...sweep, delay])].sort((a, b) => (a < b ? -1 : 1));
}

async function lastArrival(db: Database, arrivals: string, signal?: AbortSignal): Promise<bigint | null> {
  const [row] = await queryRows(db, `SELECT max("__known") AS known FROM ${arrivals}`, { signal });
  return typeof row?.['known'] === 'bigint' ? row['known'] : null;
}

/** Columns of both sources that the view reads, beside the times and keys. */
async function commonColumns(
  db: Database,
  { batch, log }: Sides,
  used: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<string[]> {
  const own = await loadedColumns(db, log.view.source, signal);
  const others = await loadedColumns(db, batch.view.source, signal);
  const told = [batch, log].flatMap(({ view, availability, keys }) => [
    view.timestamp,
    availability ?? '',
    ...keys.map((key) => key.name),
  ]);
  const apart = new Set(told.map((name) => name.toLowerCase()));
  const there = new Set(others.map(({ name }) => name.toLowerCase()));
  return own
    .map(({ name }) => name)
    .filter((name) => {
      const lower = name.toLowerCase();
      return used.has(lower) && there.has(lower) && !apart.has(lower);
    });
}

function countsOf(counts: ConsumerCounts): ReplayCounts {
  const iso = (instant: bigint | null): string | null => (instant === null ? null : isoMicroseconds(instant));
  return {
    read: counts.read,
    accepted: counts.accepted,
    late: counts.late,
    no_key: counts.noKey,
    evicted: counts.evicted,
    state_rows: counts.stateRows,
    most_state_rows: counts.mostStateRows,
    entities: counts.entities,
    watermark: iso(counts.watermark),
    arrival: iso(counts.arrival),
    batches: counts.batches,
  };
}

const NOTHING: ReplayCounts = {
  read: 0,
  accepted: 0,
  late: 0,
  no_key: 0,
  evicted: 0,
  state_rows: 0,
  most_state_rows: 0,
  entities: 0,
  watermark: null,
  arrival: null,
  batches: 0,
};
