import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { gridOf } from './grid-driver';
import { notebookOf, PATIENCE } from './notebook-driver';

/** What production does otherwise is named, looked at by brushing, saved as pictures, and mended with a click. */

let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
beforeAll(async () => {
  plumbline = await launch({ size: { width: 1400, height: 900 }, theme: 'light' });
  notebook = notebookOf(plumbline);
  await notebook.ready();
  await notebook.part('serving', 'features').waitFor(PATIENCE);
});
afterAll(() => plumbline.close());

const CAUSES = [
  [
    'user_7d_completion_rate',
    'boundary: closed',
    'serving_log counts the event at t: its window is closed on the right.',
  ],
  ['user_7d_items', 'zone: +5h', 'serving_log takes event times to be 5 h later than they are'],
  ['user_sessions_30d', 'stale: 1d', 'serving_log reads a copy that is 1 day old'],
  [
    'user_last_category',
    'default: null',
    'serving_log gives NULL where nothing is known: the default is not applied.',
  ],
] as const;

const rowOf = (feature: string) =>
  notebook
    .part('serving', 'features')
    .getByRole('row')
    .filter({ has: plumbline.page.getByRole('button', { name: feature, exact: true }) });
const cellsOf = async (feature: string) => rowOf(feature).getByRole('cell').allInnerTexts();
const choose = async (feature: string) => {
  await rowOf(feature).getByRole('button').click();
  await notebook
    .part('serving', 'charts')
    .getByText(new RegExp(`^${feature}: `))
    .first()
    .waitFor(PATIENCE);
  await settled();
};
/** Waits until every chart shows what the selection asks for. */
const settled = async () => {
  await notebook.part('serving', 'charts').locator('.skew-charts[aria-busy="false"]').waitFor(PATIENCE);
  await expect
    .poll(() => notebook.part('serving', 'charts').locator('.chart svg, .chart canvas').count(), PATIENCE)
    .toBeGreaterThanOrEqual(4);
};
const chart = (name: string) => notebook.part('serving', 'charts').locator(`[data-chart-name="${name}"]`);

test('the four causes of the sample are named, and no other feature differs', async () => {
  for (const [feature, cause, verdict] of CAUSES) {
    expect((await cellsOf(feature))[3]).toBe(cause);
    await choose(feature);
    await notebook.part('serving', 'verdict').getByText(verdict).waitFor(PATIENCE);
  }
  const rows = await notebook.part('serving', 'features').locator('tbody tr').all();
  const differing = await Promise.all(
    rows.map(async (row) => (await row.getByRole('cell').allInnerTexts())[1]),
  );
  expect(differing.filter((count) => count !== '0')).toHaveLength(CAUSES.length);
});

test('arrows move between features, Enter opens one', async () => {
  await rowOf('user_7d_items').getByRole('button').focus();
  await plumbline.page.keyboard.press('ArrowDown');
  await plumbline.page.keyboard.press('ArrowDown');
  await plumbline.page.keyboard.press('Enter');
  await notebook
    .part('serving', 'charts')
    .getByText(/^user_7d_completion_rate: /)
    .first()
    .waitFor(PATIENCE);
  await settled();
});

test('a brush filters the other charts and the grid; Escape takes it back', async () => {
  const selection = notebook.part('serving', 'selection');
  const open = notebook.part('serving', 'mismatches');
  const count = async () => Number((await open.innerText()).replace(/\D/g, ''));
  const all = await count();
  await open.click();
  const plot = chart('time').locator('.chart svg');
  await plot.scrollIntoViewIfNeeded();
  const box = (await plot.boundingBox())!;
  const { mouse } = plumbline.page;
  await mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.5);
  await mouse.down();
  await mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.5, { steps: 4 });
  await mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5, { steps: 4 });
  await mouse.up();
  await selection.getByText(/^[\d,]+ rows selected$/).waitFor(PATIENCE);
  await settled();
  const grid = gridOf(plumbline.page, 'mismatches of serving');
  await expect.poll(count, PATIENCE).toBeLessThan(all);
  const some = await count();
  expect(some).toBeGreaterThan(0);
  await expect.poll(() => grid.rowCount(), PATIENCE).toBe(some);
  expect(await selection.innerText()).toContain(`${some.toLocaleString('en-US')} differ`);
  for (const side of ['train', 'serving_log'])
    await plumbline.page.getByRole('button', { name: `${side}: sort and filter` }).waitFor(PATIENCE);
  await plumbline.screenshot('skew-brushed');
  await plumbline.page.keyboard.press('Escape');
  await selection.getByText(/^Drag over a chart/).waitFor(PATIENCE);
  await expect.poll(() => grid.rowCount(), PATIENCE).toBe(all);
  await open.click();
});

