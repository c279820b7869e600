import type { IntervalHistogram } from 'node:perf_hooks';
import type { ElectronApplication, Page } from 'playwright';

declare global {
  /** In Electron's main process while it is watched. */
  var plumblineDelay: IntervalHistogram | undefined;
  /** In the page while it is watched. */
  var plumblineWatch: { keys: number[]; tasks: { at: number; ms: number }[] } | undefined;
}

/** Notes the time of each key and every task of the main thread that Chromium calls long (50 ms and more). */
export async function watchMainThread(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watch: NonNullable<typeof globalThis.plumblineWatch> = { keys: [], tasks: [] };
    globalThis.plumblineWatch = watch;
    document.addEventListener('keydown', (event) => watch.keys.push(event.timeStamp), true);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) watch.tasks.push({ at: entry.startTime, ms: entry.duration });
    }).observe({ type: 'longtask', buffered: true });
  });
}

/** Milliseconds of the tasks that began since the last call; empty when none was as long as 50 ms. */
export function longTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => globalThis.plumblineWatch!.tasks.splice(0).map(({ ms }) => ms));
}

/** Begins to note how long the event loop of Electron's main process is held up. */
export async function watchMainProcess(app: ElectronApplication): Promise<void> {
  await app.evaluate(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
    globalThis.plumblineDelay = monitorEventLoopDelay({ resolution: 1 });
    globalThis.plumblineDelay.enable();
  });
}

/** The longest wait of main's event loop since the last call, in milliseconds. */
export function longestWait(app: ElectronApplication): Promise<number> {
  return app.evaluate(() => {
    const longest = globalThis.plumblineDelay!.max / 1e6;
    globalThis.plumblineDelay!.reset();
    return longest;
  });
}

/**
 * Waits until the grid of a cell shows the rows of another run than `before`; gives milliseconds from the last key to the
 * frame. To be called before the key is pressed.
 */
export function paintedSinceKey(page: Page, cell: string, before: string): Promise<number> {
  return page.evaluate(
    ({ name, old }) =>
      new Promise<number>((resolve) => {
        const output = document.querySelector(`[data-testid="cell-${name}"]`)!;
        // tsx names every function that it can, by a helper that the page does not have: so there are none.
        new MutationObserver((_, observer) => {
          const now = output.querySelector('[data-rows-of]')?.getAttribute('data-rows-of') ?? old;
          if (now === old) return;
          observer.disconnect();
          // The task after the frame that holds the change.
          requestAnimationFrame(() =>
            setTimeout(() => resolve(performance.now() - globalThis.plumblineWatch!.keys.at(-1)!)),
          );
        }).observe(output, { subtree: true, childList: true, attributes: true });
      }),
    { name: cell, old: before },
  );
}

/** Which run's rows the grid of a cell shows. */
export async function rowsOf(page: Page, cell: string): Promise<string> {
  const rows = page.getByTestId(`cell-${cell}`).locator('[data-rows-of]');
  return (await rows.getAttribute('data-rows-of', { timeout: 300_000 }))!;
}
