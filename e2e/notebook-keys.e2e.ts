import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorOf } from './editor-driver';
import { answerDialogs, dialogTexts, launch, type Launched } from './fixture';
import { notebookOf, PATIENCE } from './notebook-driver';
import { ownNotebook, type OwnNotebook } from './own-notebook';

/** A user's own notebook: nothing runs on opening, keys do what they do elsewhere, the file changes where it must. */

/** Odd on purpose: what a tidy printer would change must come back as it was. */
const NOTEBOOK = `---
title:   "Own"   # a comment
plumbline: 1
---

Setext heading
==============

* a star,   and spaces
\t
\`\`\`sql query first
SELECT 1   AS one  -- trailing
\`\`\`


\`\`\`sql query second
SELECT one + 1 AS two FROM first
\`\`\`

| a | b |
|---|:-:|
\`\`\`yaml source days
files:   data/user_daily.parquet
timestamp: event_timestamp    # as it is
\`\`\`
The end, without a line end`;

let own: OwnNotebook;
let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
beforeAll(async () => {
  own = ownNotebook(NOTEBOOK, ['user_daily.parquet']);
  plumbline = await launch({
    userData: own.userData,
    args: [own.file],
    size: { width: 1280, height: 800 },
    theme: 'light',
  });
  notebook = notebookOf(plumbline);
  await plumbline.page
    .getByTestId('status-engine')
    .getByText(/^DuckDB \d/)
    .waitFor(PATIENCE);
  await notebook.state('days').waitFor(PATIENCE);
});
afterAll(async () => {
  await plumbline.close();
  own.remove();
});

const root = () => plumbline.page.getByTestId('notebook');
const mode = () => root().getAttribute('data-mode');
const saveState = () => plumbline.page.getByTestId('save-state').innerText();
const press = async (...keys: string[]) => {
  for (const key of keys) await plumbline.page.keyboard.press(key);
};

/** Names of the blocks from top to bottom; text is `text`. */
const blocks = () =>
  root()
    .locator('[data-block]')
    .evaluateAll((items) =>
      items.map((item) => {
        const id = item.querySelector('section')?.getAttribute('data-testid') ?? '';
        return id === 'cell-markdown' ? 'text' : id.replace('cell-', '');
      }),
    );
const focused = () =>
  root()
    .locator('section.focused')
    .evaluateAll((cells) =>
      cells.map((cell) => cell.getAttribute('data-testid')!.replace('cell-', '')).join(),
    );

const START = ['text', 'first', 'second', 'text', 'days', 'text'];

test('opening a notebook runs nothing', async () => {
  await expect.poll(blocks, PATIENCE).toEqual(START);
  for (const cell of ['first', 'second', 'days']) expect(await notebook.kind(cell)).toBe('idle');
  expect(await plumbline.page.getByRole('grid').count()).toBe(0);
  expect(await plumbline.page.getByTestId('status-running').count()).toBe(0);
  expect(await saveState()).toBe('saved');
  expect(own.text()).toBe(NOTEBOOK);
});

test('J, K and arrows select; Enter and Esc change between the cell and its text', async () => {
  await press('j');
  await expect.poll(focused, PATIENCE).toBe('first');
  await press('j');
  await expect.poll(focused, PATIENCE).toBe('second');
  await press('k');
  await expect.poll(focused, PATIENCE).toBe('first');
  await press('ArrowDown', 'ArrowUp');
  await expect.poll(focused, PATIENCE).toBe('first');
  expect(await mode()).toBe('command');
  await press('Enter');
  await expect.poll(mode, PATIENCE).toBe('edit');
  await press('Escape');
  await expect.poll(mode, PATIENCE).toBe('command');
  expect(await saveState()).toBe('saved');
});

test('A and B insert, D D deletes, Z brings back, undo and redo go over cells', async () => {
  await press('b');
  await expect.poll(blocks, PATIENCE).toHaveLength(7);
  const below = await blocks();
  expect(below.slice(0, 2)).toEqual(['text', 'first']);
  await press('d', 'd');
  await expect.poll(blocks, PATIENCE).toEqual(START);
  await press('z');
  await expect.poll(blocks, PATIENCE).toEqual(below);
  await press('ControlOrMeta+Z', 'ControlOrMeta+Z', 'ControlOrMeta+Z');
  await expect.poll(blocks, PATIENCE).toEqual(START);
  await expect.poll(saveState, PATIENCE).toBe('saved');
  await press('ControlOrMeta+Shift+Z');
  await expect.poll(blocks, PATIENCE).toEqual(below);
  await press('ControlOrMeta+Z');
  await expect.poll(blocks, PATIENCE).toEqual(START);

  await notebook.part('second', 'state').click();
  await press('a');
  await expect.poll(blocks, PATIENCE).toHaveLength(7);
  expect((await blocks()).indexOf('second')).toBe(3);
  await press('ControlOrMeta+Z');
  await expect.poll(blocks, PATIENCE).toEqual(START);
});

test('M makes text, Y makes a query, undo makes it what it was', async () => {
  await notebook.part('second', 'state').click();
  await press('m');
  await expect.poll(blocks, PATIENCE).not.toContain('second');
  await press('y');
  await expect.poll(() => root().locator('[data-kind="query"]').count(), PATIENCE).toBe(2);
  await press('ControlOrMeta+Z', 'ControlOrMeta+Z');
  await expect.poll(blocks, PATIENCE).toEqual(START);
  await expect.poll(saveState, PATIENCE).toBe('saved');
});

