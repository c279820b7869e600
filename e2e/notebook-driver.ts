import type { Launched } from './fixture';

/** Longest wait for a condition, in milliseconds. Generous: the machine may be busy with other work. */
export const PATIENCE = { timeout: 90_000 };

export interface ConnectionFields {
  name: string;
  host?: string;
  port: number;
  username?: string;
  password?: string;
}

/** The notebook's screen in a user's words. */
export function notebookOf({ page }: Launched) {
  const part = (cell: string, name: string) => page.getByTestId(`cell-${cell}-${name}`);
  const state = (cell: string) => part(cell, 'state');
  const kind = (cell: string) => state(cell).getAttribute('data-state', PATIENCE);

  /** Waits until the cell shows one of these states; returns the words beside it. */
  const reaches = async (cell: string, ...wanted: string[]): Promise<string> => {
    const among = wanted.map((kind) => `[data-state="${kind}"]`).join();
    await state(cell).and(page.locator(among)).waitFor(PATIENCE);
    return (await state(cell).innerText()).trim();
  };

  /** Waits until nothing runs or waits to run. */
  const settled = async (): Promise<void> => {
    await page
      .getByTestId('status-engine')
      .getByText(/^DuckDB \d/)
      .waitFor(PATIENCE);
    await page.getByTestId('status-running').waitFor({ state: 'detached', ...PATIENCE });
  };

  return {
    part,
    state,
    kind,
    reaches,
    settled,
    /** The first start runs the sample by itself, all but its Redis cells: waits until that is over. */
    async ready(): Promise<void> {
      await reaches('serving', 'fresh', 'failed');
      await settled();
    },
    async run(cell: string): Promise<void> {
      await part(cell, 'run').click();
    },
    /** Runs the cell and waits for its end. */
    async runToEnd(cell: string): Promise<string> {
      await part(cell, 'run').click();
      return reaches(cell, 'fresh', 'failed');
    },
    /** What the cell's error says: code, message, hint. */
    async error(cell: string): Promise<{ code: string; message: string; hint: string }> {
      await reaches(cell, 'failed');
      const error = part(cell, 'error');
      return {
        code: await error.locator('.code').innerText(),
        message: await error.locator('.message').innerText(),
        hint: await error.locator('.hint').innerText(),
      };
    },
    /** Chooses a command of the palette by its id. */
    async command(id: string): Promise<void> {
      await page.keyboard.press('F1');
      await page.getByTestId('palette-input').waitFor(PATIENCE);
      await page.getByTestId(`palette-${id}`).click();
    },
    async openConnections(): Promise<void> {
      await page.getByTestId('status-redis').click();
      await page.getByTestId('dialog-connections').waitFor(PATIENCE);
    },
    async closeDialog(): Promise<void> {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached', ...PATIENCE });
    },
    /** Fills the form of a new or opened connection and saves it. The dialog stays open. */
    async saveConnection(fields: ConnectionFields): Promise<void> {
      for (const [key, value] of Object.entries(fields)) {
        const field = page.getByTestId(`connection-field-${key}`);
        if (key !== 'name' || (await field.isEditable())) await field.fill(String(value));
      }
      await page.getByTestId('connection-save').click();
      await page.getByTestId('connection-form').waitFor({ state: 'detached', ...PATIENCE });
    },
    async addConnection(fields: ConnectionFields): Promise<void> {
      await page.getByTestId('connection-add').click();
      await this.saveConnection(fields);
      await page.getByTestId(`connection-${fields.name}`).waitFor(PATIENCE);
    },
    /** Presses Test; returns what it says. */
    async testConnection(name: string): Promise<{ ok: boolean; text: string }> {
      await page.getByTestId(`connection-${name}-test`).click();
      await page.getByTestId(`connection-${name}-test`).getByText('Test', { exact: true }).waitFor(PATIENCE);
      const outcome = page.getByTestId(`connection-${name}-outcome`);
      const text = (await outcome.innerText()).trim();
      return { ok: !(await outcome.getAttribute('class'))!.includes('bad'), text };
    },
    /** The counts of a dry run or receipt by name. */
    async counts(cell: string): Promise<Record<string, number>> {
      const cells = await part(cell, 'counts').locator('[data-count]').all();
      const entries = cells.map(async (one): Promise<[string, number]> => [
        (await one.getAttribute('data-count'))!,
        Number((await one.innerText()).replace(/,/g, '')),
      ]);
      return Object.fromEntries(await Promise.all(entries));
    },
    /** Starts to note every text that the cell's state shows; the result reads what was noted. */
    async noteStates(cell: string): Promise<() => Promise<string[]>> {
      const label = await state(cell).elementHandle(PATIENCE);
      const seen = await label!.evaluateHandle((element) => {
        const texts: string[] = [];
        const note = () => texts.push(element.textContent ?? '');
        new MutationObserver(note).observe(element, { subtree: true, childList: true, characterData: true });
        return texts;
      });
      return () => seen.evaluate((texts) => [...texts]);
    },
  };
}
