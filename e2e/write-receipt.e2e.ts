import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeRecords } from '../engine/node/record-files';
import { describeTarget } from '../engine/node/redis-target';
import { encodeJournal } from '../engine/online/journal';
import { recordPlace } from '../engine/online/record-place';
import { startRedis, type TestRedis } from '../engine/testing/redis-server';
import { answerDialogs, dialogTexts, launch, type Launched } from './fixture';
import { notebookOf, PATIENCE } from './notebook-driver';
import { smallNotebook, type SmallNotebook } from './small-notebook';

/** What a write leaves in the workspace, seen after a restart of the app. */

let redis: TestRedis;
let workspace: SmallNotebook;
let plumbline: Launched;
beforeEach(async () => {
  redis = await startRedis();
  workspace = smallNotebook();
});
afterEach(async () => {
  await plumbline.close();
  await redis.stop();
  workspace.remove();
});

const size = { width: 1280, height: 1000 };
const start = async (options: Partial<Parameters<typeof launch>[0]> = {}) => {
  plumbline = await launch({ args: [workspace.file], size, ...options });
  const notebook = notebookOf(plumbline);
  await notebook.settled();
  return notebook;
};

/** Leaves the journal of a write that stopped after two rows, of a plan that nobody can make again. */
async function leaveJournal(): Promise<void> {
  const counts = { skipped_older: 0, skipped_equal: 0, equal_differs: 0, null_overwrites: 0, bytes: 100 };
  const head = { run: 'x', startedAt: '2026-01-02T03:04:05.000Z', digest: 'none', rows: 5_000, counts };
  const journal = { head, outcomes: [Uint8Array.of(0, 0)], acknowledged: new Map([[0, 'ww']]) };
  const { journal: pathOf } = recordPlace('small', describeTarget(redis.target));
  await nodeRecords(workspace.folder).write(pathOf('push'), encodeJournal(journal));
}

test('the receipt is there after a restart, and an interrupted write is told and given up', async () => {
  let notebook = await start();
  await notebook.openConnections();
  await notebook.addConnection({ name: 'dev', host: '127.0.0.1', port: redis.target.port });
  await notebook.closeDialog();
  await answerDialogs(plumbline, [1]);
  await notebook.runToEnd('push');
  await notebook.part('push', 'materialize').click();
  await notebook.part('push', 'result').getByText('Every hash was read back and is equal.').waitFor(PATIENCE);
  const receipt = await notebook.part('push', 'receipt').innerText();
  expect(receipt).toContain(`127.0.0.1:${redis.target.port}, database 0, project small`);
  const { userData } = plumbline;
  await plumbline.close({ keep: true });
  await leaveJournal();

  notebook = await start({ userData, theme: 'dark' });
  await notebook.part('push', 'receipt').waitFor(PATIENCE);
  expect(await notebook.part('push', 'receipt').innerText()).toBe(receipt);
  await notebook.part('push', 'receipt').scrollIntoViewIfNeeded();
  await plumbline.screenshot('receipt-after-restart');

  await notebook.runToEnd('push');
  const result = notebook.part('push', 'result');
  await result.getByText('stopped after 2 of 5,000 rows').waitFor(PATIENCE);
  await notebook.part('push', 'materialize').scrollIntoViewIfNeeded();
  await plumbline.screenshot('write-interrupted');
  expect(await notebook.part('push', 'materialize').innerText()).toContain('Give up the interrupted write');
  await answerDialogs(plumbline, [0]);
  await notebook.part('push', 'materialize').click();
  expect(await notebook.error('push')).toMatchObject({ code: 'redis.consent' });
  expect(await dialogTexts(plumbline)).toEqual([
    expect.stringContaining('Give up the interrupted write of push?'),
  ]);
  await notebook.runToEnd('push');
  await result.getByText('stopped after 2 of 5,000 rows').waitFor(PATIENCE);
  await answerDialogs(plumbline, [1, 1]);
  await notebook.part('push', 'materialize').click();
  await result.getByText('Every hash was read back and is equal.').waitFor(PATIENCE);
  const [, question] = await dialogTexts(plumbline);
  expect(question).toContain('This gives up the write of 2026-01-02T03:04:05.000Z');
});
