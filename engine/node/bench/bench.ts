import { rm, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { loadSource } from '../../database/source-loader';
import { openSession, WHOLE_RUN, type Session } from '../commands/session';
import { createTable, partSql } from '../../sql/training-set';
import { numberSpineSql, spineTables, storeSpineSql } from '../../sql/spine';
import { planTrainingSet } from '../../training/training-plan';
import { FULL, makeData, SMALL, type BenchData } from './data';
import { compare, table, type Figure } from './measure';
import { BENCH_NOTEBOOK } from './notebook';

const RUNS = 3;

const NATIVE_AS_OF = `CREATE OR REPLACE TABLE joined AS SELECT s.*, d.f1, d.f2, d.f3, d.f4
  FROM spine s ASOF LEFT JOIN daily d ON s.user_id = d.user_id AND s.event_timestamp >= d.event_timestamp`;

const frame = (width: string) =>
  `(PARTITION BY user_id ORDER BY ts RANGE BETWEEN INTERVAL ${width} PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)`;
const NATIVE_FRAMES = `CREATE OR REPLACE TABLE framed AS SELECT * FROM (
  SELECT user_id, ts, spine, count(amount) OVER h AS count_1h, sum(amount) OVER w AS sum_7d, avg(amount) OVER m AS avg_30d
  FROM (SELECT user_id, event_timestamp AS ts, amount, false AS spine FROM events
    UNION ALL SELECT user_id, event_timestamp, NULL, true FROM spine)
  WINDOW h AS ${frame('1 HOUR')}, w AS ${frame('7 DAY')}, m AS ${frame('30 DAY')}) WHERE spine`;

/** The point-in-time side of a training set alone: what the native baselines compute too. */
async function pointInTime(session: Session, name: string): Promise<void> {
  const { catalog } = session.notebook.analysis;
  const db = session.host.database;
  const set = catalog.trainingSets.get(name)!;
  const plan = await planTrainingSet(db, catalog, set);
  await db.query(storeSpineSql(spineTables(name), set.spineSql));
  await db.query(numberSpineSql(spineTables(name), plan.spine, set.timestamp, null));
  for (const part of plan.parts)
    await db.query(createTable('_plumb.bench_part', partSql(name, part, { points: null })));
}

async function measure(session: Session, data: BenchData): Promise<Figure[]> {
  const { host, notebook, runner } = session;
  const events = notebook.analysis.catalog.sources.get('events')!;
  const options = { runs: RUNS, goal: null as number | null };
  const native = (sql: string) => () => data.native.run(sql);
  const load = await compare(
    'load events: Parquet to a table',
    () => loadSource(host.database, host.files, host.reader, events),
    'native CREATE TABLE AS, one thread',
    native(`CREATE OR REPLACE TABLE loaded AS FROM '${join(data.folder, 'events.parquet')}'`),
    { ...options, goal: 1.5 },
  );
  await runner.runAll(['daily', 'events', 'spine'], WHOLE_RUN);
  const asOf = await compare(
    'as-of join, one view of 4 features with a ttl',
    () => pointInTime(session, 'as_of'),
    'native ASOF JOIN, one thread',
    native(NATIVE_AS_OF),
    { ...options, goal: 0.8 },
  );
  const windows = await compare(
    'trailing windows 1h, 7d, 30d',
    () => pointInTime(session, 'windows'),
    'native RANGE frames, one thread',
    native(NATIVE_FRAMES),
    { ...options, goal: 0.15 },
  );
  const whole = await compare(
    'whole training set: join, naive join, leaks and worth',
    () => runner.run('as_of', WHOLE_RUN),
    'native ASOF JOIN, one thread',
    native(NATIVE_AS_OF),
    options,
  );
  return [load, asOf, windows, whole];
}

const sizes = process.argv.includes('--full') ? FULL : SMALL;
const data = await makeData(sizes);
try {
  const path = join(data.folder, 'bench.plumb.md');
  await writeFile(path, BENCH_NOTEBOOK);
  const session = await openSession(path, { allowOutside: false });
  try {
    const figures = await measure(session, data);
    const machine = {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
    };
    console.log(
      JSON.stringify(
        {
          machine,
          node: process.version,
          engine: await session.host.database.info(),
          sizes,
          runs: RUNS,
          figures,
        },
        null,
        2,
      ),
    );
    console.log(`\n${table(figures)}`);
  } finally {
    await session.close();
  }
} finally {
  data.native.closeSync();
  await rm(data.folder, { recursive: true, force: true });
}
