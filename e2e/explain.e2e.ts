import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { gridOf } from './grid-driver';
import { notebookOf, PATIENCE } from './notebook-driver';
import { ownNotebook } from './own-notebook';

/** Why a value of the sample's training set is what it is, in the inspector. */

const ON_DEMAND = `---
plumbline: 1
title: On demand
---

\`\`\`yaml source user_days
files: data/user_daily.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml source starts
files: data/starts.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view user_daily
entity: user
source: user_days
features:
  sessions: { type: int32, column: sessions_30d }
\`\`\`

\`\`\`yaml view asked
on_demand: true
features:
  twice: { type: float64, expression: sessions * 2 + completed::INT }
\`\`\`

\`\`\`yaml training-set small
spine: { sql: "SELECT user_id, event_timestamp, completed FROM starts" }
timestamp: event_timestamp
features: [asked:twice]
\`\`\`
`;

let plumbline: Launched;
let columns: string[];
beforeAll(async () => {
  plumbline = await launch({ size: { width: 1600, height: 1100 }, theme: 'light' });
  const notebook = notebookOf(plumbline);
  await notebook.reaches('serving', 'fresh', 'failed');
  await notebook.settled();
  columns = await gridOf(plumbline.page, 'rows of train').columns();
});
afterAll(() => plumbline.close());

const why = () => plumbline.page.getByTestId('why');
const line = () => plumbline.page.getByTestId('why-line');
const chosenRow = () => plumbline.page.getByTestId('why-row').innerText();

/** Selects a value of the training set and waits for its explanation. */
async function select(column: string, row: number): Promise<void> {
  const grid = gridOf(plumbline.page, 'rows of train');
  const at = columns.indexOf(column);
  await grid.scrollToColumn(at);
  await grid.cell(row, at).click(PATIENCE);
  await why().locator('.why-value').getByText(column, { exact: true }).waitFor(PATIENCE);
}

/** Pairs of texts of the drawing that cover each other, and texts that leave it. */
function clashes(): Promise<string[]> {
  return line().evaluate((host) => {
    const frame = host.getBoundingClientRect();
    const texts = [...host.querySelectorAll('text')].map((text) => ({
      words: text.textContent ?? '',
      box: text.getBoundingClientRect(),
    }));
    const found = texts
      .filter(
        ({ box }) =>
          box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1,
      )
      .map(({ words }) => `clipped: ${words}`);
    for (const [index, a] of texts.entries())
      for (const b of texts.slice(index + 1))
        if (
          a.box.left < b.box.right &&
          b.box.left < a.box.right &&
          a.box.top + 2 < b.box.bottom &&
          b.box.top + 2 < a.box.bottom
        )
          found.push(`${a.words} over ${b.words}`);
    return found;
  });
}

describe.each([
  ['a feature table', 'user_tier', 2],
  ['a window', 'user_last_category', 2],
  ['a ratio', 'user_7d_completion_rate', 2],
])('%s', (what, column, row) => {
  test('shows the rows on a time line, in light and dark', async () => {
    await select(column, row);
    const name = what.replaceAll(' ', '-');
    for (const theme of ['light', 'dark'] as const) {
      await plumbline.page.emulateMedia({ colorScheme: theme });
      await plumbline.page
        .locator(`:root[data-theme="${theme}"]`)
        .waitFor({ state: 'attached', ...PATIENCE });
      expect(await clashes()).toEqual([]);
      await plumbline.screenshot(`why-${name}-${theme}`);
    }
    await plumbline.page.emulateMedia({ colorScheme: 'light' });
    const marks = await line()
      .locator('[data-mark]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-mark')));
    expect(new Set(marks)).toContain('future');
    expect(marks.some((mark) => mark === 'won' || mark === 'counted')).toBe(true);
  });
});

