import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openSession, WHOLE_RUN } from '../commands/session';
import type { MemoryArguments } from './arguments';

const FILES = 5;
/** Milliseconds between two looks at the engines' memory. */
const LOOK_MS = 250;

const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source events
files: events-*.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml source spine
files: spine.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view recent
entity: user
source: events
features:
  count_7d: { type: int64, window: 7d, count: "*" }
  spent_7d: { type: int64, window: 7d, sum: cents }
\`\`\`

\`\`\`yaml training-set memory
spine: { sql: "SELECT user_id, event_timestamp, label FROM spine" }
timestamp: event_timestamp
label: label
features: ["recent:count_7d", "recent:spent_7d"]
\`\`\`
`;

/** Runs the set to its end and prints the peak memory (bytes) of each engine, what came of it and the time, as JSON. */
async function measureMemory(folder: string, args: MemoryArguments): Promise<void> {
  const session = await openSession(join(folder, 'memory.plumb.md'), {
    allowOutside: false,
    ...(args.threads === undefined ? {} : { threads: args.threads }),
    memoryBytes: args.engineMiB === undefined ? undefined : args.engineMiB * 2 ** 20,
  });
  const { database, pool } = session.host;
  const peaks: number[] = [];
  const look = async (): Promise<void> => {
    const engines = [
      database.memory().then(({ used }) => used),
      ...(pool === null ? [] : await pool.memory()),
    ];
    for (const [at, used] of (await Promise.all(engines)).entries())
      peaks[at] = Math.max(peaks[at] ?? 0, used);
  };
  // An engine that ends under the question has nothing left to tell.
  const timer = setInterval(() => void look().catch(() => {}), LOOK_MS);
  let phase = '';
  const onProgress = (progress: { phase: string }): void => {
    if (progress.phase !== phase) process.stderr.write(`${(phase = progress.phase)}\n`);
  };
  const started = performance.now();
  try {
    const runs = await session.runner.runAll(['memory'], { ...WHOLE_RUN, onProgress });
    const set = runs.find(({ name }) => name === 'memory');
    const report = {
      ...rowsOf(args),
      cores: cpus().length,
      engines: pool?.size,
      seconds: Math.round((performance.now() - started) / 1000),
      cells: runs.map(({ name, status, rows, ms }) => ({ name, status, rows, ms })),
      peakBytes: peaks,
      residentBytes: process.resourceUsage().maxRSS * 1024,
      error: set?.error ?? runs.find(({ error }) => error)?.error ?? null,
    };
    console.log(JSON.stringify(report, null, 2));
    if (set?.status !== 'ok') process.exitCode = 1;
  } finally {
    clearInterval(timer);
    await session.close();
  }
}

/** Rows of the proof. */
function rowsOf({ percent }: MemoryArguments): { spine: number; events: number } {
  return { spine: 100_000 * percent, events: 500_000 * percent };
}

/** Generates the proof's files, then runs its whole set; see `measureMemory`. */
export async function proveMemory(args: MemoryArguments): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-memory-'));
  try {
    await writeRows(folder, rowsOf(args));
    await writeFile(join(folder, 'memory.plumb.md'), NOTEBOOK);
    await measureMemory(folder, args);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeRows(
  folder: string,
  { spine, events }: { spine: number; events: number },
): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const native = await instance.connect();
  const moment = (seed: number): string =>
    `TIMESTAMP '2025-01-01' + to_seconds((1 + hash(i + ${seed}) % (90 * 86400))::BIGINT)`;
  const user = (seed: number): string => `(hash(i + ${seed}) % ${Math.ceil(events / 100)})::BIGINT`;
  for (let file = 0; file < FILES; file++)
    await native.run(
      `COPY (SELECT ${user(0)} AS user_id, ${moment(1)} AS event_timestamp, (hash(i + 5) % 60000)::INTEGER AS cents,
         'page ' || hash(i + 7) % 100 AS page
       FROM range(${(events / FILES) * file}, ${(events / FILES) * (file + 1)}) t(i))
       TO '${join(folder, `events-${file}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`,
    );
  await native.run(
    `COPY (SELECT ${user(11)} AS user_id, ${moment(13)} AS event_timestamp, (hash(i + 17) % 2)::TINYINT AS label
     FROM range(${spine}) t(i)) TO '${join(folder, 'spine.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  native.closeSync();
}
