import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { notebookOf, PATIENCE } from './notebook-driver';
import { ownNotebook, type OwnNotebook } from './own-notebook';

/** What was served over two weeks: which features drifted, since when, and how fresh the views were. */

const NOTEBOOK = `---
plumbline: 1
title: Drift
---

\`\`\`yaml source user_days
files: data/user_daily.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml source serving_log
files: data/serving_log.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view user_daily
entity: user
source: user_days
created_timestamp: created_at
ttl: 2d
tags: { freshness_sla: 20h }
features:
  user_tier: { type: string, column: tier, default: free }
  user_sessions_30d: { type: int32, column: sessions_30d, default: zero }
  user_avg_rating: { type: float64, column: avg_rating }
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, event_timestamp FROM serving_log" }
timestamp: event_timestamp
features: [user_daily:user_tier, user_daily:user_sessions_30d, user_daily:user_avg_rating]
\`\`\`

\`\`\`yaml drift served
training_set: train
source: serving_log
every: 1d
null_rate: 0.05
fail: true
\`\`\`
`;

let own: OwnNotebook;
let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
beforeAll(async () => {
  own = ownNotebook(NOTEBOOK, ['user_daily.parquet', 'serving_log.parquet']);
  plumbline = await launch({
    userData: own.userData,
    args: [own.file],
    size: { width: 1400, height: 1000 },
    theme: 'light',
  });
  notebook = notebookOf(plumbline);
  await notebook.settled();
});
afterAll(async () => {
  await plumbline.close();
  own.remove();
});

test('an alarm fails the cell, which shows every feature with its worst window', async () => {
  await notebook.run('served');
  expect((await notebook.error('served')).code).toBe('drift.alarm');
  expect(await notebook.part('served', 'summary').innerText()).toMatch(/^\d+ alarms?$/);
  const rows = await notebook.part('served', 'features').locator('tbody tr').allInnerTexts();
  expect(rows).toHaveLength(3);
  const rating = rows.find((text) => text.startsWith('user_avg_rating'))!;
  expect(rating).toMatch(/2025-03-\d\d/);
  expect(rating).toMatch(/1\d of 14/);
  const told = await notebook.part('served', 'output').getByRole('listitem').allInnerTexts();
  expect(told[0]).toMatch(
    /^user_avg_rating: the share of NULL is above 5\.00 % in 1\d windows, most in that of 2025-03-/,
  );
  // The rows of a log are watched without building the set.
  expect(await notebook.kind('train')).toBe('idle');
});

test('the chosen feature is drawn over time, with what it has', async () => {
  const { page } = plumbline;
  await notebook.part('served', 'features').getByRole('button', { name: 'user_avg_rating' }).click();
  const charts = notebook.part('served', 'charts');
  for (const measure of ['PSI', 'KS', 'NULL rate'])
    await charts
      .getByRole('img', { name: `user_avg_rating: ${measure}` })
      .locator('svg')
      .waitFor(PATIENCE);
  await notebook.part('served', 'features').getByRole('button', { name: 'user_tier' }).click();
  await charts.getByRole('img', { name: 'user_tier: default rate' }).locator('svg').waitFor(PATIENCE);
  expect(await charts.getByRole('img', { name: 'user_tier: KS' }).count()).toBe(0);
  expect(await page.locator('[data-chart="failed"]').count()).toBe(0);
  const fresh = notebook.part('served', 'freshness');
  expect(await fresh.innerText()).toMatch(
    /user_daily at most \d+ h.* old, \d+ of 14 windows past the SLA of 20 h/,
  );
  await fresh.locator('.chart svg').waitFor(PATIENCE);
});

test.each(['light', 'dark'] as const)('looks: %s', async (theme) => {
  await plumbline.page.emulateMedia({ colorScheme: theme });
  const output = notebook.part('served', 'output');
  await notebook.part('served', 'features').getByRole('button', { name: 'user_avg_rating' }).click();
  await output.getByRole('img', { name: 'user_avg_rating: PSI' }).locator('svg').waitFor(PATIENCE);
  await output.evaluate((one) => one.scrollIntoView({ block: 'start' }));
  await plumbline.screenshot(`drift-${theme}`);
  await notebook.part('served', 'freshness').evaluate((one) => one.scrollIntoView({ block: 'center' }));
  await plumbline.screenshot(`drift-freshness-${theme}`);
});

test('looks: narrow', async () => {
  await plumbline.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setContentSize(900, 1000),
  );
  await expect.poll(() => plumbline.page.evaluate(() => innerWidth), PATIENCE).toBe(900);
  await notebook.part('served', 'output').evaluate((one) => one.scrollIntoView({ block: 'start' }));
  await expect.poll(() => notebook.part('served', 'output').locator('.chart svg').count(), PATIENCE).toBe(4);
  await plumbline.screenshot('drift-narrow');
});