test('Shift+Enter runs a cell with what it needs and goes on', async () => {
  await notebook.part('second', 'state').click();
  await press('Enter', 'Shift+Enter');
  await notebook.reaches('second', 'fresh');
  await notebook.reaches('first', 'fresh');
  expect(await notebook.kind('days')).toBe('idle');
  await expect.poll(mode, PATIENCE).toBe('command');
  await expect.poll(focused, PATIENCE).toBe('markdown');
});

test('the palette finds a command by a few letters', async () => {
  const { page } = plumbline;
  await press('F1');
  await page.getByTestId('palette-input').fill('run stale');
  await page.getByTestId('palette-run.stale').waitFor(PATIENCE);
  await plumbline.screenshot('keys-palette');
  await press('Enter');
  await notebook.reaches('days', 'fresh');
  await press('ControlOrMeta+P');
  await page.getByTestId('palette-input').fill('second');
  await press('Enter');
  await expect.poll(focused, PATIENCE).toBe('second');
});

test('saving changes the edited cell and no other byte', async () => {
  await editorOf(plumbline.page, 'first').caretBehind('AS one');
  await plumbline.page.keyboard.type(', 2 AS extra');
  await expect.poll(saveState, PATIENCE).toBe('edited');
  await press('ControlOrMeta+S');
  await expect.poll(saveState, PATIENCE).toBe('saved');
  expect(own.text()).toBe(NOTEBOOK.replace('AS one', 'AS one, 2 AS extra'));
  await press('Escape');
});

test('a change from outside is taken over, or asked about when there are edits', async () => {
  const { page } = plumbline;
  const first = editorOf(page, 'first');
  const outside = own.text().replace('one + 1', 'one + 10');
  writeFileSync(own.file, outside);
  await editorOf(page, 'second').lineWith('one + 10').waitFor(PATIENCE);
  expect(await saveState()).toBe('saved');

  await first.caretBehind('AS extra');
  await page.keyboard.type(', 3 AS mine');
  await expect.poll(saveState, PATIENCE).toBe('edited');
  const again = outside.replace('one + 10', 'one + 100');
  writeFileSync(own.file, again);
  const notice = page.getByTestId('notice-outside');
  await notice.waitFor(PATIENCE);
  await plumbline.screenshot('keys-outside');
  expect(own.text()).toBe(again);
  await notice.getByRole('button', { name: 'Keep mine and save' }).click();
  await expect.poll(saveState, PATIENCE).toBe('saved');
  expect(own.text()).toBe(outside.replace('AS extra', 'AS extra, 3 AS mine'));

  await first.caretBehind('AS mine');
  await page.keyboard.type(', 4 AS lost');
  await expect.poll(saveState, PATIENCE).toBe('edited');
  writeFileSync(own.file, again);
  await notice.getByRole('button', { name: 'Take the file’s text' }).click(PATIENCE);
  await expect.poll(saveState, PATIENCE).toBe('saved');
  await editorOf(page, 'second').lineWith('one + 100').waitFor(PATIENCE);
  expect(own.text()).toBe(again);
  await press('Escape');
});

test('a dropped Parquet file is copied after a yes and becomes a source cell', async () => {
  const { page } = plumbline;
  const elsewhere = mkdtempSync(join(tmpdir(), 'plumbline-drop-'));
  try {
    const dropped = join(elsewhere, 'item_daily.parquet');
    copyFileSync(join(import.meta.dirname, '../sample-data/data/item_daily.parquet'), dropped);
    await answerDialogs(plumbline, [1]);
    await page.evaluate(() => {
      const input = document.createElement('input');
      input.type = 'file';
      input.id = 'dropped';
      document.body.append(input);
    });
    await page.locator('#dropped').setInputFiles(dropped);
    await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('#dropped')!;
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(input.files![0]!);
      input.remove();
      window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
    });
    await page.locator('[data-kind="source"]').nth(1).waitFor(PATIENCE);
    expect(await dialogTexts(plumbline)).toEqual([expect.stringContaining(dropped)]);
    expect(readFileSync(join(own.folder, 'data/item_daily.parquet'))).toEqual(readFileSync(dropped));
    await editorOf(page, 'item_daily').lineWith('files: data/item_daily.parquet').waitFor(PATIENCE);
    expect(await notebook.runToEnd('item_daily')).toContain('14,000 rows');
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

test('a new notebook is written where the dialog says, and the old one is on the recent list', async () => {
  const { app, page } = plumbline;
  const made = join(own.folder, 'fresh.plumb.md');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, made);
  await notebook.command('notebook.new');
  await expect.poll(() => page.getByTestId('title-bar').innerText(), PATIENCE).toContain('fresh.plumb.md');
  expect(existsSync(made)).toBe(true);
  expect(readFileSync(made, 'utf8')).toMatch(/^---\nplumbline: 1\n/);

  await notebook.command('notebook.recent');
  const dialog = page.getByTestId('dialog-open');
  await dialog
    .locator('.problem')
    .filter({ hasText: own.folder })
    .filter({ hasText: 'own.plumb.md' })
    .last()
    .waitFor(PATIENCE);
  await plumbline.screenshot('keys-recent');
  await dialog
    .locator('.problem')
    .filter({ hasText: own.folder })
    .filter({ hasText: 'own.plumb.md' })
    .last()
    .click();
  await notebook.state('second').waitFor(PATIENCE);
  expect(await notebook.kind('second')).toBe('idle');
});

test('nothing went wrong on the page', () => {
  expect(plumbline.problems).toEqual([]);
});
