import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorOf } from './editor-driver';
import { launch, type Launched } from './fixture';
import { gridOf } from './grid-driver';
import { completionRate, openNative, type NativeRow } from './native-duckdb';
import { notebookOf, PATIENCE } from './notebook-driver';

/** Editing in the running sample: what follows, what stays, and what the editor says. */

let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
beforeAll(async () => {
  plumbline = await launch({ size: { width: 1600, height: 1000 }, theme: 'light' });
  notebook = notebookOf(plumbline);
  await notebook.reaches('serving', 'fresh', 'failed');
  await notebook.settled();
});
afterAll(() => plumbline.close());

const view = () => editorOf(plumbline.page, 'user_engagement');
const saved = () => readFileSync(join(plumbline.userData, 'sample/streamrec.plumb.md'), 'utf8');
const saveState = () => plumbline.page.getByTestId('save-state').innerText();
const suggestions = () => plumbline.page.locator('.suggest-widget .monaco-list-row .label-name');

/** A start among the first whose rate depends on the window, with both values. */
async function knownStart(): Promise<NativeRow> {
  const native = await openNative();
  try {
    return await native.row(
      `SELECT * FROM (SELECT n, user_id::VARCHAR AS user, strftime(event_timestamp, '%Y-%m-%d %H:%M:%S.%g') AS time,
         printf('%.4f', ${completionRate(7, 'starts.event_timestamp')}) AS of_7d,
         printf('%.4f', ${completionRate(14, 'starts.event_timestamp')}) AS of_14d
         FROM starts WHERE n < 6) WHERE of_7d <> of_14d ORDER BY n LIMIT 1`,
    );
  } finally {
    native.close();
  }
}

/** The rate of one start among the rows on screen; a preview may leave out rows before it. */
async function rateOf(start: NativeRow): Promise<string | undefined> {
  const grid = gridOf(plumbline.page, 'rows of train');
  const [users, times, rates] = [await grid.shown(0), await grid.shown(2), await grid.shown(4)];
  const row = [...times].find(([at, time]) => time === start['time'] && users.get(at) === start['user']);
  return row === undefined ? undefined : rates.get(row[0]);
}

test('a longer window reaches the training set by itself', async () => {
  const start = await knownStart();
  await plumbline.page.getByRole('grid', { name: 'rows of train' }).scrollIntoViewIfNeeded();
  await expect.poll(() => rateOf(start), PATIENCE).toBe(start['of_7d']);
  await view().replace('window: 7d', 'window: 14d');
  await expect.poll(() => rateOf(start), PATIENCE).toBe(start['of_14d']);
  await notebook.reaches('train', 'fresh');
  expect(await notebook.kind('serving')).toBe('upstream');
  await expect.poll(saved, PATIENCE).toContain('    window: 14d\n    ratio:');
});

test('fast typing loses no character while cells run', async () => {
  const words = Array.from({ length: 40 }, (_, index) => `w${index}`).join(' ');
  await view().replace('window: 14d', 'window: 7d');
  await view().caretBehind('What the user did lately.');
  await plumbline.page.keyboard.type(` ${words}`);
  await plumbline.page.keyboard.press('ControlOrMeta+S');
  await expect.poll(saved, PATIENCE).toContain(`description: What the user did lately. ${words}\n`);
  await notebook.settled();
  await notebook.reaches('train', 'fresh');
});

test('a comment makes nothing stale and runs nothing', async () => {
  const watched = ['user_engagement', 'train', 'finished_by_rate'];
  const noted = await Promise.all(watched.map((cell) => notebook.noteStates(cell)));
  await view().caretBehind('source: interactions');
  await plumbline.page.keyboard.type(' # one file per month');
  await expect.poll(saveState, PATIENCE).toBe('edited');
  // The file follows by itself, long after the cells would have.
  await expect.poll(saveState, PATIENCE).toBe('saved');
  expect(saved()).toContain('source: interactions # one file per month\n');
  for (const texts of noted) expect(await texts()).toEqual([]);
  for (const cell of watched) expect(await notebook.kind(cell)).toBe('fresh');
});

test('a wrong column is underlined, explained, listed and mended', async () => {
  const { page } = plumbline;
  await view().replace('event_type', 'even_type');
  await view().squiggles.first().waitFor(PATIENCE);
  const message = () => view().messages.allInnerTexts();
  await expect
    .poll(async () => (await message()).join('').replaceAll('\u00a0', ' '), PATIENCE)
    .toMatch(/no column even_type in interactions; did you mean event_type\?/);
  await plumbline.screenshot('edit-wrong-column');

  await page.getByTestId('status-problems').getByText('1 problem').click(PATIENCE);
  const problems = page.getByTestId('dialog-problems');
  const listed = (await problems.locator('.problem').allInnerTexts()).map((text) =>
    text.replace(/\s+/g, ' '),
  );
  expect(listed).toHaveLength(1);
  expect(listed[0]).toMatch(/even_type.*event_type.*user_engagement/);
  await plumbline.screenshot('edit-problems');
  await problems.locator('.problem').click();
  await problems.waitFor({ state: 'detached' });

  await view().caretBehind('even_type');
  await page.keyboard.press('ControlOrMeta+.');
  await page.locator('.action-widget').getByText('Change to event_type').waitFor(PATIENCE);
  await plumbline.screenshot('edit-quick-fix');
  await page.keyboard.press('Enter');
  await view().squiggles.waitFor({ state: 'detached', ...PATIENCE });
  await page.getByTestId('status-problems').getByText('no problems').waitFor(PATIENCE);
  await page.keyboard.press('ControlOrMeta+S');
  await expect.poll(saved, PATIENCE).toContain("where: event_type = 'completion' }");
  await notebook.settled();
  expect(await notebook.kind('train')).toBe('fresh');
});

test('YAML completes keys of a feature, SQL completes columns, and both document', async () => {
  const { page } = plumbline;
  await view().caretBehind('default: 0.0');
  await page.keyboard.press('Enter');
  await page.keyboard.type('descr', { delay: 30 });
  await expect.poll(() => suggestions().allInnerTexts(), PATIENCE).toContain('description');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Backspace');

  await view().lineWith('window: 7d').getByText('window').hover();
  const hover = async () => (await page.locator('.monaco-hover').allInnerTexts()).join('\n');
  await expect.poll(hover, PATIENCE).toMatch(/\[t ?- ?/);

  const query = editorOf(page, 'daily_volume');
  await query.caretBehind('SELECT ');
  await page.keyboard.type('sess', { delay: 30 });
  await expect.poll(() => suggestions().allInnerTexts(), PATIENCE).toContain('session_id');
  await plumbline.screenshot('edit-sql-completion');
  await page.keyboard.press('Tab');
  await query.lineWith('SELECT session_id').waitFor(PATIENCE);
  for (let at = 0; at < 'session_id'.length; at++) await page.keyboard.press('Backspace');
  await notebook.settled();
  await notebook.reaches('daily_volume', 'fresh');
});

test('nothing went wrong on the page', () => {
  expect(plumbline.problems).toEqual([]);
});
