import type { FeatureView, JoinKey } from '../catalog/model';
import type { ArrowBytes, Database, TablePlace } from '../database/database';
import type { EnginePool, PooledEngine } from '../database/engine-pool';
import type { LoadedSource } from '../database/source-loader';
import { createRowsSql, rowsTable } from '../database/source-tables';
import { countRows, queryRows } from '../database/rows';
import { type CompiledView, keyExpression } from '../sql/compiled-view';
import { halves, inChunk, type EntityChunk } from '../sql/entity-chunk';
import { quote, relation } from '../sql/quote';
import { printSelect } from '../sql/select';
import { numberedSpine, spineTables } from '../sql/spine';
import { partNaiveSql, partPlaces, partSql, storedPartSql, type PartOptions } from '../sql/training-set';
import { chunkCount } from './chunk-count';
import { buildPartHere, readyPart, type PartBuilder, type PartJob } from './part-builder';

/** What computing by chunks needs from its surroundings. */
export interface ChunkHost {
  pool: EnginePool;
  /** A source as the first engine has it. */
  loaded(source: string): LoadedSource;
  /** Loads the rows of one chunk that a view needs into another engine. Errors: those of `loadSource`. */
  loadChunk(db: Database, view: FeatureView, chunk: ChunkToLoad): Promise<void>;
  /** Into how many chunks a part is cut; for tests. */
  count?: typeof chunkCount;
}

export interface ChunkToLoad {
  /** null: the times alone of every row. */
  filter: ((column: (name: string) => string) => string) | null;
  signal: AbortSignal;
}

/** A chunk is not split beyond so many. */
const MOST_CHUNKS = 4096;

/**
 * Computes large parts chunk by chunk over a pool of engines, small ones and samples on the first engine. A chunk's engine holds
 * the source's rows of the chunk's entities and gets the spine's points of the same; what it computes goes into the
 * first engine's part tables. Values do not depend on the number of engines or chunks.
 */
export function chunkedPart(host: ChunkHost): PartBuilder {
  return async (db, job) => {
    const { compiled } = job.plan.parts[job.at]!;
    const chunks = await chunksOf(host, db, job, compiled);
    if (chunks === 0) return buildPartHere(db, job);
    await makeTables(db, job);
    await new ChunkedPart(host, db, job, compiled).run(chunks);
  };
}

async function chunksOf(
  host: ChunkHost,
  db: Database,
  job: PartJob,
  compiled: CompiledView,
): Promise<number> {
  const { large, rows, bytes } = host.loaded(compiled.view.source);
  if (!large && job.sample !== null) return 0;
  // Such a key would find the row that carries the source's last event time.
  if (!large && compiled.keys.some(({ name }) => name === compiled.view.timestamp)) return 0;
  const spineRows = await countRows(db, spineTables(job.plan.set.name).numbered, {
    signal: job.signal,
  });
  const size = { sourceRows: rows, sourceBytes: bytes, spineRows, loaded: !large };
  return (host.count ?? chunkCount)(size, host.pool.size, host.pool.engineBytes);
}

/** Empty part tables, typed as the first engine types them. */
async function makeTables(db: Database, job: PartJob): Promise<void> {
  const { plan, at, signal } = job;
  const { name } = plan.set;
  const part = plan.parts[at]!;
  const options = partOptions(job);
  const places = partPlaces(name, part.slot);
  const make = async (place: TablePlace, select: string): Promise<void> => {
    await db.query(createRowsSql(place, await db.describe(select, { signal })), { signal });
  };
  await make(places.values, storedPartSql(name, part, options));
  await make(places.naive, partNaiveSql(name, part));
}

interface ChunkResult {
  values: ArrowBytes[];
  naive: ArrowBytes[];
  points: number;
}

class ChunkedPart {
  private done = 0;
  private points = 0;
  private lastTimes: Record<string, unknown> = {};

  constructor(
    private readonly host: ChunkHost,
    private readonly db: Database,
    private readonly job: PartJob,
    private readonly compiled: CompiledView,
  ) {}

  async run(chunks: number): Promise<void> {
    const { pool } = this.host;
    const { signal } = this.job;
    this.lastTimes = await this.findLastTimes();
    const jobs = Array.from({ length: chunks }, (_, index): EntityChunk => ({ of: chunks, index }));
    let total = jobs.length;
    this.tell(total);
    await pool.run<EntityChunk, ChunkResult>(
      jobs,
      {
        compute: (engine, chunk, stop) => this.compute(engine, chunk, stop),
        deliver: async (result) => {
          await this.deliver(result);
          this.done++;
          this.points += result.points;
          this.tell(total);
        },
        split: (chunk) => {
          if (chunk.of >= MOST_CHUNKS) return null;
          total++;
          return halves(chunk);
        },
      },
      signal,
    );
  }

  private tell(total: number): void {
    const phase = `computing ${this.compiled.view.name}: ${this.done} of ${total} chunks`;
    this.job.onProgress({ phase, rows: this.points });
  }

