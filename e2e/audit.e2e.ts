import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorOf } from './editor-driver';
import { launch, type Launched } from './fixture';
import { gridOf } from './grid-driver';
import { notebookOf, PATIENCE } from './notebook-driver';
import { ownNotebook, type OwnNotebook } from './own-notebook';

/** A training file that somebody else made: what the audit says of it, on screen and as a report. */

const NOTEBOOK = `---
plumbline: 1
title: Their file
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
ttl: 2d
features:
  user_tier: { type: string, column: tier, default: free }
  user_sessions_30d: { type: int32, column: sessions_30d, default: zero }
  user_avg_rating: { type: float64, column: avg_rating }
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, event_timestamp FROM user_days" }
timestamp: event_timestamp
features: [user_daily:user_tier, user_daily:user_sessions_30d, user_daily:user_avg_rating]
\`\`\`

\`\`\`yaml audit theirs
file: data/their_training.parquet
training_set: train
timestamp: requested_at
limit: 1
\`\`\`
`;

let own: OwnNotebook;
let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
beforeAll(async () => {
  own = ownNotebook(NOTEBOOK, ['user_daily.parquet', 'their_training.parquet']);
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

test('past its limit the cell has failed, and shows what it found', async () => {
  await notebook.run('theirs');
  const error = await notebook.error('theirs');
  expect(error.code).toBe('audit.limit');
  expect(error.message).toMatch(/^[\d,]+ of the 3,074 rows of data\/their_training\.parquet are not right/);
  const summary = await notebook.part('theirs', 'summary').innerText();
  expect(summary).toMatch(/^[\d,]+ of 3,074 rows of data\/their_training\.parquet are not right/);
  const rows = await notebook.part('theirs', 'features').locator('tbody tr').all();
  expect(rows).toHaveLength(3);
  for (const row of rows) {
    const counts = await row.locator('[data-verdict]').allInnerTexts();
    const numbers = counts.map((text) => Number(text.split(/\s/)[0]!.replace(/,/g, '')));
    expect(numbers.reduce((sum, count) => sum + count, 0)).toBe(3_074);
    expect(await row.getByRole('img').getAttribute('aria-label')).toContain('future value');
  }
  // Only the audit ran: the set's own rows are not needed.
  expect(await notebook.kind('train')).toBe('idle');
});

test('the reasons of a feature are told in words, and every value can be looked at', async () => {
  await notebook.part('theirs', 'features').getByRole('button', { name: 'user_tier' }).click();
  const reasons = notebook.part('theirs', 'reasons');
  await reasons.getByText('the value is what a naive join gives').waitFor(PATIENCE);
  const open = notebook.part('theirs', 'mismatches');
  const count = Number((await open.innerText()).replace(/\D/g, ''));
  await open.click();
  const grid = gridOf(plumbline.page, 'mismatches of theirs');
  await grid.cell(0, 0).locator('.grid-value').waitFor(PATIENCE);
  expect(await grid.rowCount()).toBe(count);
  expect(await grid.columns()).toEqual([
    'feature',
    'in_file',
    'truth',
    'verdict',
    'away',
    'why',
    'row',
    'user_id',
    'event_timestamp',
  ]);
});

test.each(['light', 'dark'] as const)('looks: %s', async (theme) => {
  await plumbline.page.emulateMedia({ colorScheme: theme });
  await notebook.part('theirs', 'output').evaluate((output) => output.scrollIntoView({ block: 'start' }));
  await expect.poll(() => plumbline.page.locator('.grid-skeleton').count(), PATIENCE).toBe(0);
  await plumbline.screenshot(`audit-${theme}`);
});

test('the report is a file that needs nothing else', async () => {
  await notebook.part('theirs', 'report').click();
  const saved = await notebook.part('theirs', 'report-file').innerText();
  expect(saved).toContain('out/theirs.html');
  const html = readFileSync(join(own.folder, 'out/theirs.html'), 'utf8');
  expect(html).toContain('Audit of data/their_training.parquet');
  expect(html).toContain('past the limit of 1 %');
  expect(html).not.toMatch(/<script|<link|src=|@import/i);
});

test('a higher limit lets the cell pass', async () => {
  await editorOf(plumbline.page, 'theirs').replace('limit: 1', 'limit: 100');
  await notebook.reaches('theirs', 'edited');
  const said = await notebook.runToEnd('theirs');
  expect(said).toContain('values are not right');
  expect(await notebook.kind('theirs')).toBe('fresh');
  expect(plumbline.problems).toEqual([]);
});
