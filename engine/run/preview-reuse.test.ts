import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { queryRows } from '../database/rows';
import { openSession, WHOLE_RUN, type Session } from '../node/commands/session';
import type { CellRun, TrainingResult } from '../results';
import type { RunOptions } from '../run-types';
import { openNotebook } from './open-notebook';

const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source events
files: events.csv
timestamp: ts
\`\`\`

\`\`\`yaml source states
files: states.csv
timestamp: ts
\`\`\`

\`\`\`yaml source starts
files: starts.csv
timestamp: ts
\`\`\`

\`\`\`sql query wanted
SELECT * FROM starts WHERE user_id < 40
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view activity
entity: user
source: events
features:
  n: { type: int64, window: 3d, count: "*", where: kind < 3 }
  total: { type: float64, window: 5d, sum: amount, default: 0.0 }
\`\`\`

\`\`\`yaml view status
entity: user
source: states
ttl: 4d
features:
  tier: { type: string, column: tier }
\`\`\`

\`\`\`yaml training-set train
spine:
  sql: SELECT user_id, ts, label, label2 FROM wanted ORDER BY n
timestamp: ts
label: label
features: [activity:n, status:tier, activity:total]
\`\`\`
`;

/** A CSV of made-up rows; `seed` gives others. */
function csv(rows: number, seed: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const x = (i * 7919 + seed * 104_729) % 100_003;
    const day = String((x % 28) + 1).padStart(2, '0');
    return [
      i,
      x % 50,
      `2025-01-${day} 0${x % 10}:00:00`,
      x % 5,
      x / 7,
      `t${x % 3}`,
      `2025-02-0${(x % 9) + 1}`,
      `2025-03-0${((x * 3) % 9) + 1}`,
      x % 2,
      (x * 5) % 7,
    ].join(',');
  });
  return `n,user_id,ts,kind,amount,tier,made,remade,label,label2\n${lines.join('\n')}\n`;
}

const PREVIEW: RunOptions = { ...WHOLE_RUN, mode: 'preview', previewRows: 60 };
const FOLLOW: RunOptions = { ...PREVIEW, reuse: true };

interface Given {
  rows: string;
  run: CellRun;
}

let folder: string;
let kept: Session;
let plain: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-reuse-'));
  for (const [seed, name] of ['events', 'states', 'starts'].entries())
    await writeFile(join(folder, `${name}.csv`), csv(300, seed));
  await writeFile(join(folder, 'a.plumb.md'), NOTEBOOK);
  kept = await openSession(join(folder, 'a.plumb.md'), { allowOutside: false });
  plain = await openSession(join(folder, 'a.plumb.md'), { allowOutside: false });
});
afterAll(async () => {
  await kept.close();
  await plain.close();
  await rm(folder, { recursive: true });
});

async function build({ runner, host, file }: Session, options: RunOptions): Promise<Given> {
  const notebook = await openNotebook(host.files, file);
  runner.load(notebook.analysis, notebook.documents, notebook.diagnostics);
  await runner.bind();
  const run = await runner.run('train', options);
  if (run.status !== 'ok') throw new Error(run.error?.message);
  const bytes = await host.database.query('SELECT * FROM _plumb.training_train ORDER BY __row');
  return { rows: Buffer.from(bytes).toString('hex'), run: { ...run, ms: 0 } };
}

/** Tables that building the set made, by what they are of. */
async function made(work: () => Promise<Given>): Promise<{ given: Given; tables: string[] }> {
  const spy = vi.spyOn(kept.host.database, 'query');
  try {
    const given = await work();
    const tables = spy.mock.calls.flatMap(
      ([sql]) => /^CREATE OR REPLACE TABLE "_plumb"."(\w+?)_train/.exec(sql)?.[1] ?? [],
    );
    const counted = spy.mock.calls.some(([sql]) => sql.includes('"present_'));
    return { given, tables: [...tables, ...(counted ? ['counts'] : [])] };
  } finally {
    spy.mockRestore();
  }
}

