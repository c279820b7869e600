import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PlumblineBridge } from '../electron/contract';
import type { MaterializeJob } from '../engine/online/job';
import { bystander, jobOf, userRows, userView, type UserRow } from '../engine/testing/online-job';
import { startRedis, type TestRedis } from '../engine/testing/redis-server';
import { PATIENCE } from './notebook-driver';
import { answerDialogs, dialogTexts, launch, type Launched } from './fixture';

/** The way of a write through preload, main, the dialog and the Redis process, driven below the notebook's screens. */

declare const window: { plumbline: PlumblineBridge } & typeof globalThis;

const spec: MaterializeJob = jobOf(userView('stats', { clicks: 'int64', city: 'string' }));

let redis: TestRedis;
let client: Redis;
let plumbline: Launched;
beforeAll(async () => {
  redis = await startRedis();
  client = bystander(redis.target);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  await client.flushall();
  plumbline = await launch();
  // the records of a write are kept in the open workspace
  await plumbline.page.getByText('streamrec.plumb.md').first().waitFor(PATIENCE);
  const { port } = redis.target;
  const saved = await plumbline.page.evaluate(
    (port) =>
      window.plumbline.call('redis.save', {
        connection: { name: 'dev', host: '127.0.0.1', port },
        password: null,
        keepPassword: false,
      }),
    port,
  );
  expect(saved).toEqual({ ok: true, value: {} });
});
afterEach(() => plumbline.close());

/** A dry run from the page, with one Arrow stream of rows. */
async function dryRun(job: string, rows: UserRow[]) {
  const batches: number[][] = [];
  for await (const batch of userRows(spec, { stats: rows })('stats')) batches.push([...batch]);
  return plumbline.page.evaluate(
    async ({ job, target, batches }) => {
      const answer = window.plumbline.call('online.dryRun', { job, target });
      const { port1, port2 } = new MessageChannel();
      const acknowledged: unknown[] = [];
      port1.onmessage = ({ data }) => acknowledged.push(data);
      window.postMessage({ plumbline: 'online-rows', job, view: 'stats' }, window.origin, [port2]);
      for (const batch of batches) port1.postMessage(Uint8Array.from(batch));
      port1.postMessage({ end: true });
      return { answer: await answer, acknowledged };
    },
    { job, target: spec, batches },
  );
}

const write = (job: string) =>
  plumbline.page.evaluate((job) => window.plumbline.call('online.write', { job }), job);

const ROWS: UserRow[] = [
  [1n, 1_000n, 5n, 'a'],
  [2n, 1_000n, null, 'b'],
];
const JOB = '6f2c0c4e-5a54-4c5e-9f0e-0a5f3c3f7d11';

test('a dry run writes nothing; the write happens after the yes, once', async () => {
  await answerDialogs(plumbline, [1]);
  const { answer, acknowledged } = await dryRun(JOB, ROWS);
  expect(answer).toMatchObject({ ok: true, value: { written: false, entities: 2, added: 2 } });
  expect(acknowledged[0]).toEqual({ ack: 1 });
  expect(await client.dbsize()).toBe(0);
  expect(await write(JOB)).toMatchObject({ ok: true, value: { written: true, added: 2, verified: true } });
  expect(await client.dbsize()).toBe(2);
  expect(await dialogTexts(plumbline)).toEqual([expect.stringContaining(`127.0.0.1:${redis.target.port}`)]);
  expect(await write(JOB)).toMatchObject({ ok: false, error: { code: 'redis.consent' } });
});

test('without a yes nothing is written, however often the page asks', async () => {
  await answerDialogs(plumbline, [0]);
  await dryRun(JOB, ROWS);
  for (let attempt = 0; attempt < 20; attempt++)
    expect(await write(JOB)).toMatchObject({ ok: false, error: { code: 'redis.consent' } });
  expect(await client.dbsize()).toBe(0);
  expect(await dialogTexts(plumbline)).toHaveLength(1);
});

test('when the Redis process is killed the app says so and the next dry run works', async () => {
  await dryRun(JOB, ROWS);
  const killed = await plumbline.app.evaluate(({ app }) => {
    const service = app.getAppMetrics().find(({ name }) => name === 'Plumbline Redis');
    return service ? process.kill(service.pid, 'SIGKILL') : false;
  });
  expect(killed).toBe(true);
  await answerDialogs(plumbline, [1]);
  // The plan died with the process: the old one is refused, whichever of the two main notices first.
  expect((await write(JOB)).ok).toBe(false);
  const again = await dryRun(JOB.replace('6f2c', '6f2d'), ROWS);
  expect(again.answer).toMatchObject({ ok: true, value: { added: 2 } });
  expect(await client.dbsize()).toBe(0);
});

test('a Redis that is not there is a typed error, and a lookup works when it is', async () => {
  const lookup = () =>
    plumbline.page.evaluate(
      ({ redis, project, views }) =>
        window.plumbline.call('online.lookup', {
          redis,
          project,
          views,
          entities: [{ user_id: '1' }],
          repeat: 3,
        }),
      spec,
    );
  await answerDialogs(plumbline, [1]);
  await dryRun(JOB, ROWS);
  await write(JOB);
  expect(await lookup()).toMatchObject({
    ok: true,
    value: { rows: [{ features: { 'stats:city': { value: 'a', status: 'present' } } }] },
  });
  const tested = await plumbline.page.evaluate(() => window.plumbline.call('redis.test', { name: 'dev' }));
  expect(tested).toMatchObject({ ok: true, value: { role: 'master', keys: 2 } });
  await plumbline.page.evaluate(() =>
    window.plumbline.call('redis.save', {
      connection: { name: 'dev', host: '127.0.0.1', port: 1 },
      password: null,
      keepPassword: false,
    }),
  );
  expect(await lookup()).toMatchObject({ ok: false, error: { code: 'redis.unreachable' } });
});