test('arrow keys walk through the rows and say what became of each', async () => {
  await select('user_7d_completion_rate', 2);
  const { page } = plumbline;
  await line().focus();
  await page.keyboard.press('End');
  await expect.poll(chosenRow, PATIENCE).toContain('future, would leak');
  await page.keyboard.press('Home');
  await expect.poll(chosenRow, PATIENCE).not.toContain('future');
  const first = await chosenRow();
  await page.keyboard.press('ArrowRight');
  await expect.poll(chosenRow, PATIENCE).not.toBe(first);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(chosenRow, PATIENCE).toBe(first);
});

test('zooms by keyboard and back, and nothing covers anything', async () => {
  const { page } = plumbline;
  await line().focus();
  for (const key of ['+', '+', '+']) await page.keyboard.press(key);
  await expect.poll(() => page.getByRole('button', { name: 'Zoom out' }).isEnabled(), PATIENCE).toBe(true);
  expect(await clashes()).toEqual([]);
  await plumbline.screenshot('why-zoomed');
  await page.keyboard.press('0');
  await expect.poll(() => page.getByRole('button', { name: 'Zoom out' }).isEnabled(), PATIENCE).toBe(false);
});

test('the same rows as a table, as text and as SQL', async () => {
  await why()
    .getByText(/^(All \d+ rows|\d+ of \d+ rows)/)
    .click(PATIENCE);
  const rows = why().locator('tbody tr');
  await rows.first().click(PATIENCE);
  await expect.poll(() => rows.first().getAttribute('aria-current'), PATIENCE).toBe('true');
  await why().getByText('The SQL that gave the value', { exact: true }).click(PATIENCE);
  await expect.poll(() => why().locator('pre').innerText(), PATIENCE).toContain('WITH');
  await why().getByRole('button', { name: 'Copy as text' }).click(PATIENCE);
  await why().getByRole('button', { name: 'Copied' }).waitFor(PATIENCE);
  const copied = await plumbline.app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain('user_engagement:user_7d_completion_rate = ');
  expect(copied).toContain('What became of the entity’s rows in interactions:');
  await plumbline.screenshot('why-table-and-sql');
});

test('a training set and a view say how they were computed', async () => {
  const { page } = plumbline;
  const plans = page.getByRole('region', { name: 'How it was computed' }).locator('[data-plan]');
  await page.getByRole('treeitem', { name: /^train/ }).click(PATIENCE);
  await expect.poll(() => plans.count(), PATIENCE).toBe(4);
  expect(await plans.first().innerText()).toContain('user_engagement: join');
  await plumbline.screenshot('why-plans');
  await page
    .getByRole('treeitem', { name: /^user_daily/ })
    .first()
    .click(PATIENCE);
  await expect
    .poll(() => plans.allInnerTexts(), PATIENCE)
    .toEqual([expect.stringContaining('in train: grid')]);
});

test('an on-demand feature leads to what it is computed from, and back', async () => {
  const own = ownNotebook(ON_DEMAND, ['user_daily.parquet', 'starts.parquet']);
  const opened = await launch({
    args: [own.file],
    userData: own.userData,
    size: { width: 1600, height: 1000 },
    theme: 'light',
  });
  try {
    const { page } = opened;
    const notebook = notebookOf(opened);
    await notebook.settled();
    await notebook.runToEnd('small');
    const grid = gridOf(page, 'rows of small');
    const names = await grid.columns();
    await grid.cell(2, names.indexOf('twice')).click(PATIENCE);
    const panel = page.getByTestId('why');
    await panel.locator('.why-summary').getByText('The expression gives').waitFor(PATIENCE);
    await opened.screenshot('why-on-demand');
    await panel.getByRole('button', { name: /^sessions = / }).click(PATIENCE);
    await panel.getByText('user_daily:sessions', { exact: true }).waitFor(PATIENCE);
    await page.getByTestId('why-line').waitFor(PATIENCE);
    await panel.getByRole('button', { name: /^Back/ }).click(PATIENCE);
    await panel.getByRole('button', { name: /^sessions = / }).waitFor(PATIENCE);
    expect(opened.problems).toEqual([]);
  } finally {
    await opened.close();
    own.remove();
  }
});

test('nothing went wrong on the page', () => {
  expect(plumbline.problems).toEqual([]);
});
