import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { openNative, type NativeDuckDB } from './native-duckdb';
import { notebookOf, PATIENCE } from './notebook-driver';
import { ownNotebook, type OwnNotebook } from './own-notebook';

/** A stream is replayed: paused, resumed, let go; another engine counts the late rows and the users that differ. */

const NOTEBOOK = `---
plumbline: 1
title: Replay
---

\`\`\`yaml source log
files: data/interactions/2025-03.parquet
timestamp: event_timestamp
available_at: ingestion_timestamp
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view user_now
entity: user
source: log
stream: log
features:
  user_2d_events: { type: int64, window: 2d, count: "*", default: 0 }
  user_session_events: { type: int64, window: 1d, session: 30m, count: "*", default: 0 }
\`\`\`

\`\`\`yaml replay march
view: user_now
delay: 15m
end: 2025-03-16T12:00:00Z
speed: 43200
sweep: [0s, 15m, 6h, 2d]
\`\`\`
`;

let plumbline: Launched;
let native: NativeDuckDB;
let own: OwnNotebook;
beforeAll(async () => {
  native = await openNative();
  own = ownNotebook(NOTEBOOK, ['interactions/2025-03.parquet']);
  plumbline = await launch({
    userData: own.userData,
    args: [own.file],
    size: { width: 1280, height: 1000 },
    theme: 'light',
  });
});
afterAll(async () => {
  native.close();
  await plumbline.close();
  own.remove();
});

const cell = () => notebookOf(plumbline);
const part = (name: string) => cell().part('march', name);
const count = async (key: string): Promise<number> =>
  Number(
    (await part('numbers').first().locator(`[data-count="${key}"]`).innerText(PATIENCE)).replace(/,/g, ''),
  );

test('it runs at the speed that the cell says, and shows what it reads, drops and keeps', async () => {
  await cell().settled();
  await cell().run('march');
  await part('replaying').waitFor(PATIENCE);
  await expect.poll(() => count('read'), PATIENCE).toBeGreaterThan(500);
  expect(await part('pace').innerText()).toBe('Replaying');
  await part('replaying').scrollIntoViewIfNeeded();
  await plumbline.screenshot('replay-running');
});

test('it stands still while it is paused, and goes on where it was', async () => {
  await part('pause').click(PATIENCE);
  await part('pace').getByText('Paused').waitFor(PATIENCE);
  await cell().state('march').getByText('paused').waitFor(PATIENCE);
  const read = await count('read');
  expect(await part('pause').innerText()).toContain('Resume');
  await plumbline.screenshot('replay-paused');
  // Other cells wait for nothing: the pause holds the run alone. Its own numbers stay.
  expect(await count('read')).toBe(read);
  await part('pause').click(PATIENCE);
  await part('pace').getByText('Replaying').waitFor(PATIENCE);
  await expect.poll(() => count('read'), PATIENCE).toBeGreaterThan(read);
});

test('let go, it ends with what another engine counts', async () => {
  await part('speed').selectOption('max');
  const words = await cell().reaches('march', 'fresh', 'failed');
  const truth = await native.row(`
    WITH log AS (
        SELECT *, max(event_timestamp) OVER (ORDER BY ingestion_timestamp, file_row_number
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) - INTERVAL 15 MINUTE AS watermark
        FROM read_parquet('${own.folder}/data/interactions/2025-03.parquet', file_row_number = true)
        WHERE ingestion_timestamp <= TIMESTAMPTZ '2025-03-16 12:00:00+00'),
      users AS (
        SELECT user_id,
          count(*) FILTER (WHERE event_timestamp >= t - INTERVAL 2 DAY AND event_timestamp < t) AS batch,
          count(*) FILTER (WHERE event_timestamp >= t - INTERVAL 2 DAY AND event_timestamp < t
            AND coalesce(event_timestamp >= watermark, true)) AS stream
        FROM log, (SELECT TIMESTAMPTZ '2025-03-16 12:00:00+00' AS t)
        WHERE event_timestamp <= t GROUP BY user_id)
    SELECT (SELECT count(*)::INT FROM log) AS read,
      (SELECT count(*)::INT FROM log WHERE event_timestamp < watermark) AS late,
      count(*)::INT AS users, count(*) FILTER (WHERE batch <> stream)::INT AS differing FROM users`);
  expect(await count('read')).toBe(truth['read']);
  expect(await count('late')).toBe(truth['late']);
  expect(await count('evicted')).toBeGreaterThan(0);
  const differing = part('features').getByRole('row').filter({ hasText: 'user_2d_events' });
  const shown = await differing.locator('[data-count="differing"]').innerText();
  expect(Number(shown.split(/\s/)[0]!.replace(/,/g, ''))).toBe(truth['differing']);
  expect(await differing.innerText()).toContain('dropped as late');
  expect(await part('summary').innerText()).toContain(
    `of ${Number(truth['users']).toLocaleString('en-US')} entities`,
  );
  expect(words).toMatch(/entities differ/);
  expect(await part('causes').innerText()).toMatch(/dropped as late by .* at most/);
});

test('the chart of delays is drawn, in light and dark', async () => {
  await part('result').scrollIntoViewIfNeeded();
  await plumbline.screenshot('replay-light');
  const drawn = part('sweep').locator('figure[data-chart="drawn"]');
  expect(await drawn.count()).toBe(2);
  const chart = drawn.first();
  await chart.locator('svg').waitFor(PATIENCE);
  await chart.getByText('2d', { exact: true }).first().waitFor(PATIENCE);
  await chart.scrollIntoViewIfNeeded();
  await plumbline.screenshot('replay-sweep-light');
  await plumbline.page.emulateMedia({ colorScheme: 'dark' });
  await plumbline.page
    .locator('[data-theme="dark"]')
    .first()
    .waitFor({ state: 'attached', ...PATIENCE });
  await chart.locator('svg').waitFor(PATIENCE);
  await plumbline.screenshot('replay-sweep-dark');
  await part('result').scrollIntoViewIfNeeded();
  await plumbline.screenshot('replay-dark');
  await plumbline.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setContentSize(900, 1000),
  );
  await expect.poll(() => plumbline.page.evaluate(() => innerWidth), PATIENCE).toBe(900);
  await part('result').scrollIntoViewIfNeeded();
  await plumbline.screenshot('replay-narrow');
});

test('it can be cancelled while it is paused', async () => {
  await part('speed').waitFor({ state: 'detached', ...PATIENCE });
  await cell().run('march');
  await part('replaying').waitFor(PATIENCE);
  await part('speed').selectOption('cell');
  await part('pause').click(PATIENCE);
  await cell().state('march').getByText('paused').waitFor(PATIENCE);
  await part('cancel').click(PATIENCE);
  await part('replaying').waitFor({ state: 'detached', ...PATIENCE });
  await cell().settled();
});

test('nothing went wrong on the page', () => {
  expect(plumbline.problems).toEqual([]);
});
