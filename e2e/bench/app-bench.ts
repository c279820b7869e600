import { cpus, totalmem } from 'node:os';
import { findRedisServer, startLocalRedis } from '../../engine/node/redis-local';
import { editorOf } from '../editor-driver';
import { answerDialogs, launch, type Launched } from '../fixture';
import { notebookOf } from '../notebook-driver';
import {
  longestWait,
  longTasks,
  paintedSinceKey,
  rowsOf,
  watchMainProcess,
  watchMainThread,
} from './main-thread';
import type { AppFigure } from './app-figure';
import { measureBrush } from './skew-brush';
import { eventsNotebook, GOAL_SIZES, writeNotebook, type PreviewSizes } from './notebooks';

const EDITS = 40;
const ENTITIES = 1_000_000;
const WINDOW = { width: 1600, height: 1000 };
const LONG_WAIT = { timeout: 600_000 };

/** What people feel of the app, measured in the real Electron on a display. Needs a build. */
export async function measureApp(sizes: PreviewSizes = GOAL_SIZES): Promise<AppFigure[]> {
  const write = (await findRedisServer()) === null ? [] : await measureWrite();
  return [...(await measureSample()), ...(await measureEvents(sizes)), ...(await measureBrush()), ...write];
}

/** What a write to Redis, which another process does, costs the window and Electron's main process. */
export async function measureWrite(entities = ENTITIES): Promise<AppFigure[]> {
  const notebook = await writeNotebook(entities);
  const redis = await startLocalRedis();
  const app = await launch({ size: WINDOW, theme: 'light', args: [notebook.file] });
  try {
    const screen = notebookOf(app);
    await screen.settled();
    await screen.openConnections();
    await screen.addConnection({ name: 'dev', host: '127.0.0.1', port: redis.target.port });
    await screen.closeDialog();
    await answerDialogs(app, [1]);
    await watchMainThread(app.page);
    await watchMainProcess(app.app);
    const held = async (what: string): Promise<AppFigure[]> => [
      { figure: `${what}: longest main-thread task`, value: most(await longTasks(app.page)), goal: 50 },
      { figure: `${what}: longest wait in main`, value: await longestWait(app.app), goal: 50 },
    ];
    await longTasks(app.page);
    await longestWait(app.app);
    const of = `${(entities / 1e6).toFixed(1)}M entities x 10 features to Redis`;
    await screen.run('push');
    const write = screen.part('push', 'materialize');
    await write.waitFor(LONG_WAIT);
    const compared = await held(`${of}, encoded and compared`);
    const started = performance.now();
    await write.click();
    const done = screen.part('push', 'result').getByText('Every hash was read back and is equal.');
    await done.waitFor(LONG_WAIT);
    const took = { figure: `${of}: written and read back`, value: performance.now() - started, goal: null };
    return [...compared, ...(await held(`${of}, written and read back`)), took];
  } finally {
    await app.close();
    await redis.stop();
    notebook.remove();
  }
}

async function measureSample(): Promise<AppFigure[]> {
  const app = await launch({ size: WINDOW, theme: 'light' });
  try {
    const { page } = app;
    await watchMainThread(page);
    const created = await app.app.evaluate(() => process.getCreationTime() ?? Number.NaN);
    await page.locator('[data-testid="cell-train"] [data-rows-of]').waitFor(LONG_WAIT);
    const firstRows = Date.now() - created;
    const usable = await page.evaluate(
      (start) =>
        performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0]!.startTime - start,
      created,
    );
    await notebookOf(app).ready();
    const starting = await longTasks(page);
    const edits = await measureEdits(app, {
      cell: 'user_engagement',
      behind: 'window: ',
      set: 'train',
    });
    return [
      { figure: 'cold start: window usable', value: usable, goal: 1_000 },
      { figure: 'cold start: first rows of the sample’s training set', value: firstRows, goal: 3_000 },
      {
        figure: 'sample: longest main-thread task while it starts and runs',
        value: most(starting),
        goal: 50,
      },
      ...edits.map(({ figure, ...rest }) => ({ figure: `sample: ${figure}`, ...rest })),
    ];
  } finally {
    await app.close();
  }
}

async function measureEvents(sizes: PreviewSizes): Promise<AppFigure[]> {
  const notebook = await eventsNotebook(sizes);
  const app = await launch({ size: WINDOW, theme: 'light', args: [notebook.file] });
  try {
    const { page } = app;
    await watchMainThread(page);
    await page
      .getByTestId('status-engine')
      .getByText(/^DuckDB \d/)
      .waitFor(LONG_WAIT);
    await page.getByTestId('cell-train-run').click();
    await rowsOf(page, 'train');
    await page.getByTestId('status-running').waitFor({ state: 'detached', ...LONG_WAIT });
    const loading = await longTasks(page);
    const of = `${(sizes.events / 1e6).toFixed(0)}M events`;
    const edits = await measureEdits(app, { cell: 'user_events', behind: 'window: ', set: 'train' });
    return [
      {
        figure: `${of}: longest main-thread task while loading and first run`,
        value: most(loading),
        goal: 50,
      },
      ...edits.map(({ figure, ...rest }) => ({ figure: `${of}: ${figure}`, ...rest })),
    ];
  } finally {
    await app.close();
    notebook.remove();
  }
}

interface Edited {
  /** The cell that is typed into, and the text behind which one digit comes and goes. */
  cell: string;
  behind: string;
  /** The training set whose grid is watched. */
  set: string;
}

/** One key an edit: `7d` becomes `17d` and `7d` again. The next edit waits for the rows of the one before. */
async function measureEdits(app: Launched, { cell, behind, set }: Edited): Promise<AppFigure[]> {
  const { page } = app;
  await page.getByRole('grid', { name: `rows of ${set}` }).scrollIntoViewIfNeeded();
  await editorOf(page, cell).caretBehind(behind);
  await longTasks(page);
  const times: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) {
    const before = await rowsOf(page, set);
    const painted = paintedSinceKey(page, set, before);
    await page.keyboard.press(edit % 2 === 0 ? '1' : 'Backspace');
    times.push(await painted);
  }
  const waiting = await longTasks(page);
  await page.keyboard.type('1234567890'.repeat(6), { delay: 60 });
  for (let at = 0; at < 60; at++) await page.keyboard.press('Backspace', { delay: 30 });
  await page.getByTestId('status-running').waitFor({ state: 'detached', ...LONG_WAIT });
  const typing = await longTasks(page);
  const sorted = [...times].sort((left, right) => left - right);
  const quantile = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
  return [
    { figure: 'key to painted rows, p50', value: quantile(0.5), goal: null },
    { figure: 'key to painted rows, p95', value: quantile(0.95), goal: 300 },
    { figure: 'longest main-thread task while previews follow edits', value: most(waiting), goal: 50 },
    { figure: 'longest main-thread task while typing fast', value: most(typing), goal: 50 },
  ];
}

/** The longest; 0 stands for: none of 50 ms or more. */
function most(tasks: readonly number[]): number {
  return Math.max(0, ...tasks);
}

if (process.argv[1]?.endsWith('app-bench.ts')) {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
  console.log(JSON.stringify({ machine, edits: EDITS, figures: await measureApp() }, null, 2));
}
