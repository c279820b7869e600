import type { Page } from 'playwright';
import { expect } from 'vitest';
import { PATIENCE } from './notebook-driver';

/** A result grid in a user's words: rows and columns count from 0. */
export function gridOf(page: Page, label: string) {
  const grid = page.getByRole('grid', { name: label, exact: true });
  const cell = (row: number, column: number) =>
    grid.locator(`[role="gridcell"][data-row="${row}"][data-column="${column}"]`);
  const press = (key: string) => grid.press(key, PATIENCE);

  return {
    grid,
    cell,
    press,
    /** Rows that the grid says it has. */
    rowCount: async () => Number(await grid.getAttribute('aria-rowcount', PATIENCE)) - 1,
    /** The column names, read while walking along the header with the keyboard. */
    async columns(): Promise<string[]> {
      const count = Number(await grid.getAttribute('aria-colcount', PATIENCE));
      const names: string[] = [];
      await press('ControlOrMeta+Home');
      await press('ArrowUp');
      for (let column = 0; column < count; column++) {
        const head = grid.locator(`[role="columnheader"][aria-colindex="${column + 1}"]`);
        names.push((await head.getAttribute('title', PATIENCE))!.split(' ')[0]!);
        await press('ArrowRight');
      }
      await press('ControlOrMeta+Home');
      return names;
    },
    /** Scrolls a row into view as dragging the scroll bar does. */
    async scrollToRow(row: number): Promise<void> {
      const scrolled = (element: Element, to: number) => {
        const rows = Number(element.getAttribute('aria-rowcount')) - 1;
        element.scrollTop = (element.scrollHeight - element.clientHeight) * Math.min(1, to / rows);
      };
      await grid.evaluate(scrolled, row);
    },
    /** Scrolls sideways to a column. */
    async scrollToColumn(column: number): Promise<void> {
      await press('Home');
      for (let at = 0; at < column; at++) await press('ArrowRight');
      await cell(0, column)
        .or(grid.locator(`[data-column="${column}"]`))
        .first()
        .waitFor(PATIENCE);
    },
    /** Waits until the cell shows a value and gives its text without the badges. */
    async value(row: number, column: number): Promise<string> {
      return (await cell(row, column).locator('.grid-value').innerText(PATIENCE)).trim();
    },
    async badges(row: number, column: number): Promise<string[]> {
      await cell(row, column).locator('.grid-value').waitFor(PATIENCE);
      return cell(row, column).locator('.grid-badge').allInnerTexts();
    },
    /** Values of the rows on screen in one column. */
    async shown(column: number): Promise<Map<number, string>> {
      const loading = grid.locator('.grid-skeleton');
      await expect.poll(() => loading.count(), PATIENCE).toBe(0);
      const found = await grid
        .locator(`[role="gridcell"][data-column="${column}"]`)
        .evaluateAll((elements) =>
          elements.map((element): [number, string] => [
            Number(element.getAttribute('data-row')),
            element.querySelector('.grid-value')?.textContent ?? '',
          ]),
        );
      return new Map(found);
    },
  };
}
