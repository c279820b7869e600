import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { notebookOf, PATIENCE } from './notebook-driver';
import { smallNotebook, type SmallNotebook } from './small-notebook';

/** What assistive technology is told, and what the keyboard alone can reach. */

const NEEDS_NAME = [
  'button',
  'checkbox',
  'combobox',
  'dialog',
  'grid',
  'link',
  'listbox',
  'menuitem',
  'searchbox',
  'separator',
  'slider',
  'textbox',
  'tree',
].join('|');

/** Roles without an accessible name, from the browser's own view of the page. */
async function nameless({ page }: Launched): Promise<string[]> {
  const snapshot = await page.locator('body').ariaSnapshot(PATIENCE);
  const bare = new RegExp(`^\\s*- (${NEEDS_NAME})\\b(?! ")`);
  const charts = await page.locator('[data-chart]:not([aria-label]), [data-chart][aria-label=""]').count();
  return [...snapshot.split('\n').filter((line) => bare.test(line)), ...Array<string>(charts).fill('chart')];
}

describe('the sample after its first run', () => {
  let plumbline: Launched;
  let notebook: ReturnType<typeof notebookOf>;
  beforeAll(async () => {
    plumbline = await launch({ size: { width: 1280, height: 900 } });
    notebook = notebookOf(plumbline);
    await notebook.ready();
  });
  afterAll(() => plumbline.close());

  test('everything that can be used has a name', async () => {
    expect(await nameless(plumbline)).toEqual([]);
  });

  test('a notebook is a list of named cells, beside a tree and a status', async () => {
    const { page } = plumbline;
    for (const [role, name] of [
      ['list', 'streamrec.plumb.md'],
      ['region', 'training-set train'],
      ['complementary', 'Catalog'],
      ['complementary', 'Inspector'],
      ['contentinfo', undefined],
      ['banner', undefined],
    ] as const)
      await page.getByRole(role, { name, exact: true }).first().waitFor(PATIENCE);
    expect(await page.getByRole('tree').count()).toBe(1);
    expect(await page.getByRole('grid').count()).toBeGreaterThan(2);
  });

  test.each([
    ['settings.open', 'dialog-settings'],
    ['redis.connections', 'dialog-connections'],
    ['redis.lookup', 'dialog-lookup'],
    ['redis.inspect', 'dialog-inspect'],
    ['view.problems', 'dialog-problems'],
    ['help.shortcuts', 'dialog-shortcuts'],
    ['help.about', 'dialog-about'],
    ['notebook.recent', 'dialog-open'],
  ])('%s opens a dialog that has a name and takes the focus', async (command, dialog) => {
    const { page } = plumbline;
    await notebook.command(command);
    await page.getByTestId(dialog).waitFor(PATIENCE);
    if (command === 'redis.connections') await page.getByTestId('connection-add').click();
    expect(await nameless(plumbline)).toEqual([]);
    const inside = () => page.getByTestId(dialog).evaluate((one) => one.contains(document.activeElement));
    await expect.poll(inside, PATIENCE).toBe(true);
    await notebook.closeDialog();
  });
});

describe('a small notebook by keyboard', () => {
  let workspace: SmallNotebook;
  let plumbline: Launched;
  let notebook: ReturnType<typeof notebookOf>;
  beforeAll(async () => {
    workspace = smallNotebook();
    plumbline = await launch({ args: [workspace.file], size: { width: 1280, height: 900 } });
    notebook = notebookOf(plumbline);
    await notebook.settled();
  });
  afterAll(async () => {
    await plumbline.close();
    workspace.remove();
  });

  /** Where the focus is, and whether what it left looks different now: only then could it be seen there. */
  const focus = () =>
    plumbline.page.evaluate(() => {
      const look = (element: Element) =>
        [element, ...element.querySelectorAll('*')]
          .map((one) => {
            const { outline, boxShadow, backgroundColor, borderColor } = getComputedStyle(one);
            return `${outline} ${boxShadow} ${backgroundColor} ${borderColor}`;
          })
          .join();
      const element = document.activeElement ?? document.body;
      const before = globalThis.focusBefore;
      globalThis.focusBefore = { element, look: look(element) };
      const part = element.closest(
        '[data-testid="title-bar"], [data-testid="catalog"], [data-testid="notebook"]',
      );
      return {
        part: part?.getAttribute('data-testid') ?? null,
        unseen:
          before !== undefined && look(before.element) === before.look ? before.element.outerHTML : null,
      };
    });

  test('Tab goes through the bar and the catalog into the notebook, and each stop can be seen', async () => {
    const { page } = plumbline;
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const stops = [];
    for (let step = 0; step < 40 && stops.at(-1)?.part !== 'notebook'; step++) {
      await page.keyboard.press('Tab');
      stops.push(await focus());
    }
    expect([...new Set(stops.map(({ part }) => part))].filter((part) => part !== null)).toEqual([
      'title-bar',
      'catalog',
      'notebook',
    ]);
    expect(stops.flatMap(({ unseen }) => unseen ?? [])).toEqual([]);
  });

  test('a cell is chosen, run, edited and left without a mouse', async () => {
    const { page } = plumbline;
    await page.getByTestId('notebook').focus();
    const chosen = () => page.locator('.cell.focused').getAttribute('data-testid', PATIENCE);
    await page.keyboard.press('Escape');
    for (let step = 0; step < 10 && (await chosen()) !== 'cell-days'; step++) await page.keyboard.press('j');
    expect(await chosen()).toBe('cell-days');
    await page.keyboard.press('ControlOrMeta+Enter');
    await notebook.reaches('days', 'fresh');
    await page.keyboard.press('Enter');
    const mode = () => page.getByTestId('notebook').getAttribute('data-mode', PATIENCE);
    await expect.poll(mode, PATIENCE).toBe('edit');
    await page.keyboard.press('Escape');
    await expect.poll(mode, PATIENCE).toBe('command');
  });

  test('who wants less motion gets none', async () => {
    const { page } = plumbline;
    const longest = () =>
      page.evaluate(() =>
        Math.max(
          0,
          ...document.getAnimations().map((one) => Number(one.effect?.getComputedTiming().duration ?? 0)),
        ),
      );
    await notebook.run('endless');
    await notebook.reaches('endless', 'running');
    await expect.poll(longest, PATIENCE).toBeGreaterThan(100);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect.poll(longest, PATIENCE).toBeLessThan(1);
    await page.emulateMedia({ reducedMotion: null });
    await page.keyboard.press('ControlOrMeta+.');
    await notebook.reaches('endless', 'idle');
  });
});

declare global {
  /** In the page: the latest stop of the keyboard walk and how it looked. */
  var focusBefore: { element: Element; look: string } | undefined;
}
