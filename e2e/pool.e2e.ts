import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { gridOf } from './grid-driver';
import { notebookOf, PATIENCE } from './notebook-driver';
import { ownNotebook, type OwnNotebook } from './own-notebook';

/** A source too long for one engine alone: its rows are shared out over a pool of them, each in a worker of its own. */

/** More than one engine keeps to itself; see engine/training/chunk-count.ts. */
const EVENTS = 3_100_000;
const SPINE = 20_000;

const NOTEBOOK = `---
plumbline: 1
title: Pool
---

\`\`\`yaml source events
files: data/events.parquet
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

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, event_timestamp, n FROM events WHERE n < ${SPINE}" }
timestamp: event_timestamp
features: ["recent:count_7d", "recent:spent_7d"]
\`\`\`

\`\`\`sql query sums
SELECT count(*) AS n, sum(count_7d) AS counted, sum(spent_7d) AS spent FROM train
\`\`\`
`;

let own: OwnNotebook;
let plumbline: Launched;
let truth: string[];
const engines: string[] = [];

beforeAll(async () => {
  own = ownNotebook(NOTEBOOK);
  const native = await (await DuckDBInstance.create(':memory:')).connect();
  const file = join(own.folder, 'data/events.parquet');
  await native.run(
    `COPY (SELECT i AS n, (hash(i) % 40000)::BIGINT AS user_id, (hash(i + 3) % 500)::BIGINT AS cents,
       TIMESTAMP '2025-01-01' + to_seconds((hash(i + 7) % 7776000)::BIGINT) AS event_timestamp
     FROM range(${EVENTS}) t(i)) TO '${file}' (FORMAT parquet)`,
  );
  const sums = await native.runAndReadAll(
    `SELECT count(DISTINCT s.n), count(e.n), sum(e.cents) FROM '${file}' s LEFT JOIN '${file}' e
       ON e.user_id = s.user_id AND e.event_timestamp < s.event_timestamp
       AND e.event_timestamp >= s.event_timestamp - INTERVAL 7 DAY
     WHERE s.n < ${SPINE}`,
  );
  truth = sums.getRowsJson()[0]!.map(String);
  native.closeSync();
  plumbline = await launch({
    userData: own.userData,
    args: [own.file],
    size: { width: 1280, height: 900 },
    theme: 'light',
  });
  // A machine of three processors, wherever this runs: two engines beside the first one.
  await plumbline.app
    .context()
    .addInitScript(() => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 3 }));
  plumbline.page.on('worker', (worker) => {
    if (worker.url().includes('duckdb-browser-eh')) engines.push(worker.url());
  });
  await plumbline.page.reload();
});
afterAll(async () => {
  await plumbline.close();
  own.remove();
});

test('two more engines compute the whole set, and it is right', async () => {
  const notebook = notebookOf(plumbline);
  await notebook.settled();
  expect(engines.length).toBe(1);
  await notebook.runToEnd('train');
  await notebook.settled();
  const train = plumbline.page.getByTestId('cell-train');
  await train.getByRole('button', { name: 'Run on the whole spine' }).first().click(PATIENCE);
  await expect.poll(() => train.getByText(/sample of/).count(), PATIENCE).toBe(0);
  await notebook.settled();
  expect(engines.length).toBe(3);
  await notebook.runToEnd('sums');
  const grid = gridOf(plumbline.page, 'rows of sums');
  expect(await Promise.all([0, 1, 2].map((column) => grid.value(0, column)))).toEqual(truth);
  expect(plumbline.problems).toEqual([]);
  await plumbline.screenshot('pool');
});