test('a picked segment filters too, and its chip takes it back', async () => {
  await chart('segments').getByRole('combobox').selectOption({ label: 'by label' });
  await settled();
  await chart('segments').locator('svg .mark-rect path').first().click();
  const selection = notebook.part('serving', 'selection');
  await selection.getByText(/^label is (0|1)$/).waitFor(PATIENCE);
  await selection.getByRole('button', { name: /^Clear label is/ }).click();
  await selection.getByText(/^Drag over a chart/).waitFor(PATIENCE);
});

test('a chart is saved as picture and specification', async () => {
  const saved = (extension: string) =>
    join(plumbline.userData, `sample/out/serving-user_7d_completion_rate-time.${extension}`);
  for (const extension of ['png', 'svg', 'json']) {
    await chart('time')
      .getByRole('button', { name: /^Save / })
      .click();
    await plumbline.page.getByTestId(`chart-save-${extension}`).click();
    await plumbline.page
      .getByText(`Saved as out/serving-user_7d_completion_rate-time.${extension}.`)
      .waitFor(PATIENCE);
  }
  expect([...readFileSync(saved('png')).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  expect(readFileSync(saved('svg'), 'utf8')).toMatch(/^<svg[^]*difference over time[^]*<\/svg>/);
  const spec = JSON.parse(readFileSync(saved('json'), 'utf8')) as {
    $schema: string;
    data: { values: unknown[] };
  };
  expect(spec.$schema).toContain('vega-lite/v6');
  expect(spec.data.values.length).toBeGreaterThan(5);
});

test('a feature has each of its charts once', async () => {
  const names = () =>
    notebook
      .part('serving', 'charts')
      .locator('[data-chart-name]')
      .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-chart-name')));
  expect(await names()).toEqual(['distribution', 'scatter', 'quantiles', 'time', 'segments', 'missing']);
  await choose('user_last_category');
  expect(await names()).toEqual(['categories', 'time', 'segments', 'missing']);
});

const LOOKS = [
  ['user_7d_completion_rate', 'output', 'start'],
  ['user_7d_completion_rate', 'causes', 'start'],
  ['user_7d_completion_rate', 'mismatches', 'end'],
  ['user_last_category', 'causes', 'start'],
  ['user_tier', 'selection', 'start'],
] as const;

test.each([
  ['light', 1400],
  ['dark', 1400],
  ['dark', 900],
] as const)('looks: %s, %i wide', async (theme, width) => {
  const { app, page } = plumbline;
  await page.emulateMedia({ colorScheme: theme });
  await app.evaluate(
    ({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]!.setContentSize(to, 900),
    width,
  );
  await expect.poll(() => page.evaluate(() => innerWidth), PATIENCE).toBe(width);
  for (const [feature, name, block] of LOOKS) {
    await choose(feature);
    const part = notebook.part('serving', name);
    await part.evaluate((element, at) => element.scrollIntoView({ block: at }), block);
    await plumbline.screenshot(`skew-${theme}-${width}-${feature}-${name}`);
  }
});

test('one click changes the definition, and after a run both sides agree', async () => {
  await plumbline.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setContentSize(1400, 900),
  );
  await choose('user_7d_completion_rate');
  const before = await cellsOf('user_7d_items');
  await notebook.part('serving', 'apply').click();
  await plumbline.page.getByTestId('cell-user_engagement').getByText('boundary: closed').waitFor(PATIENCE);
  await notebook.reaches('serving', 'upstream');
  await plumbline.screenshot('skew-applied');
  await plumbline.page.getByRole('button', { name: 'Run serving again' }).click();
  await notebook.reaches('serving', 'fresh', 'failed');
  await notebook.settled();
  await expect.poll(async () => (await cellsOf('user_7d_completion_rate'))[1], PATIENCE).toBe('0');
  expect(await cellsOf('user_7d_items')).toEqual(before);
  await choose('user_7d_completion_rate');
  await notebook
    .part('serving', 'charts')
    .getByText(/all [\d,]+ rows agree$/)
    .waitFor(PATIENCE);
  expect(await notebook.part('serving', 'causes').count()).toBe(0);
  await notebook.part('serving', 'charts').evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await plumbline.screenshot('skew-agrees');
  expect(plumbline.problems).toEqual([]);
});
