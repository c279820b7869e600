import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorOf } from './editor-driver';
import { launch, type Launched } from './fixture';
import { notebookOf, PATIENCE } from './notebook-driver';

/** The live preview of the sample: what an edit repaints, what it calls off, and what the cell says of its rows. */

let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
beforeAll(async () => {
  plumbline = await launch({ size: { width: 1280, height: 800 }, theme: 'light' });
  notebook = notebookOf(plumbline);
  await notebook.ready();
  // The first start built the set whole, for the comparison with the log.
  await notebook.runToEnd('train');
});
afterAll(() => plumbline.close());

const view = () => editorOf(plumbline.page, 'user_engagement');
const train = () => plumbline.page.getByTestId('cell-train');
const saved = () => readFileSync(join(plumbline.userData, 'sample/streamrec.plumb.md'), 'utf8');

/** The run whose rows the grid shows. */
const shownRun = async () =>
  Number((await train().locator('[data-rows-of]').getAttribute('data-rows-of'))!.split(' r')[1]);
const rate = () => train().locator('[data-feature="user_engagement:user_7d_completion_rate"]');

test('says how many of how many rows it is made of, beside grid and cards, with the way to all', async () => {
  await train().scrollIntoViewIfNeeded();
  const sample = /sample of 10,000 of 1\d,\d{3} rows/;
  await expect.poll(() => train().getByText(sample).count(), PATIENCE).toBe(2);
  expect(await train().getByRole('button', { name: 'Run on the whole spine' }).count()).toBe(2);
  await expect.poll(() => rate().innerText(), PATIENCE).toMatch(/of 10,000 sampled/);
  expect(await rate().innerText()).toMatch(/AUC naive, on the sample/);
});

test('an edit of a window repaints the grid and then its own counts, by one run', async () => {
  const before = await shownRun();
  const counted = await rate().innerText();
  await view().caretBehind('window: ');
  await plumbline.page.keyboard.press('1');
  await expect.poll(shownRun, PATIENCE).toBeGreaterThan(before);
  await notebook.settled();
  await expect.poll(async () => (await rate().innerText()).includes('…'), PATIENCE).toBe(false);
  expect(await rate().innerText()).not.toBe(counted);
  await plumbline.page.keyboard.press('Backspace');
  await notebook.settled();
  await expect.poll(() => rate().innerText(), PATIENCE).toBe(counted);
});

test('a newer edit calls off the older run: its rows are never shown', async () => {
  await notebook.reaches('train', 'fresh');
  const output = await train().elementHandle(PATIENCE);
  const runs = await output!.evaluateHandle((element) => {
    const seen: string[] = [];
    const note = () => {
      const now = element.querySelector('[data-rows-of]')?.getAttribute('data-rows-of') ?? '';
      if (seen.at(-1) !== now) seen.push(now);
    };
    note();
    new MutationObserver(note).observe(element, { subtree: true, attributes: true, childList: true });
    return seen;
  });
  await view().caretBehind('window: ');
  // Windows that nothing was computed for yet, quicker than any of them can be computed.
  const keys = ['3', '4', '5', '6'];
  await plumbline.page.keyboard.type(keys.join(''), { delay: 40 });
  await expect.poll(() => runs.evaluate((seen) => seen.length), PATIENCE).toBeGreaterThan(1);
  await notebook.settled();
  await notebook.reaches('train', 'fresh');
  // Not one painting a key: what was called off never came to the screen.
  expect(await runs.evaluate((seen) => seen.length - 1)).toBeLessThan(keys.length);
  await expect.poll(saved, PATIENCE).toContain('    window: 34567d\n    ratio:');
  for (const _ of keys) await plumbline.page.keyboard.press('Backspace');
  await expect.poll(saved, PATIENCE).toContain('    window: 7d\n    ratio:');
  await notebook.settled();
});

test('typing fast while previews run loses nothing', async () => {
  const digits = '123456789'.repeat(4);
  await view().caretBehind('window: ');
  await plumbline.page.keyboard.type(digits);
  await expect.poll(saved, PATIENCE).toContain(`    window: ${digits}7d\n    ratio:`);
  for (let at = 0; at < digits.length; at++) await plumbline.page.keyboard.press('Backspace');
  await expect.poll(saved, PATIENCE).toContain('    window: 7d\n    ratio:');
  await notebook.settled();
  await notebook.reaches('train', 'fresh');
});

test('a whole run says that it has all rows', async () => {
  await train().getByRole('button', { name: 'Run on the whole spine' }).first().click();
  await expect
    .poll(
      () =>
        train()
          .getByText(/^all 1\d,\d{3} rows$/)
          .count(),
      PATIENCE,
    )
    .toBe(2);
  expect(await rate().innerText()).not.toMatch(/sample/);
  await notebook.settled();
  await notebook.run('train');
  await expect
    .poll(
      () =>
        train()
          .getByText(/sample of 10,000 of/)
          .count(),
      PATIENCE,
    )
    .toBe(2);
});

test.each([
  ['light', 1280, 800],
  ['dark', 1280, 800],
  ['light', 1920, 1080],
  ['dark', 1920, 1080],
] as const)('looks right in %s at %i x %i', async (theme, width, height) => {
  await plumbline.page.emulateMedia({ colorScheme: theme });
  await plumbline.app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height),
    { width, height },
  );
  await train().getByRole('group', { name: 'Features' }).scrollIntoViewIfNeeded();
  await plumbline.screenshot(`preview-cards-${theme}-${width}`);
  await train().getByRole('grid', { name: 'rows of train' }).scrollIntoViewIfNeeded();
  await plumbline.screenshot(`preview-grid-${theme}-${width}`);
});

test('nothing went wrong on the page', () => {
  expect(plumbline.problems).toEqual([]);
});
