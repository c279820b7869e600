import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plumbline as commandLine } from '../engine/node/commands/command-line';
import { bystander } from '../engine/testing/online-job';
import { startRedis, type TestRedis } from '../engine/testing/redis-server';
import { startTcpProxy, type TcpProxy } from '../engine/testing/tcp-proxy';
import { answerDialogs, dialogTexts, launch, type Launched } from './fixture';
import { goldenField, goldenKey, goldenTimestamp, goldenValue } from './golden-encoder';
import { notebookOf, PATIENCE } from './notebook-driver';
import { smallNotebook, type SmallNotebook } from './small-notebook';

/** Every dialog and output about Redis, in light and dark, and the inspector's Stop. */

let redis: TestRedis;
let client: Redis;
let proxy: TcpProxy;
let small: SmallNotebook;
let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;

const at = (testId: string) => plumbline.page.getByTestId(testId);
const key = (user: bigint, type: 'int64' | 'int32' = 'int64'): Buffer =>
  Buffer.from(goldenKey('small', [{ name: 'user_id', type, value: user }]));
const sessions = Buffer.from(goldenField('user_daily:sessions'));
const later = Buffer.from(goldenTimestamp(4_102_444_800_000_000n));

async function inBoth(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await plumbline.page.emulateMedia({ colorScheme });
    await plumbline.screenshot(`online-${name}-${colorScheme}`);
  }
}

beforeAll(async () => {
  redis = await startRedis();
  client = bystander(redis.target);
  proxy = await startTcpProxy(redis.target.port);
  small = smallNotebook();
  const text = readFileSync(small.file, 'utf8');
  const write = (file: string, ...features: string[]) =>
    writeFileSync(file, text.replace('features:\n', ['features:', ...features, ''].join('\n')));
  // NULL for some users, and a feature that is gone after the first write
  const rating = '  rating: { type: float64, column: avg_rating }';
  const earlier = join(small.folder, 'earlier.plumb.md');
  write(earlier, rating, '  visits: { type: int32, column: sessions_30d }');
  write(small.file, rating);
  const line = () => {};
  const words = ['run', earlier, '--cell', 'push', '--write', '--redis', `dev=${redis.url}`];
  const [written, launched] = await Promise.all([
    commandLine(words, { line, problem: line, onInterrupt: line }),
    launch({ args: [small.file], size: { width: 1280, height: 1000 }, theme: 'light' }),
  ]);
  expect(written).toBe(0);
  plumbline = launched;
  // a correction, a newer value, another int type, a view of another program, older values, a lost one
  await client.hset(key(42n), sessions, Buffer.from(goldenValue('int32', 999n)));
  await client.hset(key(43n), '_ts:user_daily', later);
  await client.del(key(44n));
  await client.hset(
    key(44n, 'int32'),
    '_ts:user_daily',
    later,
    sessions,
    Buffer.from(goldenValue('int32', 5n)),
  );
  await client.hset(
    key(45n),
    '_ts:theirs',
    later,
    Buffer.from(goldenField('theirs:x')),
    Buffer.from(goldenValue('float64', 1.5)),
  );
  // ours are newer, and have no rating
  for (const user of [46n, 48n])
    await client.hset(
      key(user),
      '_ts:user_daily',
      Buffer.from(goldenTimestamp(1_000_000n)),
      Buffer.from(goldenField('user_daily:rating')),
      Buffer.from(goldenValue('float64', 4.5)),
    );
  await client.hset(
    key(47n),
    Buffer.from(goldenField('user_daily:removed')),
    Buffer.from(goldenValue('int32', 1n)),
  );
  notebook = notebookOf(plumbline);
  await notebook.settled();
});
afterAll(async () => {
  await plumbline.close();
  await proxy.close();
  client.disconnect();
  await redis.stop();
  small.remove();
});

test('a connection of each kind has its own fields, and passwords of their own', async () => {
  await notebook.openConnections();
  await notebook.addConnection({ name: 'dev', host: '127.0.0.1', port: redis.target.port });
  await notebook.addConnection({ name: 'slow', host: '127.0.0.1', port: proxy.port });
  await at('connection-add').click();
  await inBoth('connection-standalone');
  await at('connection-field-kind').selectOption('cluster');
  await at('connection-field-others').fill('127.0.0.1:7001, 127.0.0.1:7002');
  await inBoth('connection-cluster');
  await at('connection-field-kind').selectOption('sentinel');
  await at('connection-save').click();
  await plumbline.page.getByRole('alert').getByText('know the primary by a name').waitFor(PATIENCE);
  await at('connection-field-master').fill('prime');
  await at('connection-field-name').fill('dev');
  await at('connection-save').click();
  await plumbline.page.getByRole('alert').getByText('There is a connection dev already').waitFor(PATIENCE);
  await notebook.saveConnection({
    name: 'watched',
    host: '127.0.0.1',
    port: redis.target.port,
    password: 'own',
  });
  expect(await at('connection-watched').innerText()).toContain('password until you quit');
  await at('connection-watched').getByRole('button', { name: 'Edit' }).click();
  await at('connection-field-sentinelUsername').fill('scout');
  await at('connection-field-sentinelPassword').fill('theirs');
  expect(await at('connection-field-password').getAttribute('placeholder')).toBe('unchanged');
  await inBoth('connection-sentinel');
  await at('connection-field-password').fill('own again');
  await at('connection-save').click();
  await at('connection-form').waitFor({ state: 'detached', ...PATIENCE });
  await at('connection-watched').getByRole('button', { name: 'Edit' }).click();
  expect(await at('connection-field-sentinelUsername').inputValue()).toBe('scout');
  expect(await at('connection-field-sentinelPassword').inputValue()).toBe('');
  expect(await at('connection-field-sentinelPassword').getAttribute('placeholder')).toBe('unchanged');
  await at('connection-form').getByRole('button', { name: 'Cancel' }).click();
  const { ok, text } = await notebook.testConnection('watched');
  // the server that answers is no sentinel
  expect({ ok, text }).toEqual({ ok: false, text: expect.stringContaining('sentinel') });
  await inBoth('connections');
  await notebook.closeDialog();
});

