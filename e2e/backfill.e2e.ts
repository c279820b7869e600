import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { openNative, type NativeDuckDB } from './native-duckdb';
import { notebookOf, PATIENCE } from './notebook-driver';
import { ownNotebook, type OwnNotebook } from './own-notebook';

/** A backfill is run, cancelled in the middle and resumed; another engine reads back what the rule says. */

const NOTEBOOK = `---
plumbline: 1
title: Backfill
---

\`\`\`yaml source user_days
files: data/user_daily.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view user_daily
entity: user
source: user_days
created_timestamp: created_at
features:
  tier: { type: string, column: tier, default: free }
  sessions: { type: int32, column: sessions_30d }
\`\`\`

\`\`\`yaml backfill history
views: [user_daily]
start: 2025-02-10
end: 2025-03-01T12:00:00Z
every: 6h
out: out/history
\`\`\`
`;

/** From February 10 to noon of March 1, every six hours. */
const FILES = 19 * 4 + 3;

let plumbline: Launched;
let native: NativeDuckDB;
let own: OwnNotebook;
beforeAll(async () => {
  native = await openNative();
  own = ownNotebook(NOTEBOOK, ['user_daily.parquet']);
  plumbline = await launch({
    userData: own.userData,
    args: [own.file],
    size: { width: 1280, height: 900 },
    theme: 'light',
  });
});
afterAll(async () => {
  native.close();
  await plumbline.close();
  own.remove();
});

const cell = () => notebookOf(plumbline);
const summary = () => cell().part('history', 'summary');
const progress = () => plumbline.page.getByRole('progressbar', { name: 'files of history' });
const whole = async () => Number(await progress().getAttribute('aria-valuenow', PATIENCE));

test('opening and running the cell writes nothing: it says what is to do', async () => {
  await cell().settled();
  expect(await cell().kind('history')).toBe('idle');
  await cell().run('history');
  const words = await cell().reaches('history', 'fresh', 'failed');
  expect(words).toContain(`0 of ${FILES} files whole`);
  expect(await summary().innerText()).toContain(`Nothing was written yet: ${FILES} files to do.`);
  expect(existsSync(join(own.folder, 'out'))).toBe(false);
  await cell().part('history', 'result').scrollIntoViewIfNeeded();
  await plumbline.screenshot('backfill-to-do');
});

test('it is cancelled in the middle and keeps what is whole', async () => {
  await cell().part('history', 'write').click(PATIENCE);
  await expect.poll(whole, PATIENCE).toBeGreaterThan(2);
  await plumbline.screenshot('backfill-running');
  await cell().part('history', 'stop').click(PATIENCE);
  await cell().reaches('history', 'cancelled');
  const done = await whole();
  expect(done).toBeGreaterThan(2);
  expect(done).toBeLessThan(FILES);
  expect(await summary().innerText()).toContain(`Cancelled: ${done} of ${FILES} files are whole`);
  const [row] = await native.rows(
    `SELECT count(DISTINCT event_timestamp)::INT AS files FROM read_parquet('${own.folder}/out/history/**/*.parquet')`,
  );
  expect(row).toEqual({ files: done });
  await plumbline.screenshot('backfill-cancelled');
});

test('it goes on with the rest, and says what it skipped', async () => {
  const before = await whole();
  await cell().part('history', 'write').getByText('Resume backfill').click(PATIENCE);
  await cell().reaches('history', 'fresh', 'failed');
  expect(await summary().innerText()).toContain(`All ${FILES} files are whole.`);
  const grid = plumbline.page.getByRole('grid', { name: 'files of history' });
  await grid.getByRole('row').filter({ hasText: 'skipped, up to date' }).first().waitFor(PATIENCE);
  expect(before).toBeGreaterThan(2);
  await grid.focus();
  await plumbline.page.keyboard.press('End');
  await grid
    .getByRole('row')
    .filter({ hasText: '2025-03-01 12:00:00' })
    .filter({ hasText: 'written' })
    .waitFor(PATIENCE);
  expect(await cell().part('history', 'write').isDisabled()).toBe(true);
  await plumbline.page.keyboard.press('Home');
  await plumbline.screenshot('backfill-light');
  await plumbline.page.emulateMedia({ colorScheme: 'dark' });
  await plumbline.page
    .locator('[data-theme="dark"]')
    .first()
    .waitFor({ state: 'attached', ...PATIENCE });
  await plumbline.screenshot('backfill-dark');
});

test('native DuckDB reads every instant by its partition as the newest row of each user', async () => {
  const truth = await native.row(`
    WITH files AS (
        SELECT * FROM read_parquet('${own.folder}/out/history/user_daily/**/*.parquet',
          hive_partitioning = true, hive_types = {'date': DATE, 'time': VARCHAR})),
      grid AS (SELECT unnest(range(TIMESTAMP '2025-02-10', TIMESTAMP '2025-03-01 12:00:01', INTERVAL 6 HOUR)) AS t),
      expected AS (
        SELECT user_id, t, coalesce(tier, 'free') AS tier, sessions_30d AS sessions
        FROM grid JOIN user_days ON event_timestamp <= t
        WHERE user_id IS NOT NULL
        QUALIFY row_number() OVER (
          PARTITION BY user_id, t ORDER BY event_timestamp DESC, created_at DESC NULLS LAST) = 1)
    SELECT count(*)::INT AS different,
      (SELECT count(DISTINCT event_timestamp)::INT FROM files) AS instants,
      (SELECT count(*)::INT FROM files
       WHERE date <> event_timestamp::DATE OR time <> strftime(event_timestamp, '%H%M%S')) AS misplaced
    FROM files FULL JOIN expected ON files.user_id = expected.user_id AND event_timestamp = t
    WHERE files.user_id IS NULL OR expected.user_id IS NULL
      OR files.tier IS DISTINCT FROM expected.tier OR files.sessions IS DISTINCT FROM expected.sessions`);
  expect(truth).toEqual({ different: 0, instants: FILES, misplaced: 0 });
});

test('nothing went wrong on the page', () => {
  expect(plumbline.problems).toEqual([]);
});
