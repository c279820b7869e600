import { nodeRecords } from '../node/record-files';
import { createOnlineHost } from '../node/redis-host';
import { CRASH_JOB, crashRows } from './crash-write';
import { userRows } from './online-job';
import { faultyEffects } from './write-faults';

/**
 * A process that writes the rows of `crash-write.ts` with its records in a folder, and kills itself without warning at a
 * step of its work on files: `writer-child.ts FOLDER REDIS-URL STEP`. It prints a line when the write begins.
 */
const [folder = '', url = '', step = ''] = process.argv.slice(2);
const { effects } = faultyEffects(Infinity, 'fails', (now) => {
  if (now === 0) process.stdout.write('begun\n');
  if (now === Number(step)) process.kill(process.pid, 'SIGKILL');
});
await createOnlineHost(() => url, { records: nodeRecords(folder, effects) }).materialize(
  CRASH_JOB,
  userRows(CRASH_JOB, crashRows()),
  { write: true },
);
