import type { Redis } from 'ioredis';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { goldenKey } from './golden-encoder';
import { bystander } from '../engine/testing/online-job';
import { startRedis, type TestRedis } from '../engine/testing/redis-server';
import { answerDialogs, launch, type Launched } from './fixture';
import { notebookOf, PATIENCE } from './notebook-driver';
import { smallNotebook, type SmallNotebook } from './small-notebook';

/** What the screen says when Redis, or the process that talks to it, is gone; and that all goes on afterwards. */

let redis: TestRedis;
let workspace: SmallNotebook;
let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
beforeEach(async () => {
  redis = await startRedis();
  workspace = smallNotebook();
  plumbline = await launch({ args: [workspace.file], size: { width: 1280, height: 900 } });
  notebook = notebookOf(plumbline);
  await notebook.settled();
  await notebook.openConnections();
  await notebook.addConnection({ name: 'dev', host: '127.0.0.1', port: redis.target.port });
  await notebook.closeDialog();
});
afterEach(async () => {
  await plumbline.close();
  await redis.stop();
  workspace.remove();
});

async function writes(): Promise<void> {
  await notebook.runToEnd('push');
  await notebook.part('push', 'materialize').click();
  await notebook.part('push', 'result').getByText('Every hash was read back and is equal.').waitFor(PATIENCE);
}

async function onServer<T>(act: (client: Redis) => Promise<T>): Promise<T> {
  const client = bystander(redis.target);
  try {
    return await act(client);
  } finally {
    client.disconnect();
  }
}

/** Main's process id of the process that talks to Redis, ended at once. */
async function killService(): Promise<void> {
  const killed = await plumbline.app.evaluate(({ app }) => {
    const service = app.getAppMetrics().find(({ name }) => name === 'Plumbline Redis');
    return service !== undefined && process.kill(service.pid, 'SIGKILL');
  });
  expect(killed).toBe(true);
}

test('a Redis that is gone is told with a way out, other cells run, and its return is enough', async () => {
  const { port } = redis.target;
  await answerDialogs(plumbline, [1]);
  await redis.stop();
  await notebook.run('push');
  expect(await notebook.error('push')).toMatchObject({
    code: 'redis.unreachable',
    message: expect.stringContaining(`127.0.0.1:${port}`),
    hint: expect.stringContaining('running'),
  });
  await notebook.run('look');
  expect(await notebook.error('look')).toMatchObject({ code: 'redis.unreachable' });
  await plumbline.screenshot('redis-unreachable');
  await notebook.openConnections();
  expect(await notebook.testConnection('dev')).toMatchObject({
    ok: false,
    text: expect.stringContaining(`There is no Redis at`),
  });
  await notebook.closeDialog();
  expect(await notebook.runToEnd('days')).toContain('fresh');

  redis = await startRedis({ port });
  await writes();
  await notebook.runToEnd('look');
  expect(await notebook.part('look', 'result').innerText()).toContain('present');
});

test('a Redis that dies between the yes and the write leaves a typed error and nothing half done', async () => {
  const { port, host } = redis.target;
  await notebook.runToEnd('push');
  // Main's dialog is where the user hesitates; the server dies meanwhile.
  const asked = plumbline.app.evaluate(({ dialog }) => {
    return new Promise<void>((opened) => {
      dialog.showMessageBox = (() => {
        opened();
        return new Promise((answer) => {
          globalThis.plumblineAnswer = () => answer({ response: 1, checkboxChecked: false });
        });
      }) as typeof dialog.showMessageBox;
    });
  });
  await notebook.part('push', 'materialize').click();
  await asked;
  await redis.stop();
  await plumbline.app.evaluate(() => globalThis.plumblineAnswer?.());
  const { code, hint } = await notebook.error('push');
  expect(code).toMatch(/^redis\.(unreachable|retryable)$/);
  expect(hint).not.toBe('');
  expect(await notebook.runToEnd('days')).toContain('fresh');

  redis = await startRedis({ port });
  expect(redis.target).toMatchObject({ host, port });
  await answerDialogs(plumbline, [1]);
  await writes();
  expect(await onServer((client) => client.dbsize())).toBeGreaterThan(1_000);
});

test('a Redis that dies in the middle of the write is told; writing again completes it', async () => {
  const { port } = redis.target;
  await notebook.runToEnd('push');
  await answerDialogs(plumbline, [1]);
  const client = bystander(redis.target);
  // Writes are held back and reads are not: the server dies with the first write in its hands.
  await client.call('CLIENT', 'PAUSE', '60000', 'WRITE');
  const clients = async () => String(await client.call('CLIENT', 'LIST'));
  await notebook.part('push', 'materialize').click();
  await expect.poll(clients, PATIENCE).toMatch(/flags=b/);
  client.disconnect();
  await redis.stop();
  const { code, hint } = await notebook.error('push');
  expect(code).toMatch(/^redis\.(unreachable|retryable)$/);
  expect(hint).not.toBe('');

  redis = await startRedis({ port });
  await writes();
  const key = goldenKey('small', [{ name: 'user_id', type: 'int64', value: 42n }]);
  expect(await onServer((one) => one.exists(key))).toBe(1);
});

test('when the process that talks to Redis is killed, the next run starts it again', async () => {
  await answerDialogs(plumbline, [1]);
  await writes();
  await killService();
  await notebook.runToEnd('look');
  expect(await notebook.part('look', 'result').innerText()).toContain('present');

  // In the middle of a call: a server that takes the connection and never answers.
  const silent = createServer();
  const connected = new Promise((resolve) => silent.once('connection', resolve));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  await leadTo((silent.address() as AddressInfo).port);
  await notebook.run('look');
  await connected;
  await killService();
  expect(await notebook.error('look')).toMatchObject({
    code: 'redis.retryable',
    message: expect.stringContaining('ended unexpectedly'),
    hint: expect.stringContaining('starts again by itself'),
  });
  await plumbline.screenshot('redis-process-died');
  silent.close();
  await leadTo(redis.target.port);
  await notebook.runToEnd('look');
  expect(await notebook.part('look', 'result').innerText()).toContain('present');
});

/** Edits the connection. */
async function leadTo(port: number): Promise<void> {
  await notebook.openConnections();
  await plumbline.page.getByTestId('connection-dev').getByRole('button', { name: 'Edit' }).click();
  await notebook.saveConnection({ name: 'dev', port });
  await notebook.closeDialog();
}

declare global {
  /** In main: gives the answer of the dialog that a test keeps open. */
  var plumblineAnswer: (() => void) | undefined;
}
