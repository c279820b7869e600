import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'playwright';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { openNative } from './native-duckdb';
import { notebookOf, PATIENCE } from './notebook-driver';
import { smallNotebook, type SmallNotebook } from './small-notebook';

/** What is left of a session when its engine, or the whole page, dies in the middle of a query. */

let workspace: SmallNotebook;
let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
/** The row of the cell `days`, by native DuckDB. */
let expected: string[];
beforeAll(async () => {
  const native = await openNative();
  const row = await native.row(
    'SELECT count(*) AS days, count(DISTINCT user_id) AS users, sum(sessions_30d) AS sessions FROM user_days',
  );
  native.close();
  expected = Object.values(row).map((value) => String(value));
});
beforeEach(async () => {
  workspace = smallNotebook();
  plumbline = await launch({ args: [workspace.file], size: { width: 1280, height: 900 } });
  notebook = notebookOf(plumbline);
  await notebook.settled();
});
afterEach(async () => {
  await plumbline.close();
  workspace.remove();
});

/** The row of `days` as the grid shows it. */
async function days(): Promise<string[]> {
  const cells = notebook.part('days', 'output').getByRole('gridcell');
  await cells.last().waitFor(PATIENCE);
  return cells.allInnerTexts();
}

async function daysAreRight(): Promise<void> {
  await notebook.runToEnd('days');
  expect((await days()).map((text) => text.trim())).toEqual(expected);
}

/** All backups of a profile in one text. */
function backedUp(userData: string): string {
  const folder = join(userData, 'backups');
  if (!existsSync(folder)) return '';
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

/** Starts the endless query and waits until the engine is at it. */
async function startEndless(): Promise<void> {
  await notebook.run('endless');
  await notebook.reaches('endless', 'running');
}

function engineWorker(): Worker {
  const worker = plumbline.page.workers().find((one) => one.url().includes('duckdb'));
  if (!worker) throw new Error('The page has no engine worker.');
  return worker;
}

const restarted = () =>
  plumbline.page
    .getByTestId('status-engine')
    .getByText(/restarted 1×/)
    .waitFor(PATIENCE);

test('Mod+. ends a long query and leaves the engine as it is', async () => {
  await daysAreRight();
  await startEndless();
  const before = engineWorker();
  await plumbline.page.keyboard.press('ControlOrMeta+.');
  await notebook.reaches('endless', 'idle');
  await daysAreRight();
  expect(engineWorker()).toBe(before);
  expect(await plumbline.page.getByTestId('status-engine').innerText()).not.toContain('restarted');
});

test('the button of a running cell ends that cell', async () => {
  await startEndless();
  await notebook.part('endless', 'cancel').click();
  await notebook.reaches('endless', 'idle');
  await daysAreRight();
});

test('a crash of the engine is told, marks what it lost, and the next run is right', async () => {
  await daysAreRight();
  await startEndless();
  const states = await notebook.noteStates('endless');
  const gone = engineWorker().waitForEvent('close', PATIENCE);
  await engineWorker().evaluate(() => {
    setTimeout(() => {
      throw new Error('out of luck');
    });
  });
  await gone;
  await restarted();
  expect(await notebook.reaches('days', 'lost')).toBe('engine restarted: run again');
  await notebook.reaches('endless', 'lost', 'failed', 'idle');
  expect((await states()).join()).toMatch(/failed|engine restarted/);
  await plumbline.screenshot('engine-restarted');
  await daysAreRight();
});

test('Restart the engine during a query does the same', async () => {
  await daysAreRight();
  await startEndless();
  await notebook.command('engine.restart');
  await restarted();
  await notebook.reaches('days', 'lost');
  await notebook.reaches('endless', 'lost', 'failed', 'idle');
  await daysAreRight();
  await startEndless();
  await plumbline.page.keyboard.press('ControlOrMeta+.');
  await notebook.reaches('endless', 'idle');
});

test('cells that wait behind a crashed query come to an end', async () => {
  await startEndless();
  await notebook.run('days');
  await notebook.reaches('days', 'queued');
  await engineWorker().evaluate(() => {
    setTimeout(() => {
      throw new Error('out of luck');
    });
  });
  await restarted();
  await notebook.reaches('days', 'lost', 'failed', 'idle', 'fresh');
  await notebook.settled();
  await daysAreRight();
});

test('a page whose process died comes back with its unsaved text', async () => {
  await plumbline.page.locator('[data-cell-editor="days"]').click();
  await plumbline.page.keyboard.press('ControlOrMeta+End');
  await plumbline.page.keyboard.type(' -- unsaved words');
  await expect.poll(() => backedUp(plumbline.userData), PATIENCE).toContain('-- unsaved words');
  await plumbline.app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    return new Promise<void>((loaded) => {
      webContents.once('did-finish-load', () => loaded());
      webContents.forcefullyCrashRenderer();
    });
  });
  // The page of before is gone for good, so the new one is read through main.
  const text = () =>
    plumbline.app.evaluate(
      ({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
          `document.querySelector('[data-testid="cell-days"]')?.innerText ?? ''`,
        ) as Promise<string>,
    );
  // An editor shows spaces as no-break spaces.
  await expect.poll(async () => (await text()).replace(/\s/g, ' '), PATIENCE).toContain('-- unsaved words');
  expect(readFileSync(workspace.file, 'utf8')).not.toContain('unsaved words');
});
