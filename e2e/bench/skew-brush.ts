import type { Page } from 'playwright';
import { launch } from '../fixture';
import { notebookOf } from '../notebook-driver';
import type { AppFigure } from './app-figure';
import { skewNotebook } from './notebooks';

const LONG_WAIT = { timeout: 600_000 };
const GOAL_MS = 100;
const CHARTS = ['distribution', 'time'] as const;
const MOVES = 12;

/** From the last move of a brush to the frame in which a chart shows what it covers, at so many compared rows. */
export async function measureBrush(rows = 1_000_000): Promise<AppFigure[]> {
  const notebook = await skewNotebook(rows);
  const app = await launch({
    size: { width: 1600, height: 1200 },
    theme: 'light',
    args: [notebook.file],
  });
  try {
    const { page } = app;
    const screen = notebookOf(app);
    await screen.settled();
    await screen.run('check');
    await screen.state('check').and(page.locator('[data-state="fresh"]')).waitFor(LONG_WAIT);
    const charts = screen.part('check', 'charts');
    await charts.locator('.skew-charts[aria-busy="false"]').waitFor(LONG_WAIT);
    const figures: AppFigure[] = [];
    for (const name of CHARTS) {
      const plot = charts.locator(`[data-chart-name="${name}"] .chart svg`);
      await plot.scrollIntoViewIfNeeded();
      const box = (await plot.boundingBox())!;
      const at = (share: number) => [box.x + box.width * share, box.y + box.height * 0.55] as const;
      await page.mouse.move(...at(0.3));
      await page.mouse.down();
      await page.mouse.move(...at(0.38), { steps: 3 });
      await charts.locator('.skew-charts[aria-busy="false"]').waitFor(LONG_WAIT);
      const first: number[] = [];
      const all: number[] = [];
      for (let move = 0; move < MOVES; move++) {
        const painted = paintedSinceMove(page);
        await page.mouse.move(...at(0.4 + 0.01 * (move % 2)));
        const times = await painted;
        first.push(times.first);
        all.push(times.all);
      }
      await page.mouse.up();
      await page.keyboard.press('Escape');
      await charts.locator('.skew-charts[aria-busy="false"]').waitFor(LONG_WAIT);
      const of = `${(rows / 1e6).toFixed(1)}M compared rows, a brush over ${name}`;
      figures.push(
        { figure: `${of}: the first other chart painted`, value: median(first), goal: GOAL_MS },
        { figure: `${of}: all charts painted`, value: median(all), goal: null },
      );
    }
    return figures;
  } finally {
    await app.close();
    notebook.remove();
  }
}

/** To be called before the pointer moves. */
function paintedSinceMove(page: Page): Promise<{ first: number; all: number }> {
  return page.evaluate(
    () =>
      new Promise<{ first: number; all: number }>((resolve) => {
        const charts = document.querySelector('.skew-charts')!;
        let moved = 0;
        let first = 0;
        let busy = false;
        document.addEventListener('pointermove', (event) => (moved = event.timeStamp), {
          once: true,
          capture: true,
        });
        // tsx names every function that it can, by a helper that the page does not have: so there are none.
        new MutationObserver((changes, observer) => {
          if (moved === 0) return;
          if (charts.getAttribute('aria-busy') === 'true') busy = true;
          const drawn = changes.some(
            ({ target }) =>
              (target as Element).closest?.('.marks') !== null &&
              (target as Element).closest?.('.mark-rect, .mark-symbol, .mark-area, .mark-line') !== null,
          );
          if (first === 0 && busy && drawn) first = performance.now() - moved;
          if (!busy || charts.getAttribute('aria-busy') === 'true') return;
          observer.disconnect();
          // The task after the frame that holds the change.
          requestAnimationFrame(() =>
            setTimeout(() =>
              resolve({
                first: first === 0 ? performance.now() - moved : first,
                all: performance.now() - moved,
              }),
            ),
          );
        }).observe(charts, { subtree: true, childList: true, attributes: true });
      }),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

if (process.argv[1]?.endsWith('skew-brush.ts')) console.log(JSON.stringify(await measureBrush(), null, 2));
