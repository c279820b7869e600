import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryRows } from '../../database/rows';
import { openSession, WHOLE_RUN, type Session } from '../../node/commands/session';
import type { CellRun, SkewResult } from '../../results';
import { Random } from '../../testing/serving/random';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2025, 0, 1);

/** What a player did, when, and when the log had it; null: never. */
interface Played {
  user: number | null;
  at: number | null;
  known: number | null;
  n: number;
}

const skew = (name: string, delay: string): string => `\`\`\`yaml skew ${name}
training_set: train
serving: { stream: log, delay: ${delay} }
\`\`\`
`;
const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source batch
files: batch.csv
timestamp: ts
available_at: known
\`\`\`

\`\`\`yaml source log
files: log.csv
timestamp: ts
available_at: known
\`\`\`

\`\`\`yaml source starts
files: starts.csv
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view now
entity: user
source: batch
stream: log
features:
  events: { type: int64, window: 2h, count: "*" }
  total: { type: int64, window: 6h, sum: n, default: 0 }
\`\`\`

\`\`\`yaml view other
entity: user
source: batch
features:
  greatest: { type: int64, window: 2h, max: n }
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, ts FROM starts" }
timestamp: ts
features: [now:events, now:total, other:greatest]
\`\`\`

${skew('none', '0s')}
${skew('some', '20m')}
${skew('long', '30d')}
`;

const random = new Random(20);
const LOG: Played[] = Array.from({ length: 700 }, () => {
  const at = START + random.int(2 * 24 * 60) * MINUTE;
  const late = random.chance(0.4) ? random.int(300) * MINUTE : random.int(90) * SECOND;
  return {
    user: random.chance(0.02) ? null : 1 + random.int(6),
    at: random.chance(0.01) ? null : at,
    known: random.chance(0.02) ? null : at + late,
    n: random.int(10),
  };
});
const STARTS = Array.from({ length: 200 }, () => ({
  // The last of them did nothing.
  user: 1 + random.int(7),
  at: START + random.int(2 * 24 * 60) * MINUTE,
}));

/** Rows that a consumer does not drop: none that happened before the watermark, as it stood before that row. */
function accepted(delay: number): Played[] {
  let newest = -Infinity;
  return LOG.map((row, place) => ({ row, place }))
    .filter(({ row }) => row.at !== null && row.known !== null)
    .sort((a, b) => a.row.known! - b.row.known! || a.place - b.place)
    .flatMap(({ row }) => {
      const isLate = row.at! < newest - delay;
      newest = Math.max(newest, row.at!);
      return isLate ? [] : [row];
    });
}

/** Both features at every request, of the rows that had arrived by then. */
function answered(rows: readonly Played[]): { events: number; total: number }[] {
  return STARTS.map(({ user, at: t }) => {
    const within = (hours: number): Played[] =>
      rows.filter(
        ({ user: own, at, known }) =>
          own === user && at !== null && at >= t - hours * HOUR && at < t && known !== null && known <= t,
      );
    return { events: within(2).length, total: within(6).reduce((sum, { n }) => sum + n, 0) };
  });
}

const text = (ms: number | null): string =>
  ms === null ? '' : new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-stream-side-'));
  const write = (name: string, lines: string[]): Promise<void> =>
    writeFile(join(folder, name), `${lines.join('\n')}\n`);
  const rows = LOG.map(({ user, at, known, n }) => [user ?? '', text(at), text(known), n].join(','));
  await write('batch.csv', ['user_id,ts,known,n', ...rows]);
  await write('log.csv', ['user_id,ts,known,n', ...rows]);
  await write('starts.csv', ['user_id,ts', ...STARTS.map(({ user, at }) => `${user},${text(at)}`)]);
  await write('a.plumb.md', [NOTEBOOK]);
  session = await openSession(join(folder, 'a.plumb.md'), { allowOutside: false });
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true });
});

const run = (cell: string): Promise<CellRun> => session.runner.run(cell, WHOLE_RUN);

async function leftBehind(): Promise<string[]> {
  const rows = await queryRows(
    session.host.database,
    'SELECT table_name AS name FROM information_schema.tables',
  );
  const own = ['arrivals_', 'accepted_', '__stream_', '__serving_', 'causes_', 'skew_next_'];
  return rows.map(({ name }) => String(name)).filter((name) => own.some((part) => name.includes(part)));
}

describe('a consumer of the log as a side', () => {
  it.each([
    ['none', 0],
    ['some', 20 * MINUTE],
    ['long', 30 * 24 * HOUR],
  ])('%s: knows at each request what it had not dropped and what had arrived', async (cell, delay) => {
    const { error, result } = await run(cell);
    expect(error).toBeNull();
    const { features, unmatched } = result as SkewResult;
    expect(features.map(({ ref }) => ref)).toEqual(['now:events', 'now:total']);
    expect(unmatched).toBe(0);
    const found = await queryRows(
      session.host.database,
      `SELECT left_0 AS le, right_0 AS re, left_1 AS lt, right_1 AS rt FROM "_plumb"."skew_pairs_${cell}" ORDER BY __pair`,
    );
    const batch = answered(LOG);
    const stream = answered(accepted(delay));
    const expected = STARTS.map((_, at) => ({
      le: BigInt(batch[at]!.events),
      re: BigInt(stream[at]!.events),
      lt: BigInt(batch[at]!.total),
      rt: BigInt(stream[at]!.total),
    }));
    expect(found).toEqual(expected);
    const differing = expected.filter(({ le, re }) => le !== re).length;
    expect(features[0]!.mismatches).toBe(differing);
    // Without a delay much is late; within a month nothing is.
    expect(differing > 0).toBe(cell !== 'long');
    expect(await leftBehind()).toEqual([]);
  });

  it.each(['consuming', 'comparing'])('leaves nothing behind when it is cancelled %s', async (what) => {
    const controller = new AbortController();
    const cancelled = session.runner.run('some', {
      ...WHOLE_RUN,
      signal: controller.signal,
      onProgress: ({ phase }) => phase?.startsWith(what) && controller.abort(),
    });
    expect((await cancelled).error).toMatchObject({ code: 'engine.cancelled' });
    expect(await leftBehind()).toEqual([]);
  });
});
