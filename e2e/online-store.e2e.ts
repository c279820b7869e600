import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlumblineBridge } from '../electron/contract';
import { plumbline as commandLine } from '../engine/node/commands/command-line';
import { treeOf } from '../engine/testing/backfill-truth';
import { bystander } from '../engine/testing/online-job';
import { startRedis, type TestRedis } from '../engine/testing/redis-server';
import { launch, type Launched } from './fixture';
import { goldenField, goldenKey, goldenTimestamp, goldenValue } from './golden-encoder';
import { notebookOf, PATIENCE } from './notebook-driver';
import { smallNotebook, type SmallNotebook } from './small-notebook';

/** A Redis that the command line filled, looked at on the screen: inspector, lookup panel, Feast export. */

declare const window: { plumbline: PlumblineBridge } & typeof globalThis;

/** Must be in no file and on no clipboard. */
const CANARY = 'canary-b71f04';

let redis: TestRedis;
let client: Redis;
let small: SmallNotebook;
let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
let users = 0;

const key = (user: bigint): Buffer =>
  Buffer.from(goldenKey('small', [{ name: 'user_id', type: 'int64', value: user }]));

beforeAll(async () => {
  redis = await startRedis({ password: CANARY });
  client = bystander(redis.target);
  small = smallNotebook();
  const said: string[] = [];
  const line = (text: string) => void said.push(text);
  const words = ['run', small.file, '--cell', 'push', '--write', '--redis', `dev=${redis.url}`];
  const code = await commandLine(words, { line, problem: line, onInterrupt: () => {} });
  expect(said.join('\n')).toContain('verified');
  expect(code).toBe(0);
  users = await client.dbsize();
  // What others do to a store: another value, a removed feature, a view of another program, a lost entity, other keys.
  await client.hset(
    key(42n),
    Buffer.from(goldenField('user_daily:sessions')),
    Buffer.from(goldenValue('int32', 999n)),
  );
  await client.hset(
    key(42n),
    Buffer.from(goldenField('user_daily:removed')),
    Buffer.from(goldenValue('int32', 1n)),
  );
  await client.hset(key(43n), '_ts:theirs', Buffer.from(goldenTimestamp(1_735_689_600_000_000n)));
  await client.del(key(44n));
  await client.set('session:1', 'x');

  plumbline = await launch({ args: [small.file], size: { width: 1280, height: 900 }, theme: 'light' });
  notebook = notebookOf(plumbline);
  const saved = await plumbline.page.evaluate(
    ({ port, password }) =>
      window.plumbline.call('redis.save', {
        connection: { name: 'dev', host: '127.0.0.1', port },
        password,
        keepPassword: false,
      }),
    { port: redis.target.port, password: CANARY },
  );
  expect(saved).toEqual({ ok: true, value: {} });
  await notebook.settled();
});
afterAll(async () => {
  await plumbline.close();
  client.disconnect();
  await redis.stop();
  small.remove();
});

const at = (testId: string) => plumbline.page.getByTestId(testId);

test('the inspector shows projects, views, orphans and the values of an entity', async () => {
  await notebook.command('redis.inspect');
  await at('inspect-run').click();
  await at('inspect-looked').waitFor(PATIENCE);
  expect(await at('inspect-looked').innerText()).toBe(
    `Looked at ${users.toLocaleString('en-US')} of ${users.toLocaleString('en-US')} keys. 1 key is not Feast’s.`,
  );
  const store = await at('inspect-store-small').innerText();
  expect(store).toContain(`${(users - 1).toLocaleString('en-US')} entities`);
  expect(store).toMatch(/Orphan field 0x[0-9a-f]{8}, int32, in 1 entity/);
  expect(await at('inspect-view-theirs').innerText()).toContain('not in this notebook');
  await plumbline.screenshot('inspect-store-light');

  await at('inspect-entity').fill('user_id=42');
  await at('inspect-run').click();
  await at('inspect-entities').getByText('user_id 42', { exact: true }).waitFor(PATIENCE);
  const values = await at('inspect-values').innerText();
  expect(values).toMatch(/sessions\s+int32\s+999/);
  expect(values).toMatch(/0x[0-9a-f]{8}\s+int32\s+1\s+orphan/);
});

