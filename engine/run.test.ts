import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryRows } from './database/rows';
import { openSession, WHOLE_RUN, type Session } from './node/commands/session';
import { openNotebook } from './run/open-notebook';
import type { RunOptions } from './run-types';

const PREVIEW: RunOptions = { ...WHOLE_RUN, mode: 'preview', previewRows: 2 };
const NOTEBOOK = (window: string) => `---
plumbline: 1
---

\`\`\`yaml source events
files: events.csv
timestamp: ts
\`\`\`

\`\`\`yaml source starts
files: starts.csv
timestamp: ts
\`\`\`

\`\`\`yaml source log
files: log.csv
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view activity
entity: user
source: events
features:
  n: { type: int64, window: ${window}, count: "*" }
\`\`\`

\`\`\`yaml training-set train
spine:
  sql: SELECT user_id, ts FROM starts
timestamp: ts
features: [activity:n]
\`\`\`

\`\`\`yaml skew serving
training_set: train
serving: { source: log }
\`\`\`

\`\`\`sql query total
SELECT sum(n)::INT AS n FROM train
\`\`\`
`;

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-run-'));
  await writeFile(join(folder, 'events.csv'), 'user_id,ts\n1,2025-01-01 10:00:00\n1,2025-01-02 10:00:00\n');
  const starts = [3, 4, 5, 6].map((day) => `1,2025-01-0${day} 00:00:00`);
  await writeFile(join(folder, 'starts.csv'), `user_id,ts\n${starts.join('\n')}\n`);
  await writeFile(join(folder, 'log.csv'), `user_id,ts,n\n${starts.map((row) => `${row},2`).join('\n')}\n`);
  await writeFile(join(folder, 'a.plumb.md'), NOTEBOOK('7d'));
  session = await openSession(join(folder, 'a.plumb.md'), { allowOutside: false });
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true });
});

const reload = async () => {
  const notebook = await openNotebook(session.host.files, session.file);
  session.runner.load(notebook.analysis, notebook.documents, notebook.diagnostics);
};
const values = async () =>
  (await queryRows(session.host.database, 'SELECT n FROM train')).map((row) => Number(row.n));

it('previews on a sample and keeps what still holds', async () => {
  const ran: string[] = [];
  const runs = await session.runner.runAll(['total'], PREVIEW, (run) => ran.push(run.name));
  expect(runs.every((run) => run.status === 'ok')).toBe(true);
  // Of the view a preview needs the definition only.
  expect(ran).toEqual(['starts', 'user', 'events', 'train', 'total']);
  expect(runs.find((run) => run.name === 'train')?.result).toMatchObject({ sample: 2, spine_rows: 4 });
  ran.length = 0;
  await session.runner.runAll(['total'], PREVIEW, (run) => ran.push(run.name));
  expect(ran).toEqual(['total']);
});

it('fails a view that does not bind at its place, and skips the set, in a preview too', async () => {
  const wrong = NOTEBOOK('7d').replace('count: "*"', 'count: "*", where: nowhere > 1');
  await writeFile(join(folder, 'a.plumb.md'), wrong);
  await reload();
  const runs = await session.runner.runAll(['train'], PREVIEW);
  const status = (name: string) => runs.find((run) => run.name === name)?.status;
  expect([status('activity'), status('train')]).toEqual(['failed', 'skipped']);
  await writeFile(join(folder, 'a.plumb.md'), NOTEBOOK('7d'));
  await reload();
});

it('builds the set whole for a comparison, whatever the mode', async () => {
  const run = await session.runner.run('serving', PREVIEW);
  expect(run.result).toMatchObject({ features: [{ compared: 4, mismatches: 0, only_right: 0 }] });
  expect(await values()).toEqual([2, 2, 2, 2]);
});

it('runs again what an edit changed, and what rests on it', async () => {
  await writeFile(join(folder, 'a.plumb.md'), NOTEBOOK('2d'));
  await reload();
  const ran: string[] = [];
  await session.runner.runAll(['total'], WHOLE_RUN, (run) => ran.push(run.name));
  expect(ran).toContain('train');
  expect(await values()).toEqual([2, 1, 0, 0]);
});

it('notices new files under an unchanged definition', async () => {
  const events = 'user_id,ts\n1,2025-01-02 10:00:00\n1,2025-01-02 11:00:00\n1,2025-01-02 12:00:00\n';
  await writeFile(join(folder, 'events.csv'), events);
  await session.runner.run('total', WHOLE_RUN);
  expect(await values()).toEqual([3, 3, 0, 0]);
});

it('tells progress and ends a cancelled run with its code, the former result kept', async () => {
  const stop = new AbortController();
  const phases: string[] = [];
  const run = await session.runner.run('train', {
    ...WHOLE_RUN,
    signal: stop.signal,
    onProgress: ({ phase }) => {
      phases.push(phase);
      stop.abort();
    },
  });
  expect(phases.length).toBeGreaterThan(0);
  expect(run).toMatchObject({ status: 'failed', error: { code: 'engine.cancelled' } });
  expect(await values()).toEqual([3, 3, 0, 0]);
  expect((await session.runner.run('train', WHOLE_RUN)).status).toBe('ok');
});

it('writes an export only where asked, and refuses to repeat another manifest', async () => {
  await cp(join(folder, 'a.plumb.md'), join(folder, 'kept.plumb.md'));
  const exporting = NOTEBOOK('2d').replace(
    'features: [activity:n]',
    'features: [activity:n]\nexport: { file: out/t.parquet }',
  );
  await writeFile(join(folder, 'a.plumb.md'), exporting);
  await reload();
  const without = await session.runner.run('train', WHOLE_RUN);
  expect(without.result).toMatchObject({ file: null, sha256: null });
  const written = await session.runner.run('train', { ...WHOLE_RUN, exportFiles: true });
  expect(written.result).toMatchObject({ file: 'out/t.parquet', manifest: 'out/t.parquet.manifest.json' });
  await writeFile(join(folder, 'a.plumb.md'), exporting.replace('window: 2d', 'window: 3d'));
  await reload();
  const checked = await session.runner.run('train', { ...WHOLE_RUN, exportFiles: true, checkManifest: true });
  expect(checked.error).toMatchObject({ code: 'export.mismatch' });
  expect(checked.error?.hint).toContain('activity');
});

it('answers a cell that is not there, and one that needs a Redis that is not', async () => {
  await expect(session.runner.run('nothing', WHOLE_RUN)).rejects.toMatchObject({
    code: 'notebook.unknown_cell',
  });
});

it('calls a run cancelled when its engine went away after the abort', async () => {
  const own = await openSession(join(folder, 'a.plumb.md'), { allowOutside: false });
  const stop = new AbortController();
  const run = await own.runner.run('train', {
    ...WHOLE_RUN,
    signal: stop.signal,
    onProgress: () => {
      stop.abort();
      void own.host.database.close();
    },
  });
  expect(run.error).toMatchObject({ code: 'engine.cancelled' });
  await own.close();
});

it('ends what runs when the engine starts anew, and runs the next on the new one', async () => {
  const own = await openSession(join(folder, 'a.plumb.md'), { allowOutside: false });
  let restarted = false;
  const ended = await own.runner.run('train', {
    ...WHOLE_RUN,
    onProgress: () => {
      if (!restarted) own.runner.reset();
      restarted = true;
    },
  });
  expect(ended.error).toMatchObject({ code: 'engine.died' });
  expect((await own.runner.run('train', WHOLE_RUN)).status).toBe('ok');
  await own.close();
});
