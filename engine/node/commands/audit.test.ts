import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditResult } from '../../results';
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
spine: { sql: "SELECT user_id, ts FROM events WHERE false" }
timestamp: ts
features: [activity:n]
\`\`\`
`;
/** Events of user 1 on the first, the second and the third of January. */
const EVENTS = 'user_id,ts\n' + [1, 2, 3].map((day) => `1,2025-01-0${day} 10:00:00\n`).join('');
const FILE =
  'user_id,ts,n\n1,2025-01-02 12:00:00,2\n1,2025-01-02 12:00:00,3\n1,2025-01-03 10:00:00,3\n1,2025-01-02 12:00:00,9\n';

let folder: string;
let theirs: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-audit-'));
  theirs = await mkdtemp(join(tmpdir(), 'plumbline-theirs-'));
  await writeFile(join(folder, 'a.plumb.md'), NOTEBOOK);
  await writeFile(join(folder, 'events.csv'), EVENTS);
  await writeFile(join(theirs, 'train.csv'), FILE);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(theirs, { recursive: true });
});

async function call(...words: string[]) {
  const lines: string[] = [];
  const problems: string[] = [];
  const code = await plumbline(words, {
    line: (text) => lines.push(text),
    problem: (text) => problems.push(text),
    onInterrupt: () => {},
  });
  return { code, text: lines.join('\n'), problems: problems.join('\n') };
}
const audit = (...more: string[]) =>
  call('audit', join(theirs, 'train.csv'), '--notebook', join(folder, 'a.plumb.md'), ...more);

it('fails past the limit, says what is not right, and writes a report that stands alone', async () => {
  const html = join(theirs, 'report.html');
  const { code, text, problems } = await audit('--set', 'train', '--json', '--html', html);
  expect(code).toBe(1);
  expect(problems).toContain('audit.limit');
  expect(problems).toContain('3 of the 4 rows');
  const report = JSON.parse(text) as { error: { code: string }; result: AuditResult };
  expect(report.error.code).toBe('audit.limit');
  expect(report.result).toMatchObject({
    rows: 4,
    rows_not_right: 3,
    percent_not_right: 75,
    features: [
      {
        ref: 'activity:n',
        right: 1,
        future: 2,
        wrong: 1,
        stale: 0,
        not_decidable: 0,
        // The event of the third, 22 hours after noon of the second, and one at the very time of the row.
        ahead: { median_us: 1, max_us: 22 * 3_600_000_000 + 1 },
        reasons: [
          { reason: 'closed_window', rows: 1 },
          { reason: 'naive', rows: 1 },
          { reason: 'no_instant', rows: 1 },
        ],
      },
    ],
  });
  const written = await readFile(html, 'utf8');
  expect(written).toContain('3 of 4 rows (75.0 %) are not right');
  expect(written).not.toMatch(/<script|<link|src=|@import|url\(http/i);
}, 120_000);

it('passes within the limit', async () => {
  const { code, text, problems } = await audit('--set', 'train', '--limit', '75%');
  expect([code, problems]).toEqual([0, '']);
  expect(text).toContain('1 of 4 rows are right');
  expect(text).toContain('the value counts what happened at the very time of the row');
}, 120_000);

it('tells what it cannot audit, as exit code 2', async () => {
  const unknown = await audit('--set', 'trian');
  expect(unknown.code).toBe(2);
  expect(unknown.problems).toContain('Did you mean `train`?');
  const gone = await call(
    'audit',
    join(theirs, 'no.csv'),
    '--notebook',
    join(folder, 'a.plumb.md'),
    '--set',
    'train',
  );
  expect(gone.code).toBe(2);
  expect(gone.problems).toContain('source.no_files');
  await writeFile(join(theirs, 'other.csv'), 'user,ts,n\n1,2025-01-02 12:00:00,2\n');
  const keyless = await call(
    'audit',
    join(theirs, 'other.csv'),
    '--notebook',
    join(folder, 'a.plumb.md'),
    '--set',
    'train',
  );
  expect(keyless.code).toBe(2);
  expect(keyless.problems).toContain('catalog.unknown_column');
  expect(keyless.problems).toContain('"keys": { user_id: <column> }');
}, 120_000);

it('checks an audit cell against its file, at the place of the mistake, and fails the cell in a run', async () => {
  await writeFile(join(folder, 'near.csv'), FILE);
  const cell = (more: string) =>
    `${NOTEBOOK}\n\`\`\`yaml audit theirs\nfile: near.csv\ntraining_set: train\n${more}\n\`\`\`\n`;
  const path = join(folder, 'b.plumb.md');
  await writeFile(path, cell('timestamp: at'));
  const checked = await call('check', path);
  expect(checked.code).toBe(1);
  expect(checked.text).toMatch(/b\.plumb\.md:30:12: error: near\.csv has no column at, the event time\./);
  await writeFile(path, cell('limit: 50'));
  const ran = await call('run', path, '--cell', 'theirs', '--json');
  expect(ran.code).toBe(1);
  const cells = (JSON.parse(ran.text) as { cells: { name: string; status: string }[] }).cells;
  expect(cells.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'user ok',
    'events ok',
    'activity ok',
    'theirs failed',
  ]);
  expect(cells.at(-1)).toMatchObject({
    error: { code: 'audit.limit', line: 27 },
    result: { rows_not_right: 3 },
  });
}, 120_000);
