import type { Redis } from 'ioredis';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allHashes, bystander } from '../engine/testing/online-job';
import { startRedis, type TestRedis } from '../engine/testing/redis-server';
import { answerDialogs, dialogTexts, launch, type Launched } from './fixture';
import { goldenField, goldenKey, goldenTimestamp, goldenValue } from './golden-encoder';
import { goldenSnapshot, type GoldenSnapshot } from './golden-snapshot';
import { notebookOf, PATIENCE } from './notebook-driver';

/** From the sample to Redis and back, on the screen. Each test goes on where the one before ended. */

let redis: TestRedis;
let client: Redis;
let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
let golden: GoldenSnapshot;
beforeAll(async () => {
  redis = await startRedis();
  client = bystander(redis.target);
  golden = await goldenSnapshot();
  plumbline = await launch({ size: { width: 1280, height: 900 } });
  notebook = notebookOf(plumbline);
  await notebook.ready();
});
afterAll(async () => {
  await plumbline.close();
  client.disconnect();
  await redis.stop();
});

const hex = (bytes: Buffer) => bytes.toString('hex');

test('the golden encoder gives the bytes that Feast published', () => {
  expect(hex(goldenKey('test', [{ name: 'entity', type: 'int32', value: 1n }]))).toBe(
    '01000000020000000600000065' + '6e74697479030000000400000001000000' + '74657374',
  );
  expect(hex(goldenField('feature_view_1:feature_10'))).toBe('266d5f39');
  expect(hex(goldenField('feature_view_1:feature_11'))).toBe('c3379abf');
  expect(hex(goldenField('feature_view_1:feature_12'))).toBe('7772b564');
  expect(hex(goldenField('feature_view_1:my-feature-view:feature1'))).toBe('5369864a');
  expect(hex(goldenValue('float32', 0.9273980259895325))).toBe('35f5696d3f');
  expect(hex(goldenValue('int32', -7n))).toBe('18f9ffffffffffffffff01');
  expect(hex(goldenTimestamp(1_705_321_800_123_456n))).toBe('08c8ca94ad06108094ef3a');
});

test('without a connection the cell says which one it misses', async () => {
  expect(await notebook.kind('dev')).toBe('idle');
  await notebook.run('dev');
  expect(await notebook.error('dev')).toMatchObject({
    code: 'redis.unknown_connection',
    message: expect.stringContaining('dev'),
    hint: expect.stringContaining('Redis connections'),
  });
});

test('a connection is added and tested in its dialog', async () => {
  await notebook.openConnections();
  await notebook.addConnection({ name: 'dev', host: '127.0.0.1', port: redis.target.port });
  const { ok, text } = await notebook.testConnection('dev');
  expect({ ok, text }).toEqual({ ok: true, text: expect.stringMatching(/^Redis 7\..*, master, 0 keys, /) });
  await plumbline.screenshot('redis-connections');
  await notebook.closeDialog();
  expect(await client.dbsize()).toBe(0);
});

test('the dry run counts and writes nothing', async () => {
  await notebook.runToEnd('dev');
  expect(await notebook.counts('dev')).toEqual({
    added: golden.pairs,
    changed: 0,
    skipped_older: 0,
    skipped_equal: 0,
    null_overwrites: 0,
  });
  expect(await notebook.part('dev', 'result').innerText()).toContain('nothing was written');
  expect(await client.dbsize()).toBe(0);
  await plumbline.screenshot('materialize-dry-run');
});

test('a no in the dialog writes nothing and says so', async () => {
  await answerDialogs(plumbline, [0]);
  await notebook.part('dev', 'materialize').click();
  expect(await notebook.error('dev')).toMatchObject({
    code: 'redis.consent',
    message: expect.stringContaining('Nothing was written'),
  });
  const [question, ...more] = await dialogTexts(plumbline);
  expect(more).toEqual([]);
  for (const named of [`127.0.0.1:${redis.target.port}`, 'database 0', 'streamrec', 'user_engagement'])
    expect(question).toContain(named);
  expect(question).toContain(`Added: ${golden.pairs.toLocaleString('en-US')}`);
  expect(await client.dbsize()).toBe(0);
});

test('a yes writes, with progress and a receipt', async () => {
  await notebook.runToEnd('dev');
  await answerDialogs(plumbline, [1]);
  const noted = await notebook.noteStates('dev');
  await notebook.part('dev', 'materialize').click();
  await notebook.part('dev', 'result').getByText('Every hash was read back and is equal.').waitFor(PATIENCE);
  expect(await noted()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^(encoding|comparing|writing|reading back).* rows, /)]),
  );
  expect(await notebook.counts('dev')).toMatchObject({ added: golden.pairs, changed: 0 });
  expect(await dialogTexts(plumbline)).toHaveLength(1);
  await plumbline.screenshot('materialize-receipt');
});

test('Redis holds every hash, byte for byte, and nothing else', async () => {
  const found = await allHashes(client);
  expect(Object.keys(found)).toHaveLength(Object.keys(golden.hashes).length);
  expect(found).toEqual(golden.hashes);
});

