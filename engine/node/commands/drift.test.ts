import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CellRun } from '../../results';
import type { DriftResult } from '../../skew/drift/drift-result';
import { plumbline } from './command-line';

const NOTEBOOK = `---
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
tags: { freshness_sla: 36h }
features:
  n: { type: int64, window: 1d, count: "*", default: zero }
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, ts FROM starts" }
timestamp: ts
features: [activity:n]
\`\`\`

\`\`\`yaml drift quiet
training_set: train
every: 1d
reference: { start: 2025-01-02, end: 2025-01-04 }
\`\`\`

\`\`\`yaml drift strict
training_set: train
every: 1d
reference: { start: 2025-01-02, end: 2025-01-04 }
default_rate: 0.5
fail: true
\`\`\`

\`\`\`yaml drift served
training_set: train
source: log
every: 1d
fail: true
\`\`\`
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-drift-'));
  await writeFile(join(folder, 'a.plumb.md'), NOTEBOOK);
  const rows = (days: number[], hour: string): string =>
    days.flatMap((day) => [1, 2].map((user) => `${user},2025-01-0${day} ${hour}\n`)).join('');
  // The events stop after the third: from the fifth on every count is the default, and the view is stale.
  await writeFile(join(folder, 'events.csv'), `user_id,ts\n${rows([1, 2, 3], '10:00:00')}`);
  await writeFile(join(folder, 'starts.csv'), `user_id,ts\n${rows([2, 3, 5, 6], '12:00:00')}`);
  await writeFile(
    join(folder, 'log.csv'),
    `user_id,ts,n\n1,2025-01-02 12:00:00,1\n1,2025-01-03 12:00:00,1\n`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function call(...words: string[]) {
  const lines: string[] = [];
  const problems: string[] = [];
  const code = await plumbline(['run', join(folder, 'a.plumb.md'), ...words], {
    line: (text) => lines.push(text),
    problem: (text) => problems.push(text),
    onInterrupt: () => {},
  });
  return { code, text: lines.join('\n'), problems: problems.join('\n') };
}

it('shows alarms and ends with 0 unless the cell says that they fail', async () => {
  const { code, text } = await call('--cell', 'quiet');
  expect(code).toBe(0);
  expect(text).toContain('reference 2025-01-02T00:00:00Z to 2025-01-04T00:00:00Z, 4 rows');
  expect(text).toMatch(
    /activity:n +5 windows, 1 without rows, worst PSI \d+\.\d{3} at 2025-01-05T00:00:00Z, 2 with/,
  );
  expect(text).toContain('! n: PSI is above 0.250 in 2 windows');
  expect(text).toContain(
    '! activity: the newest row was 74h old at 3 window ends, most at 2025-01-06T12:00:00Z',
  );
}, 120_000);

it('ends with 1 on an alarm where the cell says fail, with every window in the JSON', async () => {
  const { code, text, problems } = await call('--cell', 'strict', '--json');
  expect(code).toBe(1);
  const report = JSON.parse(text) as { cells: CellRun[] };
  const run = report.cells.find(({ name }) => name === 'strict')!;
  expect(run).toMatchObject({ kind: 'drift', status: 'failed', rows: 3, error: { code: 'drift.alarm' } });
  expect(`${text}${problems}`).toContain('drift.alarm');
  const result = run.result as DriftResult;
  expect(result).toMatchObject({
    of: 'train',
    every: '1d',
    rows: 8,
    reference: { start: '2025-01-02T00:00:00Z', end: '2025-01-04T00:00:00Z', rows: 4 },
    lines: { psi: 0.25, ks: null, null_rate: null, default_rate: 0.5 },
  });
  const [n] = result.features;
  expect(
    n!.windows.map((one) => [one.start.slice(0, 10), one.rows, one.mean, one.default_rate, one.ks]),
  ).toEqual([
    ['2025-01-02', 2, 1, 0, 0],
    ['2025-01-03', 2, 1, 0, 0],
    ['2025-01-04', 0, null, null, null],
    ['2025-01-05', 2, 0, 1, 1],
    ['2025-01-06', 2, 0, 1, 1],
  ]);
  expect(n!.windows.map(({ alarms }) => alarms)).toEqual([
    [],
    [],
    [],
    ['psi', 'default_rate'],
    ['psi', 'default_rate'],
  ]);
  expect(result.freshness).toMatchObject([
    {
      view: 'activity',
      sla_ms: 36 * 3_600_000,
      windows: [14, 14, 38, 62, 74].map((hours) => ({ age_ms: hours * 3_600_000, late: hours > 36 })),
    },
  ]);
}, 120_000);

it('watches a source without running the set', async () => {
  const { code, text } = await call('--cell', 'served', '--json');
  const report = JSON.parse(text) as { cells: CellRun[] };
  expect([code, report.cells.map(({ name }) => name)]).toEqual([
    0,
    ['log', 'user', 'events', 'activity', 'served'],
  ]);
  const run = report.cells.find(({ name }) => name === 'served')!;
  expect(run.result).toMatchObject({ of: 'log', rows: 2, alarms: [] });
}, 120_000);