  /** The greatest value of each of the view's time columns over the whole source, by column. */
  private async findLastTimes(): Promise<Record<string, unknown>> {
    const { view } = this.compiled;
    const names = timesOf(view);
    const read = async (db: Database, signal?: AbortSignal): Promise<Record<string, unknown>> => {
      const columns = names.map((name) => `epoch_us(max(${quote(name)})) AS ${quote(name)}`);
      const sql = printSelect({ columns, from: [this.compiled.source] });
      return (await queryRows(db, sql, { signal }))[0] ?? {};
    };
    if (!this.host.loaded(view.source).large) return read(this.db, this.job.signal);
    let found: Record<string, unknown> = {};
    const work = {
      compute: async (engine: PooledEngine, _: null, signal: AbortSignal) => {
        engine.held = null;
        await this.host.loadChunk(engine.database, view, { filter: null, signal });
        return read(engine.database, signal);
      },
      deliver: (times: Record<string, unknown>) => {
        found = times;
        return Promise.resolve();
      },
    };
    this.job.onProgress({ phase: `reading the times of ${view.source}` });
    await this.host.pool.run([null], work, this.job.signal);
    return found;
  }

  private async compute(engine: PooledEngine, chunk: EntityChunk, signal: AbortSignal): Promise<ChunkResult> {
    const { plan, at } = this.job;
    const db = engine.database;
    await this.hold(engine, chunk, signal);
    const points = await this.sendPoints(db, chunk, signal);
    const part = await readyPart(db, plan.parts[at]!, points, { plans: this.job.plans, signal });
    const values = await collect(db.stream(partSql(plan.set.name, part, partOptions(this.job)), { signal }));
    const naive = await collect(db.stream(partNaiveSql(plan.set.name, part), { signal }));
    return { values, naive, points };
  }

  /** Has the engine hold the chunk's source rows, unless it does already. */
  private async hold(engine: PooledEngine, chunk: EntityChunk, signal: AbortSignal): Promise<void> {
    const { view, keys } = this.compiled;
    const { files } = this.host.loaded(view.source);
    const wanted = JSON.stringify([view, keys, chunk, files], (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    if (engine.held === wanted) return;
    engine.held = null;
    const filter = (column: (name: string) => string): string => inChunk(keys, chunk, column);
    await this.host.loadChunk(engine.database, view, { filter, signal });
    await this.addLastTimes(engine.database, signal);
    engine.held = wanted;
  }

  /**
   * The naive join looks at each entity after the source's last event, which another chunk may hold. A row without
   * keys, which matches no entity, carries that time into every chunk.
   */
  private async addLastTimes(db: Database, signal: AbortSignal): Promise<void> {
    const known = Object.entries(this.lastTimes).filter(([, time]) => typeof time === 'bigint');
    if (known.length === 0) return;
    const names = known.map(([name]) => quote(name)).join(', ');
    const times = known.map(([, time]) => `make_timestamp(${String(time)})`).join(', ');
    const table = relation(rowsTable(this.compiled.view.source));
    await db.query(`INSERT INTO ${table} (${names}) VALUES (${times})`, { signal });
  }

  /** Puts the chunk's rows of the spine where the part's SQL looks for them; gives how many. */
  private async sendPoints(db: Database, chunk: EntityChunk, signal: AbortSignal): Promise<number> {
    const { keys } = this.compiled;
    const set = this.job.plan.set.name;
    const { numbered } = spineTables(set);
    const select = printSelect({
      columns: ['"__row"', '"__t"', ...keyColumnsOf(keys)],
      from: [numbered],
      where: [inChunk(keys, chunk, quote)],
    });
    await db.query(`DROP TABLE IF EXISTS ${numbered}`, { signal });
    let create = true;
    for await (const batch of this.db.stream(select, { signal })) {
      await db.ingest(numberedSpine(set), batch, { create, handOver: true, signal });
      create = false;
    }
    return countRows(db, numbered, { signal });
  }

  private async deliver({ values, naive }: ChunkResult): Promise<void> {
    const { plan, at, signal } = this.job;
    const places = partPlaces(plan.set.name, plan.parts[at]!.slot);
    const options = { create: false, handOver: true, signal };
    for (const batch of values) await this.db.ingest(places.values, batch, options);
    for (const batch of naive) await this.db.ingest(places.naive, batch, options);
  }
}

function partOptions({ sample, plans }: PartJob): PartOptions {
  return { points: sample, plans };
}

function timesOf(view: FeatureView): string[] {
  return [view.timestamp];
}

/** The spine's key columns under their own names, as the part's SQL reads them. */
function keyColumnsOf(keys: readonly JoinKey[]): string[] {
  const names = new Map(keys.map((key) => [key.name, keyExpression(key, quote(key.name))]));
  return [...names].map(([name, sql]) => `${sql} AS ${quote(name)}`);
}

async function collect(batches: AsyncIterable<ArrowBytes>): Promise<ArrowBytes[]> {
  const all: ArrowBytes[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}
