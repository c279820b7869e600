import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryRows } from '../../database/rows';
import { openSession, WHOLE_RUN, type Session } from '../../node/commands/session';
import { createOnlineHost } from '../../node/redis-host';
import type { CellRun, SkewResult } from '../../results';
import { ownRedis } from '../../testing/own-redis';
import type { TestRedis } from '../../testing/redis-server';

const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source events
files: events.csv
timestamp: ts
\`\`\`

\`\`\`yaml source days
files: days.csv
timestamp: day
\`\`\`

\`\`\`yaml source starts
files: starts.csv
timestamp: ts
\`\`\`

\`\`\`yaml source feast
files: feast.csv
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

\`\`\`yaml view activity_long
entity: user
source: events
features:
  n: { type: int64, window: 14d, count: "*" }
  other: { type: int64, window: 1d, count: "*" }
\`\`\`

\`\`\`yaml view daily
entity: user
source: days
ttl: 7d
features:
  tier: { type: string, default: free }
\`\`\`

\`\`\`yaml training-set train
spine:
  sql: SELECT user_id, ts, device FROM starts
timestamp: ts
features: [activity:n, daily:tier]
\`\`\`

\`\`\`yaml training-set train_long
spine:
  sql: SELECT user_id, ts AS asked FROM starts
timestamp: asked
features: [daily:tier, activity_long:n, activity_long:other]
\`\`\`

\`\`\`sql query served
SELECT user_id, ts + INTERVAL 30 SECOND AS at, 2 AS n FROM starts
\`\`\`

\`\`\`yaml materialize dev
views: [activity, daily]
end: 2025-01-09T00:00:00Z
redis: dev
project: shop
\`\`\`

\`\`\`yaml skew query_side
training_set: train
serving: { query: served, timestamp: at }
within: 1m
segments: [device, 1d]
\`\`\`

\`\`\`yaml skew too_far
training_set: train
serving: { query: served, timestamp: at }
within: 29s
\`\`\`

\`\`\`yaml skew no_segment
training_set: train
serving: { query: served, timestamp: at }
within: 1m
segments: devices
\`\`\`

\`\`\`yaml skew view_side
training_set: train
serving: { view: activity_long }
\`\`\`

\`\`\`yaml skew boundary_side
training_set: train
serving: { boundary: closed }
\`\`\`

\`\`\`yaml skew baseline_side
training_set: train
baseline: { boundary: closed }
serving: { source: feast }
\`\`\`

\`\`\`yaml skew set_side
training_set: train
serving: { training_set: train_long }
\`\`\`

\`\`\`yaml skew set_first
training_set: train
baseline: { training_set: train_long }
serving: { redis: dev }
\`\`\`

\`\`\`yaml skew feast_log
training_set: train
serving: { source: feast }
fail_if: { mismatch_rate: 0.1 }
\`\`\`

\`\`\`yaml skew store
training_set: train
serving: { redis: dev }
\`\`\`

\`\`\`yaml skew store_first
training_set: train
baseline: { redis: dev, at: 2025-01-09T00:00:00Z }
serving: { boundary: closed }
\`\`\`
`;

let folder: string;
let session: Session;
let redis: TestRedis;
ownRedis((server) => {
  redis = server;
});
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-sides-'));
  const write = (name: string, lines: string[]): Promise<void> =>
    writeFile(join(folder, name), `${lines.join('\n')}\n`);
  await write('events.csv', [
    'user_id,ts',
    '1,2024-12-26 00:00:00',
    '1,2025-01-02 00:00:00',
    '1,2025-01-05 00:00:00',
    '2,2025-01-03 00:00:00',
  ]);
  await write('days.csv', ['user_id,day,tier', '1,2025-01-01 00:00:00,gold', '2,2025-01-08 00:00:00,silver']);
  await write('starts.csv', [
    'user_id,ts,device',
    '1,2025-01-05 00:00:00,phone',
    '1,2025-01-06 00:00:00,tv',
    '2,2025-01-04 00:00:00,phone',
    '3,2025-01-04 00:00:00,',
  ]);
  // The closed window counts the event at 5 January, as this server did; 3 had no row.
  const status = 'activity__n__status,daily__tier,daily__tier__status,daily__tier__timestamp';
  await write('feast.csv', [
    `user_id,__log_timestamp,activity__n,${status}`,
    '1,2025-01-05 00:00:00,2,1,gold,1,2025-01-01 00:00:00',
    '1,2025-01-06 00:00:00,2,1,gold,1,2025-01-01 00:00:00',
    '2,2025-01-04 00:00:00,1,1,free,3,1970-01-01 00:00:00',
    '3,2025-01-04 00:00:00,0,2,free,3,1970-01-01 00:00:00',
  ]);
  await write('a.plumb.md', [NOTEBOOK]);
  const online = createOnlineHost(() => redis.target);
  session = await openSession(join(folder, 'a.plumb.md'), { allowOutside: false, online });
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true });
});

