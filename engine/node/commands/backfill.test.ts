import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillResult } from '../../results';
import { treeOf } from '../../testing/backfill-truth';
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

\`\`\`yaml backfill history
views: [activity]
start: 2025-01-02
end: max
every: 1d
out: out/history
\`\`\`

\`\`\`yaml backfill broken
views: [nothing]
start: 2025-01-02
end: max
every: 1d
out: out/broken
\`\`\`
`;

describe('plumbline backfill', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-cli-backfill-'));
    file = join(folder, 'a.plumb.md');
    await writeFile(file, NOTEBOOK);
    const events = ['1,2025-01-01 10:00:00', '2,2025-01-02 10:00:00', '1,2025-01-04 10:00:00'];
    await writeFile(join(folder, 'events.csv'), `user_id,ts\n${events.join('\n')}\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const call = async (words: string[], onLine: (text: string, stop: () => void) => void = () => {}) => {
    const lines: string[] = [];
    const problems: string[] = [];
    let stop = () => {};
    const code = await plumbline(words, {
      line: (text) => {
        lines.push(text);
        onLine(text, stop);
      },
      problem: (text) => problems.push(text),
      onInterrupt: (given) => (stop = given),
    });
    return { code, text: lines.join('\n'), problems: problems.join('\n') };
  };
  const tree = async (path: string) => [...(await treeOf(join(folder, path))).keys()];

  it('is told of by run, which writes only with --write', async () => {
    const { code, text } = await call(['run', file, '--cell', 'history']);
    expect(code).toBe(0);
    expect(text).toContain('3 files below out/history: 3 to do\n    nothing was written: add --write');
    expect(await tree('out')).toEqual([]);
  });

  it('writes file by file, is interrupted, and goes on when it is run again', async () => {
    const stopped = await call(['backfill', file, '--cell', 'history'], (text, stop) => {
      if (text.includes('wrote')) stop();
    });
    expect(stopped.code).toBe(1);
    expect(stopped.text).toContain('wrote activity/date=2025-01-02/part.parquet, 1 row (1 of 3)');
    expect(stopped.text).toContain('[engine.cancelled]');
    expect(stopped.text).toContain(
      '3 files below out/history: 1 written, 1 to do, 1 cancelled\n    run it again to go on',
    );
    const resumed = await call(['backfill', file, '--cell', 'history', '--json']);
    expect(resumed.code).toBe(0);
    const { cells } = JSON.parse(resumed.text) as { cells: { kind: string; result: BackfillResult }[] };
    const { result } = cells.find(({ kind }) => kind === 'backfill')!;
    expect(result).toMatchObject({ out: 'out/history', manifest: 'out/history/_manifest.json', write: true });
    expect(result.partitions.map(({ at, rows, state }) => [at, rows, state])).toEqual([
      ['2025-01-02T00:00:00.000000Z', 1, 'up_to_date'],
      ['2025-01-03T00:00:00.000000Z', 2, 'written'],
      ['2025-01-04T00:00:00.000000Z', 2, 'written'],
    ]);
  });

  it('writes into a folder of the same name with --out', async () => {
    const { code } = await call(['backfill', file, '--cell', 'history', '--out', join(folder, 'elsewhere')]);
    expect(code).toBe(0);
    expect(await treeOf(join(folder, 'elsewhere/history'))).toEqual(
      await treeOf(join(folder, 'out/history')),
    );
    expect(await tree('elsewhere/history')).toHaveLength(4);
  });

  it('prints the SQL behind its files', async () => {
    const { code, text } = await call(['sql', file, '--cell', 'history']);
    expect(code).toBe(0);
    expect(text.match(/^-- .*/gm)).toEqual(
      ['entities', 'points', 'values', 'rows'].map((name) => `-- ${name} of activity`),
    );
  });

  it('fails at the line of a cell that has errors, and names what there is', async () => {
    const broken = await call(['backfill', file, '--cell', 'broken']);
    expect(broken.code).toBe(1);
    expect(broken.text).toMatch(/a\.plumb\.md:30:9: .*\[catalog\.unknown_view\]/);
    const none = await call(['backfill', file, '--cell', 'activity']);
    expect(none.code).toBe(2);
    expect(none.problems).toContain('No backfill cell activity');
    expect(none.problems).toContain('It has history.');
  });
});
