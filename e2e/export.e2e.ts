import type { DuckDBValue } from '@duckdb/node-api';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from './fixture';
import { gridOf } from './grid-driver';
import { completionRate, openNative, type NativeDuckDB } from './native-duckdb';
import { notebookOf, PATIENCE } from './notebook-driver';

/** The exported file, read by another engine, is the table on the screen and the spine of the sources. */

let plumbline: Launched;
let native: NativeDuckDB;
let parquet: string;
beforeAll(async () => {
  native = await openNative();
  plumbline = await launch({ size: { width: 1280, height: 900 }, theme: 'light' });
  parquet = join(plumbline.userData, 'sample/out/train.parquet');
  const notebook = notebookOf(plumbline);
  await notebook.reaches('serving', 'fresh', 'failed');
  await notebook.settled();
  await notebook.part('train', 'export').click(PATIENCE);
  await notebook.part('train', 'file').waitFor(PATIENCE);
  await notebook.reaches('train', 'fresh');
});
afterAll(async () => {
  native.close();
  await plumbline.close();
});

test('file and manifest are there, and the manifest knows the file', async () => {
  const bytes = readFileSync(parquet);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const manifest = JSON.parse(readFileSync(`${parquet}.manifest.json`, 'utf8')) as {
    rows: number;
    file: { path: string; size: number; sha256: string };
    sources: { name: string; files: { path: string; size: number; sha256: string }[] }[];
  };
  expect(manifest.file).toEqual({ path: 'out/train.parquet', size: bytes.length, sha256 });
  expect(manifest.rows).toBe(12_293);
  for (const { path, size, sha256 } of manifest.sources.flatMap(({ files }) => files)) {
    const source = join(plumbline.userData, 'sample', path);
    expect(size).toBe(statSync(source).size);
    expect(sha256).toBe(createHash('sha256').update(readFileSync(source)).digest('hex'));
  }
  const shown = notebookOf(plumbline).part('train', 'file');
  expect(await shown.innerText()).toContain(sha256.slice(0, 12));
  await shown.scrollIntoViewIfNeeded();
  await plumbline.screenshot('export-done');
});

/** A value of native DuckDB in the words of the grid's copy. */
function words(value: DuckDBValue): string {
  if (value === null) return '';
  return typeof value === 'number' ? String(value) : String(value).replace(/\.000$/, '');
}

test('every row and column of the file is what the grid copies', async () => {
  const rows = await native.rows(
    `SELECT * REPLACE (strftime(event_timestamp::TIMESTAMP, '%Y-%m-%d %H:%M:%S.%g') AS event_timestamp)
     FROM read_parquet('${parquet}', file_row_number = false)`,
  );
  expect(rows).toHaveLength(12_293);
  const grid = gridOf(plumbline.page, 'rows of train');
  await plumbline.app.evaluate(({ clipboard }) => clipboard.clear());
  await grid.press('ControlOrMeta+A');
  await grid.press('ControlOrMeta+C');
  const clipboard = () => plumbline.app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(async () => (await clipboard()).length, PATIENCE).toBeGreaterThan(0);
  const lines = (await clipboard()).split('\n').map((line) => line.split('\t'));
  expect(lines[0]).toEqual(Object.keys(rows[0]!));
  expect(lines[0]).toHaveLength(17);
  expect(lines.slice(1)).toEqual(rows.map((row) => Object.values(row).map(words)));
});

test('the rows are the starts in their order, and the rate is that of the rule', async () => {
  const truth = await native.row(`
    WITH exported AS (SELECT *, row_number() OVER () - 1 AS n FROM read_parquet('${parquet}')),
      expected AS (SELECT *, ${completionRate(7, 'starts.event_timestamp')} AS rate FROM starts)
    SELECT count(*)::INT AS rows,
      count_if(exported.user_id IS DISTINCT FROM expected.user_id
        OR exported.item_id IS DISTINCT FROM expected.item_id
        OR exported.event_timestamp::TIMESTAMP IS DISTINCT FROM expected.event_timestamp
        OR exported.label IS DISTINCT FROM expected.completed::INT
        OR exported.user_7d_completion_rate IS DISTINCT FROM expected.rate)::INT AS different
    FROM exported FULL JOIN expected USING (n)`);
  expect(truth).toEqual({ rows: 12_293, different: 0 });
});

test('nothing went wrong on the page', () => {
  expect(plumbline.problems).toEqual([]);
});
