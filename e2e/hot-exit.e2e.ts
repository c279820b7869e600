import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorOf } from './editor-driver';
import { launch, type Launched } from './fixture';
import { notebookOf, PATIENCE } from './notebook-driver';
import { ownNotebook, type OwnNotebook } from './own-notebook';

/** Unsaved text survives closing and killing, and never reaches the file by itself. */

const NOTEBOOK = `---
plumbline: 1
title: Kept
---

\`\`\`sql query numbers
SELECT 1 AS one
\`\`\`
`;

let own: OwnNotebook;
let running: Launched | null = null;
beforeAll(() => {
  own = ownNotebook(NOTEBOOK);
});
afterAll(async () => {
  await running?.close();
  own.remove();
});

/** Starts the app on the profile; only the first start names the notebook. */
async function start(args: string[] = []) {
  const plumbline = await launch({ userData: own.userData, args, theme: 'light' });
  running = plumbline;
  const editor = editorOf(plumbline.page, 'numbers');
  await editor.lineWith('SELECT 1').waitFor(PATIENCE);
  return { plumbline, editor };
}

const saveState = ({ page }: Launched) => page.getByTestId('save-state').innerText();

/** What the backups on disk hold. */
function backups(): string {
  const folder = join(own.userData, 'backups');
  try {
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
  } catch {
    return '';
  }
}

async function close(): Promise<void> {
  await running?.close();
  running = null;
}

test('undoing back to the saved text clears the mark', async () => {
  const { plumbline, editor } = await start([own.file]);
  await editor.caretBehind('AS one');
  await plumbline.page.keyboard.type(', 2 AS two');
  await expect.poll(() => saveState(plumbline), PATIENCE).toBe('edited');
  await expect
    .poll(async () => {
      await plumbline.page.keyboard.press('ControlOrMeta+Z');
      return saveState(plumbline);
    }, PATIENCE)
    .toBe('saved');
  expect(own.text()).toBe(NOTEBOOK);
});

test('an edit that was not saved is there after closing, and still marked', async () => {
  const { page } = running!;
  await editorOf(page, 'numbers').caretBehind('AS one');
  await page.keyboard.type(', 3 AS three');
  await expect.poll(() => saveState(running!), PATIENCE).toBe('edited');
  await close();
  expect(own.text()).toBe(NOTEBOOK);

  const { plumbline, editor } = await start();
  await editor.lineWith('SELECT 1 AS one, 3 AS three').waitFor(PATIENCE);
  expect(await saveState(plumbline)).toBe('edited');
  expect(await notebookOf(plumbline).kind('numbers')).toBe('idle');
  await plumbline.screenshot('hot-exit-restored');
});

test('taking the restored edit away by hand makes the notebook saved', async () => {
  const { page } = running!;
  const editor = editorOf(page, 'numbers');
  await editor.caretBehind(', 3 AS three');
  for (let at = 0; at < ', 3 AS three'.length; at++) await page.keyboard.press('Backspace');
  await expect.poll(() => saveState(running!), PATIENCE).toBe('saved');
  await expect.poll(backups, PATIENCE).not.toContain('3 AS three');
});

test('an edit is there after the app was killed', async () => {
  const { app, page } = running!;
  await editorOf(page, 'numbers').caretBehind('AS one');
  await page.keyboard.type(', 4 AS four');
  await expect.poll(backups, PATIENCE).toContain('4 AS four');
  const closed = app.waitForEvent('close');
  app.process().kill('SIGKILL');
  await closed;
  running = null;
  expect(own.text()).toBe(NOTEBOOK);

  const { plumbline, editor } = await start();
  await editor.lineWith('SELECT 1 AS one, 4 AS four').waitFor(PATIENCE);
  expect(await saveState(plumbline)).toBe('edited');
  await plumbline.page.keyboard.press('ControlOrMeta+S');
  await expect.poll(() => saveState(plumbline), PATIENCE).toBe('saved');
  expect(own.text()).toBe(NOTEBOOK.replace('AS one', 'AS one, 4 AS four'));
  await expect.poll(backups, PATIENCE).toBe('');
  expect(plumbline.problems).toEqual([]);
});
