import { afterAll, beforeAll, expect, test } from 'vitest';
import { foreignRequests, launch, type Launched } from './fixture';
import { gridOf } from './grid-driver';
import { completionRate, openNative, type NativeDuckDB } from './native-duckdb';
import { notebookOf, PATIENCE } from './notebook-driver';

/** A fresh profile: the sample opens, runs itself, and its numbers are those of native DuckDB. */

let plumbline: Launched;
let native: NativeDuckDB;
let notebook: ReturnType<typeof notebookOf>;
beforeAll(async () => {
  native = await openNative();
  plumbline = await launch({ size: { width: 1280, height: 800 }, theme: 'light' });
  notebook = notebookOf(plumbline);
  await notebook.reaches('serving', 'fresh', 'failed');
  await notebook.settled();
});
afterAll(async () => {
  native.close();
  await plumbline.close();
});

/** Cells that speak to Redis wait for the user. */
const ASKED_FOR = ['dev', 'one_user'];

test('every cell of the sample has run, except those that go to Redis', async () => {
  const states = await plumbline.page
    .locator('[data-state]')
    .evaluateAll((labels) =>
      labels.map((label): [string, string] => [
        (label.getAttribute('data-testid') ?? '').replace(/^cell-(.*)-state$/, '$1'),
        label.getAttribute('data-state') ?? '',
      ]),
    );
  expect(states.length).toBeGreaterThan(15);
  for (const [cell, state] of states)
    expect(`${cell} ${state}`).toBe(`${cell} ${ASKED_FOR.includes(cell) ? 'idle' : 'fresh'}`);
  expect(await plumbline.page.locator('.cell-error').count()).toBe(0);
  expect(await plumbline.page.getByTestId('status-problems').innerText()).toBe('no problems');
});

test('the training set shows the starts in their order, with the values of the rule', async () => {
  const expected = await native.rows(
    `SELECT user_id::VARCHAR AS user, strftime(event_timestamp, '%Y-%m-%d %H:%M:%S.%g') AS time,
       completed::INT::VARCHAR AS label, printf('%.4f', ${completionRate(7, 'starts.event_timestamp')}) AS rate
     FROM starts WHERE n < 8 OR n > 12280 ORDER BY n`,
  );
  const grid = gridOf(plumbline.page, 'rows of train');
  expect(await grid.rowCount()).toBe(12_293);
  const names = await grid.columns();
  expect(names).toEqual([
    'user_id',
    'item_id',
    'event_timestamp',
    'label',
    'user_7d_completion_rate',
    'user_30d_avg_session_min',
    'user_30d_min_per_session',
    'user_1h_events',
    'user_7d_items',
    'user_last_category',
    'user_tier',
    'user_sessions_30d',
    'user_avg_rating',
    'item_7d_completion_rate',
    'item_views_1d',
    'item_1d_views',
    'item_7d_viewers',
  ]);
  const read = async (row: number, name: string) => grid.value(row, names.indexOf(name));
  const check = async (rows: readonly number[], offset: number) => {
    for (const [name, field] of [
      ['user_id', 'user'],
      ['event_timestamp', 'time'],
      ['label', 'label'],
      ['user_7d_completion_rate', 'rate'],
    ] as const) {
      await grid.scrollToColumn(names.indexOf(name));
      for (const row of rows) {
        const want = expected[row - offset]?.[field] ?? 'NULL';
        const shown = await read(row, name);
        expect(`${row} ${name} ${shown}`).toBe(`${row} ${name} ${String(want)}`);
      }
    }
  };
  await grid.press('ControlOrMeta+Home');
  await check([0, 1, 2, 3, 4, 5, 6, 7], 0);
  await grid.press('ControlOrMeta+End');
  await check([12_290, 12_291, 12_292], 12_281 - 8);
});

