import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { gridOf } from './grid-driver';
import { notebookOf, PATIENCE } from './notebook-driver';

/** The picture of the README (docs/screen.png): a training set with its leaks, and why a value is what it is. */

let plumbline: Launched;
beforeAll(async () => {
  plumbline = await launch({ size: { width: 1440, height: 900 }, theme: 'light' });
  const notebook = notebookOf(plumbline);
  await notebook.reaches('serving', 'fresh', 'failed');
  await notebook.settled();
});
afterAll(() => plumbline.close());

test('a value of the training set explains itself', async () => {
  const { page } = plumbline;
  await page.locator('[data-feature] svg').nth(12).waitFor(PATIENCE);
  const grid = gridOf(page, 'rows of train');
  await grid.scrollToColumn(4);
  await grid.cell(2, 4).click(PATIENCE);
  await page.getByText('Why this value').waitFor(PATIENCE);
  await expect.poll(() => page.getByText(/^Reading rows/).count(), PATIENCE).toBe(0);
  await page.evaluate(() => {
    const cell = document.querySelector('[data-testid="cell-train"]')!;
    cell.querySelector('.result-grid')!.scrollIntoView({ block: 'start' });
    document.querySelector('[data-testid="notebook"]')!.scrollTop -= 120;
  });
  await expect.poll(() => page.locator('.grid-skeleton').count(), PATIENCE).toBe(0);
  await plumbline.screenshot('readme');
});
