import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CellRun, ReplayResult } from '../../results';
import { plumbline } from './command-line';

const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source events
files: events.csv
timestamp: ts
available_at: arrived
\`\`\`

\`\`\`yaml source log
files: log.csv
timestamp: ts
available_at: arrived
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view activity
entity: user
source: events
stream: log
features:
  n: { type: int64, window: 7d, count: "*" }
  spent: { type: float64, window: 1d, sum: amount }
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, ts AS t FROM events" }
timestamp: t
features: [activity:n]
\`\`\`

\`\`\`yaml replay streamed
view: activity
delay: 5m
end: max
speed: 1
\`\`\`

\`\`\`yaml source narrow
files: narrow.csv
timestamp: ts
available_at: arrived
\`\`\`

\`\`\`yaml view misfit
entity: user
source: events
stream: narrow
features:
  n: { type: int64, window: 7d, count: "*" }
  spent: { type: float64, window: 1d, sum: amount }
\`\`\`
`;

describe('a replay on the command line', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-cli-replay-'));
    file = join(folder, 'a.plumb.md');
    await writeFile(file, NOTEBOOK);
    const events = [
      '1,2025-01-01 10:00:00,2025-01-01 10:01:00,1.5',
      '2,2025-01-01 10:30:00,2025-01-01 10:31:00,2.5',
      '1,2025-01-01 10:10:00,2025-01-01 11:00:00,4.0',
    ];
    const head = 'user_id,ts,arrived,amount';
    await writeFile(join(folder, 'events.csv'), `${[head, ...events].join('\n')}\n`);
    await writeFile(join(folder, 'log.csv'), `${[head, ...events, events[1]].join('\n')}\n`);
    await writeFile(
      join(folder, 'narrow.csv'),
      'user_id,ts,arrived\n1,2025-01-01 10:00:00,2025-01-01 10:01:00\n',
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  const call = async (...words: string[]) => {
    const lines: string[] = [];
    const problems: string[] = [];
    const code = await plumbline(words, {
      line: (text) => lines.push(text),
      problem: (text) => problems.push(text),
      onInterrupt: () => {},
    });
    return { code, text: lines.join('\n'), problems: problems.join('\n') };
  };

  it('does not wait for the cell’s speed, and says what differs and why', async () => {
    const { code, text } = await call('run', file, '--cell', 'streamed');
    expect(code).toBe(0);
    expect(text).toContain('4 rows of log in 1 batches: 3 accepted, 1 late (median 15 min, at most 15 min)');
    expect(text).toContain('0 of 2 entities equal events at 2025-01-01T11:00:00.000000Z');
    expect(text).toMatch(/activity:n +2 differ: 1 dropped as late, 1 more than once in the log/);
    expect(text).toContain('user_id 1: 1 for 2; 1 row dropped as late by 15 min at most');
    expect(text).toMatch(/delay 1h +0 late, 50.00 % of the entities equal/);
  });

  it('gives its result as JSON, and leaves the log out of what a training set rests on', async () => {
    const { code, text } = await call('run', file, '--cell', 'train', '--cell', 'streamed', '--json');
    expect(code).toBe(0);
    const { cells } = JSON.parse(text) as { cells: CellRun[] };
    expect(cells.map(({ name }) => name)).toEqual(['events', 'user', 'activity', 'train', 'log', 'streamed']);
    const result = cells.at(-1)!.result as ReplayResult;
    expect(result).toMatchObject({
      view: 'activity',
      stream: 'log',
      source: 'events',
      delay_us: 3e8,
      counts: { read: 4, accepted: 3, late: 1 },
      entities: { compared: 2, equal: 0 },
    });
    expect(result.sweep.map(({ delay_us }) => delay_us / 6e7)).toEqual([0, 1, 5, 15, 60, 360, 1440]);
  });

  it('says at the name of a log what it lacks of the view', async () => {
    const { code, text, problems } = await call('check', file);
    expect(code).toBe(1);
    expect(text + problems).toContain('a.plumb.md:52:9: error: no column amount in narrow');
    expect((text + problems).match(/no column/g)).toHaveLength(1);
  });
});