/** Rows that leak, and the ranking worth of the naive and of the right value, for the completion rate. */
const LEAKS = `
  WITH naive_time AS (SELECT max(event_timestamp) + INTERVAL 1 MICROSECOND AS latest FROM interactions),
  valued AS (
    SELECT completed::INT AS label, ${completionRate(7, 'starts.event_timestamp')} AS right_value,
      ${completionRate(7, '(SELECT latest FROM naive_time)')} AS naive,
      EXISTS (FROM interactions e WHERE e.user_id = starts.user_id AND e.event_type IN ('view', 'completion')
        AND e.event_timestamp > starts.event_timestamp
        AND e.event_timestamp >= (SELECT latest FROM naive_time) - INTERVAL 7 DAY) AS leaks
    FROM starts),
  ranked AS (
    SELECT *, rank() OVER (ORDER BY naive) + (count(*) OVER (PARTITION BY naive) - 1) / 2 AS naive_rank,
      rank() OVER (ORDER BY right_value) + (count(*) OVER (PARTITION BY right_value) - 1) / 2 AS right_rank
    FROM valued WHERE label IS NOT NULL)
  SELECT (SELECT count(*) FROM valued WHERE leaks) AS leaking,
    (SELECT count(*) FROM valued WHERE naive IS DISTINCT FROM right_value) AS differing,
    (sum(naive_rank) FILTER (label = 1) - count_if(label = 1) * (count_if(label = 1) + 1) / 2)
      / (count_if(label = 1) * count_if(label = 0)) AS naive_auc,
    (sum(right_rank) FILTER (label = 1) - count_if(label = 1) * (count_if(label = 1) + 1) / 2)
      / (count_if(label = 1) * count_if(label = 0)) AS right_auc
  FROM ranked`;

test('the leak report says what native DuckDB counts', async () => {
  const truth = await native.row(LEAKS);
  const leaking = Number(truth['leaking']).toLocaleString('en-US');
  const card = plumbline.page.locator('[data-feature="user_engagement:user_7d_completion_rate"]');
  const text = (await card.innerText(PATIENCE)).replace(/\s+/g, ' ');
  expect(text).toContain(`${leaking} of 12,293`);
  expect(text).toContain(`AUC naive ${Number(truth['naive_auc']).toFixed(2)}`);
  expect(text).toContain(`AUC true ${Number(truth['right_auc']).toFixed(2)}`);
  expect(text).toContain(`Value differs ${((100 * Number(truth['differing'])) / 12_293).toFixed(1)} %`);
  expect(await plumbline.page.locator('[data-feature]').count()).toBe(13);
});

test('cells that a naive join would fill from the future wear a badge', async () => {
  const [first] = await native.rows(
    `SELECT min(n)::INT AS n FROM starts WHERE EXISTS (FROM interactions e
       WHERE e.user_id = starts.user_id AND e.event_type IN ('view', 'completion')
         AND e.event_timestamp > starts.event_timestamp
         AND e.event_timestamp >= (SELECT max(event_timestamp) - INTERVAL 7 DAY FROM interactions))`,
  );
  const row = Number(first!['n']);
  const grid = gridOf(plumbline.page, 'rows of train');
  await grid.press('ControlOrMeta+Home');
  await grid.scrollToColumn(4);
  await grid.scrollToRow(row);
  expect(await grid.badges(row, 4)).toContain('leaks if naive');
});

