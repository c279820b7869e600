import { runBackfill } from '../backfill/backfill';
import { NodeWorkspaceFiles } from '../node/workspace-files';
import { openNodeHost } from '../node/host';
import { BACKFILL_EVENTS, planOfEvents } from './backfill-events';
import { faultyEffects } from './write-faults';

/**
 * A process that runs the backfill of the events into a folder and kills itself without warning at a step of its file
 * work: `backfill-child.ts FOLDER STEP`. It prints a line per file that is whole.
 */
const [folder = '', step = ''] = process.argv.slice(2);
const host = await openNodeHost(folder);
await host.database.query(BACKFILL_EVENTS);
const { effects } = faultyEffects(Infinity, 'fails', (now) => {
  if (now === Number(step)) process.kill(process.pid, 'SIGKILL');
});
const files = await NodeWorkspaceFiles.open(folder, { effects });
const plan = await planOfEvents(host.database);
let whole = 0;
await runBackfill({ ...host, files }, plan, {
  folder: plan.backfill.out,
  write: true,
  onProgress({ partitions = [] }) {
    const now = partitions.filter(({ state }) => state === 'written').length;
    if (now > whole) process.stdout.write(`${now}\n`);
    whole = now;
  },
});
await host.close();
