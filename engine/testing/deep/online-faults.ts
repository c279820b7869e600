import { buildSync } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeRecords } from '../../node/record-files';
import { createOnlineHost } from '../../node/redis-host';
import { CRASH_JOB, crashBefore, crashRows, crashWrite } from '../crash-write';
import { allHashes, bystander, userRows } from '../online-job';
import { startRedis, type TestRedis } from '../redis-server';
import { expectEqual, randomFrom, soakRivals, soakWrite } from '../write-soak';

export interface OnlineFaultOptions {
  /** Connection faults to inject. */
  faults: number;
  /** Kills at random times. */
  kills: number;
  seed: number;
  print(line: string): void;
}

/**
 * Writes to a real Redis: over a bad connection, by two writers at once, and by processes that are killed at every step
 * of their work on files and at random times. Throws at the first lost, partial or rolled-back entity, open promise or
 * end that is not the uninterrupted write's.
 */
export async function soakOnline(options: OnlineFaultOptions): Promise<void> {
  const redis = await startRedis();
  try {
    await soakConnections(redis, options);
    await soakKills(redis, options);
  } finally {
    await redis.stop();
  }
}

async function soakConnections(redis: TestRedis, { faults, seed, print }: OnlineFaultOptions): Promise<void> {
  const sum = { faults: 0, writes: 0, stopped: 0, slowest: 0 };
  for (let round = 0; sum.faults < faults; round++) {
    const act = round % 4 === 3 ? soakRivals : soakWrite;
    const started = Date.now();
    const outcome = await act(seed + round, redis);
    sum.slowest = Math.max(sum.slowest, (Date.now() - started) / outcome.writes);
    sum.faults += outcome.faults;
    sum.writes += outcome.writes;
    sum.stopped += outcome.codes.length;
    if (round % 20 === 19) print(line(sum));
  }
  print(line(sum));
}

const line = (sum: { faults: number; writes: number; stopped: number; slowest: number }): string =>
  `${sum.faults} faults, ${sum.writes} writes, ${sum.stopped} typed errors, 0 lost, 0 partial, 0 rolled back, 0 open promises; slowest round ${Math.round(sum.slowest)} ms a write`;

async function soakKills(redis: TestRedis, { kills, seed, print }: OnlineFaultOptions): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'plumbline-kills-'));
  const client = bystander(redis.target);
  const program = join(home, 'writer.mjs');
  const source = join(import.meta.dirname, '../writer-child.ts');
  // one file starts in a fraction of the time that tsx takes
  const banner =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  buildSync({
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    banner: { js: banner },
  });
  const write = (folder: string) =>
    createOnlineHost(() => redis.target, { records: nodeRecords(folder) }).materialize(
      CRASH_JOB,
      userRows(CRASH_JOB, crashRows()),
      { write: true },
    );
  const lay = async (): Promise<void> => {
    await client.flushall();
    const before = userRows(CRASH_JOB, crashBefore());
    await createOnlineHost(() => redis.target).materialize(CRASH_JOB, before, { write: true });
  };
  const smooth = await mkdtemp(join(home, 'smooth-'));
  await lay();
  await write(smooth);
  const whole = await allHashes(client);
  const random = randomFrom(seed);
  let killed = 0;
  let ended = 0;
  const once = async (how: { step?: number; after?: number }): Promise<boolean> => {
    const folder = await mkdtemp(join(home, 'kill-'));
    await lay();
    const signal = await crashWrite({ folder, url: redis.url, program: [program], ...how });
    if (signal !== 'SIGKILL' && signal !== 0) throw new Error(`the writer ended with ${signal}`);
    if (signal === 'SIGKILL') killed++;
    else ended++;
    const result = await write(folder);
    if (result.verified !== true) throw new Error('what was written did not read back equal');
    expectEqual(await allHashes(client), whole, `killed ${JSON.stringify(how)}`);
    await rm(folder, { recursive: true });
    return signal === 'SIGKILL';
  };
  try {
    let steps = 0;
    while (await once({ step: steps })) steps++;
    print(`killed at each of ${steps} steps of its work on files: the store ended as uninterrupted`);
    const before = killed;
    ended = 0;
    while (killed - before < kills) await once({ after: random() * 80 });
    print(
      `killed at ${kills} random times (${ended} more had ended before): the store ended as uninterrupted`,
    );
  } finally {
    client.disconnect();
    await rm(home, { recursive: true, force: true });
  }
}