test('the comparison with serving counts the rows that differ, and draws them', async () => {
  const truth = await native.row(`
    WITH train AS (SELECT user_id, item_id, event_timestamp AS t, ${completionRate(7, 'starts.event_timestamp')} AS v,
        row_number() OVER (PARTITION BY user_id, item_id, event_timestamp ORDER BY n) AS k FROM starts),
      logged AS (SELECT user_id, item_id, event_timestamp AS t, user_7d_completion_rate AS v,
        row_number() OVER (PARTITION BY user_id, item_id, event_timestamp ORDER BY n) AS k FROM serving_log)
    SELECT count(*) AS compared, count_if(abs(train.v - logged.v) > 1e-9) AS mismatches
    FROM train JOIN logged ON train.user_id IS NOT DISTINCT FROM logged.user_id
      AND train.item_id IS NOT DISTINCT FROM logged.item_id AND train.t = logged.t AND train.k = logged.k`);
  const table = notebook.part('serving', 'features');
  const row = table.getByRole('row').filter({ hasText: 'user_7d_completion_rate' });
  const cells = await row.getByRole('cell').allInnerTexts();
  expect(cells[1]).toBe(Number(truth['mismatches']).toLocaleString('en-US'));
  expect(cells.at(-1)).toBe(Number(truth['compared']).toLocaleString('en-US'));

  await row.getByRole('button').click();
  const charts = notebook.part('serving', 'charts');
  await charts.getByText(/^user_7d_completion_rate: [\d,]+ of [\d,]+ rows differ$/).waitFor(PATIENCE);
  await expect.poll(() => charts.locator('[data-chart="drawn"]').count(), PATIENCE).toBe(6);
  for (const figure of await charts.locator('[data-chart="drawn"]').all())
    await expect.poll(() => figure.evaluate(marks), PATIENCE).toBeGreaterThan(5);

  await notebook.part('serving', 'mismatches').click();
  const mismatches = gridOf(plumbline.page, 'mismatches of serving');
  await mismatches.cell(0, 0).locator('.grid-value').waitFor(PATIENCE);
  expect(await mismatches.rowCount()).toBe(Number(truth['mismatches']));
  const differing = await table.locator('tbody tr td:nth-child(2)').allInnerTexts();
  const all = differing.reduce((sum, count) => sum + Number(count.replaceAll(',', '')), 0);
  expect(await notebook.state('serving').innerText()).toContain(
    `${all.toLocaleString('en-US')} values differ`,
  );
  await notebook.part('serving', 'mismatches').click();
});

/** How many marks a drawn chart has; a canvas counts its distinct pixel colours. */
function marks(figure: Element): number {
  const canvas = figure.querySelector('canvas');
  if (canvas === null)
    return figure.querySelectorAll(
      'svg [class*="mark-"][role="graphics-object"] path, svg .mark-rect path, svg .mark-symbol path, svg .mark-line path',
    ).length;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set<number>();
  for (let at = 0; at < data.length; at += 4)
    colours.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
  return colours.size;
}

test('nothing left the app and nothing went wrong on the page', () => {
  expect(plumbline.problems).toEqual([]);
  expect(plumbline.requests.length).toBeGreaterThan(5);
  expect(foreignRequests(plumbline.requests)).toEqual([]);
});

test('every feature has a card with its distribution', async () => {
  const charts = plumbline.page.locator('[data-feature] svg');
  await expect.poll(() => charts.count(), PATIENCE).toBe(13);
});

const PLACES = ['top', 'train', 'train-cards', 'serving', 'dev'] as const;

test.each([
  ['light', 1280, 800],
  ['light', 1920, 1080],
  ['dark', 1280, 800],
] as const)('looks: %s at %i x %i', async (theme, width, height) => {
  const { app, page } = plumbline;
  await app.evaluate(
    ({ BrowserWindow }, size) => {
      BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height);
    },
    { width, height },
  );
  await page.emulateMedia({ colorScheme: theme });
  await expect.poll(() => page.evaluate(() => innerWidth), PATIENCE).toBe(width);
  for (const place of PLACES) {
    await page.evaluate((where) => {
      const scroll = document.querySelector('[data-testid="notebook"]')!;
      const cell = document.querySelector(`[data-testid="cell-${where.replace('-cards', '')}"]`);
      if (cell === null) scroll.scrollTop = 0;
      else
        (where.endsWith('-cards') ? cell.querySelector('.feature-cards')! : cell).scrollIntoView({
          block: where.endsWith('-cards') ? 'center' : 'start',
        });
    }, place);
    await expect.poll(() => page.locator('.grid-skeleton').count(), PATIENCE).toBe(0);
    await plumbline.screenshot(`start-${theme}-${width}-${place}`);
  }
});

test('the picture of the README: a training set with its leaks, and why a value is what it is', async () => {
  const { app, page } = plumbline;
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1440, 900));
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(() => page.evaluate(() => innerWidth), PATIENCE).toBe(1440);
  const grid = gridOf(page, 'rows of train');
  await grid.press('ControlOrMeta+Home');
  await grid.scrollToColumn(4);
  await grid.cell(4, 4).click(PATIENCE);
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
