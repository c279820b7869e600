import type { Redis } from 'ioredis';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlumblineError } from '../errors';
import { nodeRecords } from '../node/record-files';
import { createOnlineHost } from '../node/redis-host';
import type { MaterializeResult } from '../results';
import { CRASH_JOB, crashBefore, crashRows, crashWrite } from '../testing/crash-write';
import { allHashes, bystander, userRows } from '../testing/online-job';
import { startRedis, type TestRedis } from '../testing/redis-server';
import { faultyEffects } from '../testing/write-faults';
import { RECORDS_FOLDER } from './record-place';
import type { RecordFiles } from './record-files';

let redis: TestRedis;
let client: Redis;
let folder: string;
let whole: Record<string, Record<string, string>>;

const write = (records: RecordFiles): Promise<MaterializeResult> =>
  createOnlineHost(() => redis.target, { records }).materialize(CRASH_JOB, userRows(CRASH_JOB, crashRows()), {
    write: true,
  });
/** The store as it is before each write. */
async function lay(): Promise<void> {
  await client.flushall();
  const before = userRows(CRASH_JOB, crashBefore());
  await createOnlineHost(() => redis.target).materialize(CRASH_JOB, before, { write: true });
}

beforeAll(async () => {
  redis = await startRedis();
  client = bystander(redis.target);
  folder = await mkdtemp(join(tmpdir(), 'plumbline-crash-write-'));
  await lay();
  await write(nodeRecords(folder));
  whole = await allHashes(client);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  await rm(folder, { recursive: true, force: true });
  folder = await mkdtemp(join(tmpdir(), 'plumbline-crash-write-'));
  return () => rm(folder, { recursive: true, force: true });
});

/** Goes on after whatever happened, to what an uninterrupted write gives. */
async function expectGoesOn(): Promise<void> {
  const result = await write(nodeRecords(folder));
  expect(result).toMatchObject({ skipped_older: 100, verified: true });
  // written whole before it ended, or only now: then the journal knew which rows are its own
  if (result.receipt?.resumed) expect(result).toMatchObject({ added: 1_900, changed: 200, skipped_equal: 0 });
  expect(await allHashes(client)).toEqual(whole);
  const [place = ''] = await readdir(join(folder, RECORDS_FOLDER));
  const kept = (await readdir(join(folder, RECORDS_FOLDER, place))).sort();
  expect(kept).toEqual([expect.stringMatching(/^push-\w+\.receipts\.json$/), 'state.json']);
}

describe('a writing process that ends anywhere', () => {
  /** Meets a fault at one step after the other, until there is none left; how many there are depends on what is noted together. */
  const atSteps = async (
    fault: 'dies' | 'fails',
    stride: number,
    check: (stopped: unknown) => void,
  ): Promise<void> => {
    for (let at = 0; ; at += stride) {
      await lay();
      const { effects, steps } = faultyEffects(at, fault);
      const stopped = await write(nodeRecords(folder, effects)).catch((thrown: unknown) => thrown);
      if (steps() <= at) {
        expect(stopped).toMatchObject({ verified: true });
        expect(at).toBeGreaterThan(20);
        return;
      }
      check(stopped);
      await expectGoesOn();
      await rm(join(folder, '.plumbline'), { recursive: true });
    }
  };

  it('is gone on with: every step of its work on files dies', () =>
    atSteps('dies', 1, (stopped) => expect(stopped).toBeInstanceOf(PlumblineError)));

  it('says that the disk is full, and is gone on with: every fourth step of its work on files fails', () =>
    atSteps('fails', 4, (stopped) =>
      expect(stopped).toMatchObject({ code: 'file.no_space', hint: expect.any(String) }),
    ));

  it.each([3, 9, 14])('is gone on with after kill -9 at step %i, its lock taken over', async (step) => {
    await lay();
    expect(await crashWrite({ folder, url: redis.url, step })).toBe('SIGKILL');
    await expectGoesOn();
  });

  it('is gone on with after kill -9 from outside', async () => {
    await lay();
    expect(await crashWrite({ folder, url: redis.url, after: 3 })).toBe('SIGKILL');
    await expectGoesOn();
  });

  it('holds its cell as long as it lives', async () => {
    const records = nodeRecords(folder);
    const release = await records.lock('a/b.lock');
    await expect(records.lock('a/b.lock')).rejects.toMatchObject({ code: 'online.write_running' });
    await release();
    await (
      await records.lock('a/b.lock')
    )();
  });
});