const run = (cell: string): Promise<CellRun> => session.runner.run(cell, WHOLE_RUN);
const resultOf = async (cell: string): Promise<SkewResult> => {
  const { error, result } = await run(cell);
  expect(error).toBeNull();
  return result as SkewResult;
};
const pairs = (cell: string): Promise<Record<string, unknown>[]> =>
  queryRows(
    session.host.database,
    `SELECT user_id, left_0::VARCHAR AS l, right_0::VARCHAR AS r FROM "_plumb"."skew_pairs_${cell}" ORDER BY __pair`,
  );

describe('the sides of a check', () => {
  it('aligns a query some seconds apart, and tells numbers apart by column and day', async () => {
    const result = await resultOf('query_side');
    expect(result).toMatchObject({ sides: ['train', 'served'], rows: 8, unmatched: 0 });
    const [n, tier] = result.features;
    expect(n).toMatchObject({ compared: 4, mismatches: 3, mean_diff: 1 });
    expect(
      n?.segments.map(({ by, value, compared, mismatches }) => [by, value, compared, mismatches]),
    ).toEqual([
      ['device', 'phone', 2, 2],
      ['device', 'tv', 1, 0],
      ['device', null, 1, 1],
      ['1d', '2025-01-04T00:00:00Z', 2, 2],
      ['1d', '2025-01-05T00:00:00Z', 1, 1],
      ['1d', '2025-01-06T00:00:00Z', 1, 0],
    ]);
    expect(tier).toMatchObject({ compared: 0, only_left: 4, only_right: 0 });
    expect(result.warnings).toContain('served has no column tier: nothing to compare.');
  });

  it('finds no overlap beyond the tolerance, and says how far it looked', async () => {
    expect((await run('too_far')).error).toMatchObject({
      code: 'skew.no_overlap',
      hint: expect.stringContaining('up to 29s apart') as string,
    });
  });

  it('refuses a segment that neither side has', async () => {
    expect((await run('no_segment')).error).toMatchObject({
      code: 'catalog.unknown_column',
      hint: expect.stringContaining('device') as string,
    });
  });

  it('takes features of the same names from another view', async () => {
    const result = await resultOf('view_side');
    expect(result).toMatchObject({ sides: ['train', 'activity_long'], unmatched: 0, warnings: [] });
    expect(result.features.map(({ ref }) => ref)).toEqual(['activity:n']);
    expect(await pairs('view_side')).toEqual([
      { user_id: 1n, l: '1', r: '2' },
      { user_id: 1n, l: '2', r: '3' },
      { user_id: 2n, l: '1', r: '1' },
      { user_id: 3n, l: '0', r: '0' },
    ]);
    expect(result.features[0]?.attribution).toMatchObject({ verdict: 'length:x2', remaining: 0 });
  });

  it('takes features of the same names from another training set, whose time may have another name', async () => {
    const result = await resultOf('set_side');
    expect(result).toMatchObject({ sides: ['train', 'train_long'], unmatched: 0, warnings: [] });
    expect(await pairs('set_side')).toEqual([
      { user_id: 1n, l: '1', r: '2' },
      { user_id: 1n, l: '2', r: '3' },
      { user_id: 2n, l: '1', r: '1' },
      { user_id: 3n, l: '0', r: '0' },
    ]);
    const [n, tier] = result.features;
    expect(n).toMatchObject({ ref: 'activity:n', compared: 4, mismatches: 2, mean_diff: 0.5 });
    expect(n?.attribution).toMatchObject({ verdict: 'length:x2', remaining: 0 });
    expect(tier).toMatchObject({ ref: 'daily:tier', compared: 4, mismatches: 0 });
  });

  it('closes the windows of the set, and names that as the cause', async () => {
    const result = await resultOf('boundary_side');
    expect(result.sides).toEqual(['train', 'train, closed']);
    expect(await pairs('boundary_side')).toMatchObject([{ r: '2' }, { r: '2' }, { r: '1' }, { r: '0' }]);
    const [cause] = result.features[0]?.attribution?.causes ?? [];
    expect(cause?.parts).toMatchObject([{ kind: 'boundary' }]);
  });

  it('knows a log of Feast by its columns, with what it says of each value', async () => {
    const failed = await run('feast_log');
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'skew.limit', place: { cell: 'feast_log' } },
    });
    const result = failed.result as SkewResult;
    expect(result).toMatchObject({ sides: ['train', 'feast'], unmatched: 0 });
    expect(result.failed).toHaveLength(1);
    expect(result.failed[0]).toContain('n: 25.00 % of the rows differ; the limit is 10.00 %.');
    const [n, tier] = result.features;
    expect(n).toMatchObject({
      compared: 4,
      mismatches: 1,
      served: { statuses: { present: 3, null: 1 }, age_ms: null },
    });
    const day = 86_400_000;
    expect(tier).toMatchObject({
      mismatches: 0,
      default_rate: [0.5, 0.5],
      served: { statuses: { present: 2, not_found: 2 }, age_ms: { p50: 4 * day, max: 5 * day } },
    });
  });

  it('compares something else than the training set with it', async () => {
    const result = await resultOf('baseline_side');
    expect(result.sides).toEqual(['train, closed', 'feast']);
    expect(result.features).toMatchObject([{ ref: 'activity:n', compared: 4, mismatches: 0 }]);
  });

  it('leaves nothing behind that a check made for itself', async () => {
    const own = ['__baseline_', '__serving_', 'skew_asked', 'skew_online'];
    const tests = own.map((name) => `contains(table_name, '${name}')`).join(' OR ');
    const sql = `SELECT table_name AS name FROM duckdb_tables() WHERE ${tests}`;
    expect(await queryRows(session.host.database, sql)).toEqual([]);
  });
});

