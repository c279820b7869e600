import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { notebookOf, PATIENCE } from './notebook-driver';

/** The language services in the real app, under its content security policy: each needs its own worker. */

let plumbline: Launched;
beforeAll(async () => {
  plumbline = await launch({ size: { width: 1280, height: 800 } });
  // While the sample runs, results come in above the editor and move it under the mouse.
  const notebook = notebookOf(plumbline);
  await notebook.reaches('serving', 'fresh', 'failed');
  await notebook.settled();
  await editor().scrollIntoViewIfNeeded();
  await editor().locator('.view-lines').waitFor();
});
afterAll(() => plumbline.close());

const editor = () => plumbline.page.locator('[data-cell-editor="user_engagement"]');

/** A new last line in the view's cell, which goes away again with undo. */
async function typeLine(text: string): Promise<void> {
  const { page } = plumbline;
  await editor().locator('.view-lines').click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(`\n${text}`, { delay: 20 });
}

/** Puts the caret before what Monaco indents by itself. */
async function typeTopLevel(text: string): Promise<void> {
  await typeLine('');
  await plumbline.page.keyboard.press('Shift+Home');
  await plumbline.page.keyboard.type(text, { delay: 20 });
}

async function takeBack(): Promise<void> {
  const { page } = plumbline;
  const lines = await editor().locator('.view-line').count();
  await page.keyboard.press('Escape');
  await editor().locator('.view-lines').click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Backspace');
  await expect.poll(() => editor().locator('.view-line').count(), PATIENCE).toBe(lines - 1);
}

const hoverText = async () => (await plumbline.page.locator('.monaco-hover').allTextContents()).join();
const suggestions = () => plumbline.page.locator('.suggest-widget .monaco-list-row .label-name');

test('the YAML schema completes keys', async () => {
  await typeTopLevel('created_t');
  await expect.poll(() => suggestions().allTextContents(), PATIENCE).toContain('created_timestamp');
  await plumbline.screenshot('editor-completion');
  await takeBack();
});

test('names of other cells complete', async () => {
  await typeTopLevel('entities: [us');
  await expect.poll(() => suggestions().allTextContents(), PATIENCE).toContain('user');
  await takeBack();
});

test('a value of the wrong type is marked by the schema', async () => {
  await typeTopLevel('created_timestamp: [1]');
  // The catalog marks the key as an error; the schema, which answers later, marks the value as a warning.
  await editor().locator('.squiggly-warning').first().waitFor();
  await editor()
    .locator('.view-line', { hasText: 'created_timestamp' })
    .getByText('1', { exact: false })
    .last()
    .hover();
  await expect.poll(hoverText, PATIENCE).toMatch(/Incorrect type/);
  await takeBack();
});

test('a feature shows what it is', async () => {
  await editor().locator('.view-line').getByText('user_7d_completion_rate').first().hover();
  await expect.poll(hoverText, PATIENCE).toMatch(/over 7d/);
  await plumbline.screenshot('editor-hover');
});

test('nothing was refused by the content security policy', () => {
  expect(plumbline.problems).toEqual([]);
});
