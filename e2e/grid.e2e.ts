import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { gridOf } from './grid-driver';
import { notebookOf, PATIENCE } from './notebook-driver';
import { ownNotebook, type OwnNotebook } from './own-notebook';

/** A million rows in the grid: the last one, exact copies, sorting and conditions. */

const NOTEBOOK = `---
plumbline: 1
title: Grid
---

\`\`\`sql query million
SELECT i, i * i AS sq FROM range(1000000) t(i)
\`\`\`

\`\`\`sql query odd
SELECT * FROM (VALUES
  (9007199254740993, 0.1::DOUBLE + 0.2::DOUBLE, 'a' || chr(9) || 'b', TIMESTAMP '2025-03-02 00:00:51.817'),
  (NULL, NULL, '', NULL)) t(id, number, words, moment)
\`\`\`
`;

let own: OwnNotebook;
let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
beforeAll(async () => {
  own = ownNotebook(NOTEBOOK);
  plumbline = await launch({
    userData: own.userData,
    args: [own.file],
    size: { width: 1280, height: 900 },
    theme: 'light',
  });
  notebook = notebookOf(plumbline);
  await notebook.settled();
  expect(await notebook.runToEnd('million')).toContain('on 1,000,000 rows');
});
afterAll(async () => {
  await plumbline.close();
  own.remove();
});

const million = () => gridOf(plumbline.page, 'rows of million');
const clipboard = () => plumbline.app.evaluate(({ clipboard }) => clipboard.readText());
const said = (cell: string) => notebook.part(cell, 'output').locator('.grid-said');

/** What a drag from one cell to another and Mod+C put on the clipboard. */
async function copied(from: [number, number], to: [number, number]): Promise<string> {
  const grid = million();
  await grid.cell(...from).click(PATIENCE);
  await grid.cell(...to).click({ modifiers: ['Shift'], ...PATIENCE });
  await plumbline.app.evaluate(({ clipboard }) => clipboard.clear());
  await grid.press('ControlOrMeta+C');
  await expect.poll(clipboard, PATIENCE).not.toBe('');
  return clipboard();
}

test('a range is copied with its heading and exact values', async () => {
  expect(await copied([5, 0], [7, 1])).toBe('i\tsq\n5\t25\n6\t36\n7\t49');
  expect(await said('million').innerText()).toBe('copied 3 x 2');
});

test('the keyboard and the scroll bar reach the last row', async () => {
  const grid = million();
  expect(await grid.rowCount()).toBe(1_000_000);
  await grid.press('ControlOrMeta+End');
  expect(await grid.value(999_999, 0)).toBe('999999');
  expect(await grid.value(999_999, 1)).toBe('999998000001');
  expect(await copied([999_998, 0], [999_999, 1])).toBe('i\tsq\n999998\t999996000004\n999999\t999998000001');
  await grid.press('ControlOrMeta+Home');
  expect(await grid.value(0, 0)).toBe('0');
  await grid.scrollToRow(1_000_000);
  expect(await grid.value(999_999, 0)).toBe('999999');
  await grid.cell(999_999, 0).scrollIntoViewIfNeeded();
  await plumbline.screenshot('grid-last-row');
  await grid.scrollToRow(500_000);
  await expect.poll(async () => Math.min(...(await grid.shown(0)).keys()), PATIENCE).toBeGreaterThan(490_000);
  for (const [row, value] of await grid.shown(1)) expect(value).toBe(String(row * row));
});

test('a column sorts, takes a condition, and goes back to the order of the rows', async () => {
  const { page } = plumbline;
  const grid = million();
  const heading = grid.grid.getByRole('button', { name: 'i: sort and filter' });
  const choose = async (name: string) => {
    await heading.click(PATIENCE);
    await page.getByRole('button', { name, exact: true }).click(PATIENCE);
  };
  await grid.press('ControlOrMeta+Home');
  await choose('Sort descending');
  await expect.poll(() => grid.value(0, 0), PATIENCE).toBe('999999');
  expect(await grid.grid.locator('[role="columnheader"]').first().getAttribute('aria-sort')).toBe(
    'descending',
  );
  await heading.click();
  await page.getByRole('combobox').selectOption('at_least');
  await page.getByRole('textbox', { name: 'Value' }).fill('999990');
  await plumbline.screenshot('grid-menu');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect.poll(() => grid.rowCount(), PATIENCE).toBe(10);
  expect(await said('million').innerText()).toBe('10 of 1,000,000 rows');
  expect(await grid.value(9, 0)).toBe('999990');
  await choose('Clear');
  await expect.poll(() => grid.rowCount(), PATIENCE).toBe(1_000_000);
  await choose('Original order');
  await expect.poll(() => grid.value(0, 0), PATIENCE).toBe('0');
});

test('values that a double, a tab or NULL would spoil are copied exactly', async () => {
  expect(await notebook.runToEnd('odd')).toContain('on 2 rows');
  const grid = gridOf(plumbline.page, 'rows of odd');
  await expect.poll(() => grid.value(0, 0), PATIENCE).toBe('9007199254740993');
  expect(await grid.value(1, 0)).toBe('NULL');
  await plumbline.app.evaluate(({ clipboard }) => clipboard.clear());
  await grid.press('ControlOrMeta+A');
  await grid.press('ControlOrMeta+C');
  await expect
    .poll(clipboard, PATIENCE)
    .toBe(
      'id\tnumber\twords\tmoment\n9007199254740993\t0.30000000000000004\t"a\tb"\t2025-03-02 00:00:51.817\n\t\t""\t',
    );
});

test('nothing went wrong on the page', () => {
  expect(plumbline.problems).toEqual([]);
});