test('it holds a view against the notebook’s own values', async () => {
  await at('inspect-entity').fill('');
  await at('inspect-compare-user_daily').click();
  await at('inspect-difference').waitFor(PATIENCE);
  const text = await at('inspect-difference').innerText();
  expect(text).toContain('the store and the notebook differ');
  expect(text).toContain(
    `${(users - 2).toLocaleString('en-US')} equal, 1 differ, 1 not in Redis, 0 only in Redis`,
  );
  expect(text).toContain('sessions differs for 1');
  await plumbline.page.emulateMedia({ colorScheme: 'dark' });
  await plumbline.screenshot('inspect-difference-dark');
  await plumbline.page.emulateMedia({ colorScheme: 'light' });
  await notebook.closeDialog();
});

test('a lookup of several entities shows values, ages, the budget, and copies itself', async () => {
  await notebook.command('redis.lookup');
  await at('lookup-entities').fill('42\n44');
  await at('lookup-calls').fill('25');
  await at('lookup-budget-ms').fill('5000');
  await at('lookup-run').click();
  await at('lookup-result').waitFor(PATIENCE);
  const text = await at('lookup-result').innerText();
  expect(text).toContain('within the budget of 5000 ms, 25 calls of 2 entities');
  expect(text).toMatch(/user_daily:sessions\s+999\s+present/);
  expect(text).toMatch(/user_daily:tier\s+free\s+missing, default used/);
  expect(await at('lookup-differences').innerText()).toContain('1 default used; Feast has none.');
  await plumbline.app.evaluate(({ clipboard }) => clipboard.clear());
  await at('lookup-result').getByRole('button', { name: 'Copy as redis-cli' }).click();
  await at('lookup-result').getByRole('button', { name: 'Copied' }).waitFor(PATIENCE);
  const copied = await plumbline.app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain(`redis-cli -h 127.0.0.1 -p ${redis.target.port} -n 0 <<'END'\nHMGET "\\x01\\x00`);
  expect(copied).not.toContain(CANARY);
  await plumbline.screenshot('lookup-panel-light');
  await plumbline.page.emulateMedia({ colorScheme: 'dark' });
  await plumbline.screenshot('lookup-panel-dark');
  await plumbline.page.emulateMedia({ colorScheme: 'light' });
  await at('lookup-entities').fill('no number');
  await at('lookup-run').click();
  await plumbline.page.getByRole('alert').getByText('online.unsupported_type').waitFor(PATIENCE);
  await notebook.closeDialog();
});

test('the lookup cell says the same', async () => {
  await notebook.runToEnd('look');
  const text = await notebook.part('look', 'result').innerText();
  expect(text).toContain('of 15 ms, 200 calls of 1 entity');
  expect(text).toMatch(/user_daily:sessions\s+999\s+present/);
});

test('a Feast repository is written into the workspace', async () => {
  await notebook.command('feast.export');
  await plumbline.page.getByTestId('feast-run').click();
  await plumbline.page.getByText('The Feast repository is in out/feast/small.').waitFor(PATIENCE);
  const file = (name: string) => join(small.folder, 'out/feast/small', name);
  expect(readFileSync(file('feature_store.yaml'), 'utf8')).toContain(`127.0.0.1:${redis.target.port},db=0`);
  expect(readFileSync(file('features.py'), 'utf8')).toContain('user_daily_view = FeatureView(');
  expect(existsSync(file('data/user_daily.parquet'))).toBe(true);
  await notebook.closeDialog();
});

test('the password is in no file of the workspace or the profile', async () => {
  const yaml = readFileSync(join(small.folder, 'out/feast/small/feature_store.yaml'), 'utf8');
  expect(yaml).toContain('password=${REDIS_PASSWORD}');
  for (const folder of [small.folder, plumbline.userData]) {
    const files = await treeOf(folder);
    expect(files.size).toBeGreaterThan(3);
    expect([...files].filter(([, bytes]) => bytes.includes(CANARY)).map(([name]) => name)).toEqual([]);
  }
});

test('nothing went wrong on the page', () => {
  expect(plumbline.problems).toEqual([]);
});
