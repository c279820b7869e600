import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeastExportOptions } from '../../feast/export-repository';
import type { Progress } from '../../ports';
import { exportFeast } from '../../run/export-feast';
import { treeOf } from '../../testing/backfill-truth';
import { plumbline } from './command-line';
import { openSession } from './session';

const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source events
files: events.csv
timestamp: ts
available_at: known
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml entity device
join_keys: { device: bytes }
\`\`\`

\`\`\`yaml view class
entity: user
source: events
created_timestamp: known
ttl: 1h
features:
  event_timestamp: { type: int64, column: amount }
\`\`\`

\`\`\`yaml view totals
entity: user
source: events
version: 2
features:
  spent: { type: int64, window: 7d, sum: amount, default: zero }
\`\`\`

\`\`\`yaml view devices
entity: device
source: events
features:
  amount: { type: int64 }
\`\`\`

\`\`\`yaml view later
on_demand: true
features:
  twice: { type: int64, expression: spent * 2 }
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, ts FROM events" }
timestamp: ts
features: [totals:spent, later:twice]
\`\`\`

\`\`\`yaml materialize push
views: [class, totals]
end: 2025-01-05
redis: dev
project: shop
\`\`\`
`;

const EVENTS = `user_id,ts,known,amount
1,2025-01-01 10:00:00,2025-01-01 10:00:00,5
,2025-01-01 11:00:00,2025-01-01 11:00:00,7
2,2025-01-03 10:00:00,2025-01-03 12:00:00,11
1,2025-01-09 10:00:00,2025-01-09 10:00:00,13
`;

describe('plumbline export-feast', () => {
  let folder: string;
  const lines: string[] = [];
  const problems: string[] = [];
  const call = (...words: string[]) =>
    plumbline(['export-feast', join(folder, 'a.plumb.md'), ...words], {
      line: (text) => void lines.push(text),
      problem: (text) => void problems.push(text),
      onInterrupt: () => {},
    });
  const rowsOf = async (file: string) =>
    parquetReadObjects({ file: await asyncBufferFromFile(join(folder, 'repo/data', file)) });
  const textOf = (file: string) => readFile(join(folder, 'repo', file), 'utf8');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-cli-feast-'));
    await writeFile(join(folder, 'a.plumb.md'), NOTEBOOK);
    await writeFile(join(folder, 'events.csv'), EVENTS);
    const redis = 'rediss://me:canary-7f3@redis.example.com:6380/4';
    expect(await call('--out', join(folder, 'repo'), '--redis', redis)).toBe(0);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('writes the rows of a feature table, and of windows the values at the end that the notebook materializes', async () => {
    const at = (text: string) => new Date(`${text}Z`);
    expect(await rowsOf('class.parquet')).toEqual(
      [
        [1n, '2025-01-01T10:00', '2025-01-01T10:00', 5n],
        [2n, '2025-01-03T10:00', '2025-01-03T12:00', 11n],
        [1n, '2025-01-09T10:00', '2025-01-09T10:00', 13n],
      ].map(([user_id, event, created, amount]) => ({
        user_id,
        event_timestamp_: at(String(event)),
        created_timestamp: at(String(created)),
        event_timestamp: amount,
      })),
    );
    expect(await rowsOf('totals.parquet')).toEqual([
      { user_id: 1n, event_timestamp: at('2025-01-05T00:00'), spent: 5n },
      { user_id: 2n, event_timestamp: at('2025-01-05T00:00'), spent: 11n },
    ]);
  });

  it('writes the definitions, and says in them what Feast does not do', async () => {
    const python = await textOf('features.py');
    expect(python).toContain('class_view = FeatureView(');
    expect(python).toContain('timestamp_field="event_timestamp_"');
    expect(python).toContain('ttl=timedelta(microseconds=3600000000)');
    expect(python).toContain('features=[totals_view[["spent"]]]');
    const said = python.replaceAll(/\n# /g, ' ');
    for (const words of [
      'Without the view devices: The join key device has type bytes.',
      'Rows of events can be known later than they happened (known)',
      'computed over trailing windows of events, which Feast has no words for',
      'values that Plumbline computed at 2025-01-05T00:00:00.000000Z',
      'One snapshot each, not a history: totals.',
      'finds nothing at times before its event times, and the same values at all times after them',
      'Plumbline puts one in the place of NULL for spent.',
      'Without later:twice',
      'forgets in a service which version of totals is meant',
    ])
      expect(said).toContain(words);
    expect(await textOf('feature_store.yaml')).toContain(
      'connection_string: "redis.example.com:6380,db=4,ssl=true,username=me,password=${REDIS_PASSWORD}"',
    );
    expect(lines.join('\n')).toContain('! without devices');
  });

  it('tells its rows, and is stopped before it names what it wrote', async () => {
    const out = join(folder, 'stopped');
    const session = await openSession(join(folder, 'a.plumb.md'), { allowOutside: false, out });
    const told: Progress[] = [];
    const cancel = new AbortController();
    const connection = { host: 'h', port: 1, db: 0, tls: false, username: '', hasPassword: false };
    const what = { folder: '', notebook: 'a', project: 'shop', connection };
    const run = (change: Partial<FeastExportOptions>) =>
      exportFeast(session.runner, session.host, session.notebook.analysis.catalog, { ...what, ...change });
    const stop = (progress: Progress) => {
      told.push(progress);
      if (progress.phase.startsWith('writing totals')) cancel.abort();
    };
    await expect(run({ signal: cancel.signal, onProgress: stop })).rejects.toMatchObject({
      code: 'engine.cancelled',
    });
    expect(told).toContainEqual({ phase: 'writing class, 1 of 2 views', rows: 3, totalRows: 3 });
    expect([...(await treeOf(out)).keys()]).toEqual(['data/class.parquet']);
    const done = await run({ onProgress: (progress) => told.push(progress) });
    expect(told).toContainEqual({ phase: 'writing totals, 2 of 2 views', rows: 2, totalRows: 2 });
    expect(done.views).toEqual([
      { view: 'class', rows: 3, snapshotAt: null },
      { view: 'totals', rows: 2, snapshotAt: '2025-01-05T00:00:00.000000Z' },
    ]);
    await session.close();
  });

  it('writes the password nowhere', async () => {
    const tree = await treeOf(join(folder, 'repo'));
    expect(tree.size).toBe(4);
    for (const bytes of tree.values()) expect(bytes.includes('canary-7f3')).toBe(false);
  });

  it('refuses a project that Feast would refuse', async () => {
    expect(await call('--out', join(folder, 'other'), '--project', 'my-shop')).toBe(2);
    expect(problems.join('\n')).toContain('[export.failed]');
  });
});