async function edited(change: () => Promise<void>) {
  await build(kept, FOLLOW);
  await change();
  try {
    const { given, tables } = await made(() => build(kept, FOLLOW));
    return { given, tables, fresh: await build(plain, PREVIEW) };
  } finally {
    await writeFile(join(folder, 'a.plumb.md'), NOTEBOOK);
  }
}
const text = (from: string, to: string) => () => {
  expect(NOTEBOOK).toContain(from);
  return writeFile(join(folder, 'a.plumb.md'), NOTEBOOK.replace(from, to));
};

describe('a preview after an edit is the preview of a fresh session', () => {
  /** A part per view and window. */
  const PARTS = ['part', 'naive', 'part', 'naive', 'part', 'naive'];
  const EVERYTHING = ['spine_raw', 'spine', ...PARTS, 'next', 'counts'];
  it.each<[string, () => Promise<void>, string[]]>([
    ['a window', text('window: 3d', 'window: 4d'), ['part', 'naive', 'next', 'counts']],
    ['a where', text('kind < 3', 'kind < 2'), ['part', 'naive', 'next', 'counts']],
    ['a default', text('default: 0.0', 'default: 7.5'), ['next', 'counts']],
    [
      'a type',
      text('type: float64, window: 5d', 'type: float32, window: 5d'),
      ['part', 'naive', 'next', 'counts'],
    ],
    ['a ttl', text('ttl: 4d', 'ttl: 1d'), ['part', 'naive', 'next', 'counts']],
    [
      'a created timestamp',
      text('ttl: 4d', 'ttl: 4d\ncreated_timestamp: made'),
      ['part', 'naive', 'next', 'counts'],
    ],
    ['a label', text('label: label', 'label: label2'), ['counts']],
    ['an entity’s key type', text('user_id: int64', 'user_id: int32'), []],
    ['the spine’s SQL', text('ORDER BY n', 'ORDER BY n DESC'), EVERYTHING],
    ['a query that the spine reads', text('user_id < 40', 'user_id < 30'), EVERYTHING],
    ['a view’s features less', text(', status:tier, activity:total', ''), []],
    ['the features’ order', text('activity:n, status:tier', 'status:tier, activity:n'), []],
  ])('of %s', async (_, change, tables) => {
    const found = await edited(change);
    expect(found.given).toEqual(found.fresh);
    if (tables.length > 0) expect(found.tables).toEqual(tables);
  });

  it.each([
    ['a feature’s source', 'events', ['part', 'naive', 'part', 'naive', 'next', 'counts']],
    ['another feature’s source', 'states', ['part', 'naive', 'next', 'counts']],
    ['the spine’s source', 'starts', EVERYTHING],
  ])('of the file of %s', async (_, name, tables) => {
    const found = await edited(() => writeFile(join(folder, `${name}.csv`), csv(400, tables.length)));
    expect(found.given).toEqual(found.fresh);
    expect(found.tables).toEqual(tables);
  });

  it('of nothing at all: nothing is computed', async () => {
    const found = await edited(async () => {});
    expect(found.given).toEqual(found.fresh);
    expect(found.tables).toEqual([]);
  });

  it.each([
    ['a window', 'window: 3d', 'window: 9d'],
    ['a feature less', ', status:tier', ''],
  ])('of %s, and back again', async (_, from, to) => {
    const before = await build(kept, FOLLOW);
    await edited(text(from, to));
    expect(await build(kept, FOLLOW)).toEqual(before);
  });
});

it('looks for ties again only in the parts that an edit computed', async () => {
  await build(kept, FOLLOW);
  const spy = vi.spyOn(kept.host.database, 'query');
  const looked = () => spy.mock.calls.filter(([sql]) => sql.includes('"__ties" > 1')).length;
  await text('window: 3d', 'window: 11d')();
  await build(kept, FOLLOW);
  expect(looked()).toBe(0);
  await text('ttl: 4d', 'ttl: 2d')();
  await build(kept, FOLLOW);
  expect(looked()).toBe(1);
  spy.mockRestore();
  await text('ttl', 'ttl')();
});

