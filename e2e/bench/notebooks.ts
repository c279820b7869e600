import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { SKEW_NOTEBOOK } from '../../engine/node/bench/skew-notebook';

/** Rows of the generated data. */
export interface PreviewSizes {
  users: number;
  events: number;
  spine: number;
}

/** The goal's own: previews take 10,000 rows of the spine. */
export const GOAL_SIZES: PreviewSizes = { users: 100_000, events: 10_000_000, spine: 100_000 };

const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml view user_events
entity: user
source: events
features:
  count_7d: { type: int64, window: 7d, count: "*" }
  sum_7d: { type: float64, window: 7d, sum: amount }
  avg_7d: { type: float64, window: 7d, avg: amount }
\`\`\`

\`\`\`yaml training-set train
spine:
  sql: SELECT user_id, event_timestamp, label FROM spine
timestamp: event_timestamp
label: label
features: [user_events:count_7d, user_events:sum_7d, user_events:avg_7d]
\`\`\`

\`\`\`yaml source events
files: events.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml source spine
files: spine.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`
`;

const FEATURES = Array.from({ length: 10 }, (_, i) => `feature_${i}`);

const WRITE_NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source stats
files: stats.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view user_stats
entity: user
source: stats
features:
${FEATURES.map((name) => `  ${name}: { type: float64, column: ${name} }`).join('\n')}
\`\`\`

\`\`\`yaml materialize push
views: [user_stats]
end: max
redis: dev
project: bench
\`\`\`
`;

/** A folder with one row of ten features for each entity, and a notebook that writes them to the connection `dev`. */
export function writeNotebook(entities: number): Promise<{ file: string; remove(): void }> {
  const features = FEATURES.map((name, i) => `i * 1.5 + ${i} AS ${name}`).join(', ');
  const stats = `SELECT i AS user_id, TIMESTAMP '2025-01-01' AS event_timestamp, ${features} FROM range(${entities}) r(i)`;
  return inFolder('write', WRITE_NOTEBOOK, { stats });
}

/** A folder with three months of made-up events, always the same, and a notebook over them. */
export function eventsNotebook(sizes: PreviewSizes): Promise<{ file: string; remove(): void }> {
  const time = (seed: number) =>
    `TIMESTAMP '2025-01-01' + to_seconds((hash(i + ${seed}) % ${90 * 86_400})::BIGINT) AS event_timestamp`;
  const user = (seed: number) => `(hash(i + ${seed}) % ${sizes.users})::BIGINT AS user_id`;
  const tables = {
    events: `SELECT ${user(0)}, ${time(1)}, (hash(i + 5) % 600)::DOUBLE AS amount FROM range(${sizes.events}) r(i)`,
    spine: `SELECT ${user(11)}, ${time(13)}, (hash(i + 17) % 2)::INTEGER AS label FROM range(${sizes.spine}) r(i)`,
  };
  return inFolder('events', NOTEBOOK, tables);
}

/** A folder with as many rows a side, one a minute; in every tenth the served value is greater by one. */
export function skewNotebook(rows: number): Promise<{ file: string; remove(): void }> {
  const side = (x: string) =>
    `SELECT i % 1000 AS user_id, make_timestamp(i * 60000000) AS ts, ${x} AS x, (i % 50)::BIGINT AS n FROM range(${rows}) r(i)`;
  const x = '(hash(i) % 1000000) / 1000';
  return inFolder('skew', SKEW_NOTEBOOK, { days: side(x), log: side(`${x} + (i % 10 = 0)::INT`) });
}

/** A new folder with a notebook, and a Parquet file for each query. */
async function inFolder(
  name: string,
  notebook: string,
  tables: Record<string, string>,
): Promise<{ file: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), `plumbline-${name}-bench-`));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const native = await instance.connect();
  for (const [table, sql] of Object.entries(tables))
    await native.run(
      `COPY (${sql}) TO '${join(folder, `${table}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`,
    );
  native.closeSync();
  const file = join(folder, `${name}.plumb.md`);
  writeFileSync(file, notebook);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
