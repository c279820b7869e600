import type { Page } from 'playwright';
import { PATIENCE } from './notebook-driver';

/** One cell's text in a user's words: the caret goes where a click and the arrow keys bring it. */
export function editorOf(page: Page, cell: string) {
  const editor = page.locator(`[data-cell-editor="${cell}"]`);
  const lineWith = (text: string) =>
    editor
      .locator('.view-line')
      .filter({ hasText: text.replaceAll(' ', '\u00a0') })
      .first();

  return {
    editor,
    lineWith,
    /** Puts the caret right behind `text` on the first line that holds it. */
    async caretBehind(text: string): Promise<void> {
      await editor.scrollIntoViewIfNeeded(PATIENCE);
      const line = lineWith(text);
      await line.click(PATIENCE);
      const words = (await line.innerText()).replaceAll('\u00a0', ' ').trimStart();
      await page.keyboard.press('Home');
      const behind = words.indexOf(text) + text.length;
      for (let at = 0; at < behind; at++) await page.keyboard.press('ArrowRight');
    },
    /** Takes `text` away and types something else, key by key. */
    async replace(text: string, by: string): Promise<void> {
      await this.caretBehind(text);
      for (let at = 0; at < text.length; at++) await page.keyboard.press('Backspace');
      await page.keyboard.type(by);
    },
    squiggles: editor.locator('.squiggly-error'),
    messages: editor.locator('.editor-message'),
  };
}