it('computes everything anew where the user asks for a run', async () => {
  await build(kept, FOLLOW);
  const { tables } = await made(() => build(kept, PREVIEW));
  expect(tables.filter((table) => table === 'part')).toHaveLength(3);
});

describe('a whole run', () => {
  const standing = () =>
    queryRows(
      kept.host.database,
      "SELECT table_name FROM duckdb_tables() WHERE regexp_matches(table_name, '^(spine|next|part|naive)_')",
    );

  it('keeps nothing of its own', async () => {
    await build(kept, FOLLOW);
    const whole = await build(kept, WHOLE_RUN);
    expect(await standing()).toEqual([]);
    expect(whole).toEqual(await build(plain, WHOLE_RUN));
  });

  it('leaves the preview what it had: the next one only puts it together again', async () => {
    await build(kept, FOLLOW);
    await build(kept, WHOLE_RUN);
    const { given, tables } = await made(() => build(kept, FOLLOW));
    expect(tables).toEqual(['next']);
    expect(given).toEqual(await build(plain, PREVIEW));
  });

  it('leaves an edit after it what it changed, however often both came before', async () => {
    await build(kept, FOLLOW);
    await build(kept, WHOLE_RUN);
    await build(kept, WHOLE_RUN);
    await build(kept, FOLLOW);
    await build(kept, WHOLE_RUN);
    await text('window: 3d', 'window: 10d')();
    const { given, tables } = await made(() => build(kept, FOLLOW));
    expect(tables).toEqual(['part', 'naive', 'next', 'counts']);
    expect(given).toEqual(await build(plain, PREVIEW));
    await text('ttl', 'ttl')();
  });

  it('that was cancelled takes nothing from the preview', async () => {
    await build(kept, FOLLOW);
    const cancel = new AbortController();
    const stop: RunOptions = { ...WHOLE_RUN, signal: cancel.signal, onProgress: () => cancel.abort() };
    await expect(build(kept, stop)).rejects.toThrow('cancelled');
    const { given, tables } = await made(() => build(kept, FOLLOW));
    expect(tables).toEqual(['next']);
    expect(given).toEqual(await build(plain, PREVIEW));
  });
});

describe('a preview that counts later', () => {
  const LATER: RunOptions = { ...FOLLOW, countLater: true };
  const result = (run: CellRun | null) => run?.result as TrainingResult;

  it('gives the same rows at once and the same counts afterwards', async () => {
    await build(kept, PREVIEW);
    await text('window: 3d', 'window: 6d')();
    const later = await build(kept, LATER);
    const fresh = await build(plain, PREVIEW);
    expect(later.rows).toBe(fresh.rows);
    // The edit left the view's other window alone, and the other view.
    expect(result(later.run).pending?.map(({ at, column }) => [at, column])).toEqual([[0, 'n']]);
    expect(result(later.run).features.map(({ column }) => column)).toEqual(['tier', 'total']);
    const counted = await kept.runner.count('train');
    expect(result(counted)).toEqual(result(fresh.run));
    expect(await kept.runner.count('train')).toBeNull();
    await text('ttl', 'ttl')();
  });

  it('gives no counts of rows that are no more', async () => {
    await build(kept, LATER);
    await text('window: 3d', 'window: 8d')();
    const counting = kept.runner.count('train');
    const next = build(kept, LATER);
    const early = await counting;
    await next;
    const fresh = await build(plain, PREVIEW);
    expect(early === null || result(early).features.length === 3).toBe(true);
    expect(result(await kept.runner.count('train'))).toEqual(result(fresh.run));
  });

  it('can be told to stop', async () => {
    await text('window: 3d', 'window: 7d')();
    await build(kept, LATER);
    const cancel = new AbortController();
    cancel.abort();
    await expect(kept.runner.count('train', cancel.signal)).rejects.toMatchObject({
      code: 'engine.cancelled',
    });
    expect(result(await kept.runner.count('train')).features).toHaveLength(3);
  });
});
