import type { Redis } from 'ioredis';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { nodeRecords } from '../node/record-files';
import { createOnlineHost } from '../node/redis-host';
import { openSession, WHOLE_RUN } from '../node/commands/session';
import type { MaterializeResult } from '../results';
import { ownRedis } from '../testing/own-redis';
import type { TestRedis } from '../testing/redis-server';

const NOTEBOOK = (features: string, more: string) => `---
plumbline: 1
---

\`\`\`yaml source days
files: days.csv
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view daily
entity: user
source: days
features: ${features}
\`\`\`

\`\`\`yaml materialize push
views: [daily]
end: max
redis: dev
project: p
${more}
\`\`\`
`;
const TWO = '{ n: { type: int64 }, s: { type: string } }';

let redis: TestRedis;
let client: Redis;
let folder: string;
ownRedis((own, beside) => ([redis, client] = [own, beside]));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-incremental-'));
  return () => rm(folder, { recursive: true });
});

const days = (...rows: string[]) =>
  writeFile(join(folder, 'days.csv'), ['user_id,ts,n,s', ...rows, ''].join('\n'));

/** A run in a session of its own, as after a restart. */
async function run(more = 'incremental: true', write = true, features = TWO): Promise<MaterializeResult> {
  await writeFile(join(folder, 'n.plumb.md'), NOTEBOOK(features, more));
  const online = createOnlineHost(() => redis.target, { records: nodeRecords(folder) });
  const session = await openSession(join(folder, 'n.plumb.md'), { allowOutside: false, online });
  try {
    const runs = await session.runner.runAll(['push'], { ...WHOLE_RUN, write });
    const last = runs.at(-1)!;
    if (last.error) throw Object.assign(new Error(last.error.message), last.error);
    return last.result as MaterializeResult;
  } finally {
    await session.close();
  }
}

it('begins where the last write of the view ended, across restarts', async () => {
  await days('1,2025-03-01,1,a', '2,2025-03-02,2,b');
  const first = await run();
  expect(first).toMatchObject({ entities: 2, added: 2, verified: true });
  expect(first.receipt?.views).toEqual([
    {
      view: 'daily',
      definition: expect.stringMatching(/^[0-9a-f]{64}$/),
      start: null,
      end: '2025-03-02T00:00:00.000000Z',
    },
  ]);
  await days('1,2025-03-01,1,a', '2,2025-03-02,2,b', '3,2025-03-03,3,c');
  // the row at the very end is taken again, and skipped
  const dry = await run(undefined, false);
  expect(dry).toMatchObject({ entities: 2, added: 1, skipped_equal: 1 });
  expect(dry.receipt).toEqual(first.receipt);
  const second = await run();
  expect(second.receipt?.views[0]).toMatchObject({
    start: '2025-03-02T00:00:00.000000Z',
    end: '2025-03-03T00:00:00.000000Z',
  });
  expect(await run('', false)).toMatchObject({ entities: 3, skipped_equal: 3 });
  expect(await readdir(join(folder, '.plumbline/online'))).toHaveLength(1);
});

it('takes `start` for the first run, and for runs that are not incremental', async () => {
  await days('1,2025-03-01,1,a', '2,2025-03-02,2,b', '3,2025-03-03,3,c');
  const more = 'start: 2025-03-02T00:00:00Z';
  expect(await run(`${more}\nincremental: true`)).toMatchObject({ entities: 2 });
  expect(await run(`${more}\nincremental: true`, false)).toMatchObject({ entities: 1 });
  expect(await run(more, false)).toMatchObject({ entities: 2 });
});

it('writes corrections with `replace: equal`, and expiry with `expire`', async () => {
  await days('1,2025-03-01,1,a');
  await run('');
  await days('1,2025-03-01,9,a');
  expect(await run('', false)).toMatchObject({ skipped_equal: 1, equal_differs: 1 });
  expect(await run('replace: equal\nexpire: 1h')).toMatchObject({ replaced: 1, verified: true });
  const [key] = await client.keysBuffer('*');
  expect(await client.ttl(key!)).toBeGreaterThan(3_500);
});

it('names the fields of a feature that was taken out of the view', async () => {
  await days('1,2025-03-01,1,a');
  const first = await run('');
  const after = await run('', false, '{ n: { type: int64 } }');
  expect(after).toMatchObject({ orphan_fields: 1, unknown_fields: 0 });
  expect(after.findings).toMatchObject([{ kind: 'orphan_field', what: ['s'] }]);
  const second = await run('replace: equal', true, '{ n: { type: int64 } }');
  expect(second.receipt?.views[0]?.definition).not.toBe(first.receipt?.views[0]?.definition);
});

it('has nothing to write of an empty source, and begins at the beginning afterwards', async () => {
  await days();
  expect(await run()).toMatchObject({ entities: 0, verified: true });
  await days('1,1969-03-01,1,a');
  expect(await run()).toMatchObject({ entities: 1, added: 1 });
});
