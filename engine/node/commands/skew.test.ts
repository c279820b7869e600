import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SkewResult } from '../../results';
import { plumbline } from './command-line';

const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source events
files: events.csv
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view activity
entity: user
source: events
features:
  n: { type: int64, window: 7d, count: "*" }
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, ts FROM events" }
timestamp: ts
features: [activity:n]
\`\`\`

\`\`\`sql query served
SELECT user_id, ts, row_number() OVER (PARTITION BY user_id ORDER BY ts) AS n FROM events
\`\`\`

\`\`\`yaml skew gate
training_set: train
serving: { query: served }
fail_if: { mismatch_rate: 0.5 }
\`\`\`

\`\`\`yaml skew wide_gate
training_set: train
serving: { query: served }
fail_if: { mismatch_rate: 1 }
\`\`\`
`;
/** Six hours apart: all in one window, so that the closed one counts each event itself besides. */
const EVENTS = [0, 6, 12, 18].flatMap((hour) =>
  [1, 2, 3].map((user) => `${user},2025-01-01 ${String(hour).padStart(2, '0')}:00:00`),
);

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-gate-'));
  file = join(folder, 'a.plumb.md');
  await writeFile(file, NOTEBOOK);
  await writeFile(join(folder, 'events.csv'), `user_id,ts\n${EVENTS.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

async function call(...words: string[]) {
  const lines: string[] = [];
  const code = await plumbline(words, {
    line: (text) => lines.push(text),
    problem: (text) => lines.push(text),
    onInterrupt: () => {},
  });
  return { code, text: lines.join('\n') };
}

it('ends with 1 above a limit, and says why it differs and what would make it agree', async () => {
  const { code, text } = await call('run', file, '--cell', 'gate');
  expect(code).toBe(1);
  expect(text).toContain('n: 100.00 % of the rows differ; the limit is 50.00 %.');
  expect(text).toContain('[skew.limit]');
  expect(text).toMatch(/100\.00 % of them: serving counts the event at t: its window is closed on the right/);
  expect(text).toContain('to agree: Set "boundary: closed" in activity');
});

it('keeps the causes in the JSON of a run that failed', async () => {
  const { code, text } = await call('run', file, '--cell', 'gate', '--json');
  expect(code).toBe(1);
  const { cells } = JSON.parse(text) as { cells: { name: string; status: string; result: SkewResult }[] };
  const gate = cells.find(({ name }) => name === 'gate');
  expect(gate).toMatchObject({
    status: 'failed',
    error: { code: 'skew.limit' },
    result: {
      sides: ['train', 'served'],
      rows: 24,
      unmatched: 0,
      features: [{ compared: 12, mismatches: 12 }],
    },
  });
  expect(gate?.result.failed).toHaveLength(1);
  const [feature] = gate!.result.features;
  expect(feature?.causes[0]).toEqual({ cause: 'boundary:closed', explains: 1 });
  expect(feature?.attribution).toMatchObject({
    verdict: 'boundary:closed',
    remaining: 0,
    examined: { mismatches: 12, total: 12, counted: 12 },
  });
  const [cause] = feature!.attribution!.causes;
  expect(cause).toMatchObject({
    sentence: 'serving counts the event at t: its window is closed on the right',
    edits: [{ cell: 'activity', path: ['features', 'n', 'boundary'], value: 'closed' }],
  });
  // Evidence names rows by whole numbers, which JSON has no type of its own for.
  expect(cause?.examples).toHaveLength(5);
  for (const { row, left, right, recomputed } of cause!.examples) {
    expect(row).toBeTypeOf('number');
    expect(Number(right)).toBe(Number(left) + 1);
    expect(recomputed).toBe(right);
  }
});

it('ends with 0 at or below it', async () => {
  expect((await call('run', file, '--cell', 'wide_gate')).code).toBe(0);
});