test('the inspector stops while it scans, says so, and can be used again', async () => {
  await client.eval("for i = 1, 300000 do redis.call('SET', 'other:' .. i, '') end", 0);
  proxy.inject(() => ({ kind: 'late', ms: 20 }));
  await notebook.command('redis.inspect');
  await at('dialog-inspect').getByRole('combobox').selectOption('slow');
  await at('inspect-limit').fill('1,000,000');
  await at('inspect-run').click();
  await at('inspect-progress')
    .getByText(/^looking at keys: [\d,]+ of 30\d,\d{3}$/)
    .waitFor(PATIENCE);
  await inBoth('inspect-running');
  await at('inspect-stop').click();
  await at('inspect-stopped').waitFor(PATIENCE);
  expect(await at('inspect-progress').count()).toBe(0);
  expect(await at('inspect-looked').count()).toBe(0);
  const scans = async () => /cmdstat_scan:calls=(\d+)/.exec(await client.info('commandstats'))?.[1];
  const before = await scans();
  expect(Number(before)).toBeGreaterThan(0);
  expect(Number(before)).toBeLessThan(600);
  await inBoth('inspect-stopped');
  await at('dialog-inspect').getByRole('combobox').selectOption('dev');
  expect(await scans()).toBe(before);
  await at('inspect-run').click();
  await at('inspect-looked').waitFor(PATIENCE);
  expect(await at('inspect-stopped').count()).toBe(0);
  expect(await at('inspect-looked').innerText()).toContain('300,000 keys are not Feast’s');
  await client.eval("for i = 1, 300000 do redis.call('DEL', 'other:' .. i) end", 0);
});

test('the inspector’s store, entity and comparison', async () => {
  await at('inspect-run').click();
  await at('inspect-looked')
    .getByText('not Feast')
    .waitFor({ state: 'detached', ...PATIENCE });
  await inBoth('inspect-store');
  await at('inspect-entity').fill('user_id=45');
  await at('inspect-run').click();
  await at('inspect-entities').getByText('user_id 45', { exact: true }).waitFor(PATIENCE);
  await at('inspect-values').scrollIntoViewIfNeeded();
  await inBoth('inspect-entity');
  await at('inspect-entity').fill('');
  await at('inspect-compare-user_daily').click();
  await at('inspect-difference').waitFor(PATIENCE);
  await inBoth('inspect-difference');
  await notebook.closeDialog();
});

test('the dry run with findings, the refusal, the write and its receipt', async () => {
  await notebook.runToEnd('push');
  const result = notebook.part('push', 'result');
  const told = await result.innerText();
  expect(told).toMatch(/NULL over a value\s+2\s/);
  expect(told).toMatch(/fields of removed features\s+1,597\s/);
  await result.getByRole('button', { name: 'Samples' }).click();
  await result.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await inBoth('dry-run');
  await result.evaluate((element) => element.scrollIntoView({ block: 'end' }));
  await inBoth('dry-run-samples');
  // a server that would refuse is not asked about
  await answerDialogs(plumbline, [1]);
  await client.config('SET', 'maxmemory', '1kb');
  await notebook.part('push', 'materialize').click();
  expect(await notebook.error('push')).toMatchObject({ code: 'redis.needs_user' });
  expect(await dialogTexts(plumbline)).toEqual([]);
  await notebook.part('push', 'error').scrollIntoViewIfNeeded();
  await inBoth('refused');
  await client.config('SET', 'maxmemory', '0');
  await notebook.runToEnd('push');
  await notebook.part('push', 'materialize').click();
  await result.getByText('Every hash was read back and is equal.').waitFor(PATIENCE);
  expect(await dialogTexts(plumbline)).toHaveLength(1);
  await notebook.part('push', 'receipt').scrollIntoViewIfNeeded();
  await inBoth('receipt');
});

test('the lookup cell and dialog', async () => {
  await notebook.runToEnd('look');
  await notebook.part('look', 'result').evaluate((element) => element.scrollIntoView({ block: 'end' }));
  await inBoth('lookup-cell');
  await notebook.command('redis.lookup');
  await at('lookup-entities').fill('42\n999999');
  await at('lookup-run').click();
  await at('lookup-result').waitFor(PATIENCE);
  await inBoth('lookup-dialog');
  await notebook.closeDialog();
});

test('the Feast export', async () => {
  await notebook.command('feast.export');
  await inBoth('feast');
  await at('feast-run').click();
  await at('feast-done').waitFor(PATIENCE);
  expect(await at('feast-done').innerText()).toMatch(/user_daily\s+[\d,]+\s+all rows/);
  await inBoth('feast-done');
  await notebook.closeDialog();
  expect(plumbline.problems).toEqual([]);
});