describe('a store as a side', () => {
  it('answers what training has at the time that it was filled', async () => {
    const written = await session.runner.run('dev', { ...WHOLE_RUN, write: true });
    expect(written).toMatchObject({ status: 'ok', result: { verified: true } });
    const result = await resultOf('store');
    expect(result).toMatchObject({ sides: ['train', 'Redis dev'], rows: 6, unmatched: 0, warnings: [] });
    expect(await pairs('store')).toEqual([
      { user_id: 1n, l: '2', r: '2' },
      { user_id: 2n, l: '1', r: '1' },
      { user_id: 3n, l: '0', r: null },
    ]);
    // Nothing is stored of 3, who has no event: NULL there, 0 in training; its tier is the default in both.
    expect(result.features).toMatchObject([{ mismatches: 1 }, { mismatches: 0 }]);
  });

  it('may be the left side, at a time that is given', async () => {
    await session.runner.run('dev', { ...WHOLE_RUN, write: true });
    const result = await resultOf('store_first');
    expect(result).toMatchObject({ sides: ['Redis dev', 'train, closed'] });
    expect(result.features.map(({ ref, attribution }) => [ref, attribution])).toEqual([
      ['activity:n', undefined],
    ]);
  });

  it('is compared with another set as that one would be at the same time', async () => {
    await session.runner.run('dev', { ...WHOLE_RUN, write: true });
    const result = await resultOf('set_first');
    expect(result).toMatchObject({ sides: ['train_long', 'Redis dev'], rows: 6, unmatched: 0 });
    expect(await pairs('set_first')).toEqual([
      { user_id: 1n, l: '3', r: '2' },
      { user_id: 2n, l: '1', r: '1' },
      { user_id: 3n, l: '0', r: null },
    ]);
  });

  it('that holds nothing is told from one that differs', async () => {
    expect((await run('store')).error).toMatchObject({ code: 'skew.no_overlap' });
  });
});