test('a second dry run skips all as equal and offers no write', async () => {
  await notebook.runToEnd('dev');
  await expect
    .poll(() => notebook.counts('dev'), PATIENCE)
    .toEqual({ added: 0, changed: 0, skipped_older: 0, skipped_equal: golden.pairs, null_overwrites: 0 });
  expect(await notebook.part('dev', 'materialize').isDisabled()).toBe(true);
});

test('the lookup shows the stored values with status, age and latency', async () => {
  await notebook.runToEnd('one_user');
  const rows = notebook.part('one_user', 'result').locator('tbody tr');
  const shown = await rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? '')),
  );
  const expected = [42n, 9007199254740993n].flatMap((user) => [
    [`user_id ${user}`],
    ...(
      [
        ['user_engagement', 'user_7d_completion_rate', '0', 'none'],
        ['user_engagement', 'user_last_category', 'unknown', 'none'],
        ['user_daily', 'user_tier', 'free', '2 d'],
        ['user_daily', 'user_sessions_30d', '0', '2 d'],
      ] as const
    ).map(([view, feature, standIn, ttl]) => {
      const value = golden.value(view, user, feature);
      const status = view === 'user_daily' ? 'expired' : value === null ? 'NULL stored' : 'present';
      return [
        `${view}:${feature}`,
        // What has expired is not served: its default stands in.
        status === 'present' ? String(value) : standIn,
        status === 'present' ? status : `${status}, default used`,
        expect.stringMatching(/^\d+ d( \d+ h)?$/),
        ttl,
      ];
    }),
  ]);
  expect(shown).toEqual(expected);
  for (const quantile of ['p50', 'p95', 'p99'])
    expect(
      await notebook.part('one_user', 'result').locator(`[data-latency=${quantile}]`).innerText(),
    ).toMatch(/\d+\.\d\d ms/);
  await notebook.part('one_user', 'result').evaluate((result) => result.scrollIntoView({ block: 'end' }));
  await plumbline.screenshot('lookup');
});

test('a value that another program wrote is shown before and after', async () => {
  const key = goldenKey('streamrec', [{ name: 'user_id', type: 'int64', value: 42n }]);
  await client.callBuffer(
    'HSET',
    key,
    '_ts:user_engagement',
    goldenTimestamp(1_741_000_000_000_000n),
    goldenField('user_engagement:user_7d_completion_rate'),
    goldenValue('float64', 0.125),
    goldenField('user_engagement:user_last_category'),
    goldenValue('string', 'weather'),
  );
  await notebook.runToEnd('dev');
  await expect
    .poll(() => notebook.counts('dev'), PATIENCE)
    .toMatchObject({ added: 0, changed: 1, skipped_equal: golden.pairs - 1 });
  await notebook.part('dev', 'result').getByRole('button', { name: 'Samples' }).click();
  const sample = notebook
    .part('dev', 'result')
    .getByRole('row', { name: /user_7d_completion_rate/ })
    .first();
  await sample.waitFor(PATIENCE);
  expect(await sample.innerText()).toContain('0.125');
  expect(await sample.innerText()).toContain(
    String(golden.value('user_engagement', 42n, 'user_7d_completion_rate')),
  );
  await plumbline.screenshot('materialize-samples');
  await notebook.part('dev', 'materialize').click();
  await notebook.part('dev', 'result').getByText('Every hash was read back and is equal.').waitFor(PATIENCE);
  expect(await allHashes(client)).toEqual(golden.hashes);
});

test('nothing went wrong in the page, and nothing left the machine', () => {
  expect(plumbline.problems).toEqual([]);
});

test('a local Redis starts with one press, takes a write, and ends with the app', async () => {
  const own = await launch({ size: { width: 1280, height: 900 } });
  const screen = notebookOf(own);
  let port: number;
  try {
    await screen.ready();
    await screen.openConnections();
    await own.page.getByTestId('connection-start-local').click();
    const outcome = own.page.getByTestId('connection-dev-outcome');
    await outcome.getByText(/Redis 7\..*, 0 keys/).waitFor(PATIENCE);
    const address = await own.page.getByTestId('connection-dev').locator('.code').innerText();
    port = Number(address.split(':')[1]);
    await screen.closeDialog();
    await answerDialogs(own, [1]);
    await screen.runToEnd('dev');
    await screen.part('dev', 'materialize').click();
    await screen.part('dev', 'result').getByText('Every hash was read back and is equal.').waitFor(PATIENCE);
    const local = bystander({ ...redis.target, port });
    expect(await local.dbsize()).toBe(Object.keys(golden.hashes).length);
    local.disconnect();
  } finally {
    await own.close();
  }
  const refused = new Promise((outcome) =>
    connect(port, '127.0.0.1').on('error', outcome).on('connect', outcome),
  );
  expect(await refused).toMatchObject({ code: 'ECONNREFUSED' });
});
