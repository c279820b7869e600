import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisOpener } from '../node/redis-connection';
import { openLink } from '../node/redis-host';
import { allHashes, bystander, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { startRedis, type TestRedis } from '../testing/redis-server';
import { dryRun } from './dry-run';
import { memoryRecords } from './memory-records';
import { readState } from './online-state';
import { planMaterialization } from './plan';
import type { OpenRedis, RedisCommand } from './redis-commands';
import { RedisLink, type LinkOptions, type SendResult } from './redis-link';
import { writePlan } from './write-plan';

const job = jobOf(userView('stats', { clicks: 'int64' }));
const rows: UserRow[] = Array.from({ length: 1_500 }, (_, i) => [BigInt(i), 1_000n, BigInt(i)]);

/** Other keys in the database, so that loading it goes on until it is hurried. */
const FILLER = 3_000;
/** Microseconds per key: the whole takes far longer than a write waits. */
const SLOW = ['--key-load-delay', '10000', '--loading-process-events-interval-bytes', '1024'];

interface Restarting {
  /** Lets the server load the rest at once, and waits until it has. */
  loaded(): Promise<void>;
}

/** A link on which something happens before its third sending of the write script, when the second is answered. */
class LinkWithStop extends RedisLink {
  private scripts = 0;
  private before: Promise<unknown> = Promise.resolve();

  constructor(
    open: OpenRedis,
    options: LinkOptions,
    private readonly stop: () => Promise<void>,
  ) {
    super(open, options);
  }

  override async send(commands: readonly RedisCommand[], script?: string): Promise<SendResult> {
    if (script === undefined) return super.send(commands);
    if (++this.scripts === 3) await this.before.then(() => this.stop());
    const sending = super.send(commands, script);
    this.before = sending;
    return sending;
  }
}

describe('a write to a server that restarts and loads its data', () => {
  let folder: string;
  let redis: TestRedis;
  let client: Redis;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-loading-'));
    redis = await startRedis({ settings: ['--dir', folder] });
    client = bystander(redis.target);
  });
  afterEach(async () => {
    client.disconnect();
    await redis.stop();
    await rm(folder, { recursive: true });
  });

  const compared = async () => {
    const link = openLink(redis.target);
    const plan = await planMaterialization(job, userRows(job, { stats: rows }));
    const state = await readState(memoryRecords(), '', job.project, '');
    return dryRun(plan, link, state).finally(() => link.close());
  };

  const fill = async () => {
    const pipeline = client.pipeline();
    for (let i = 0; i < FILLER; i++) pipeline.hset(`filler ${i}`, 'field', 'x'.repeat(100));
    await pipeline.exec();
  };

  /** What a server says, be it loading or not. */
  const ask = async (...command: [string, ...string[]]): Promise<string> => {
    try {
      const connection = await redisOpener(redis.target)();
      const [reply] = await connection.send([command]).finally(() => connection.close());
      if (reply === undefined || 'error' in reply) return reply?.error.message ?? '';
      return reply.value instanceof Uint8Array ? new TextDecoder().decode(reply.value) : String(reply.value);
    } catch (thrown) {
      return String(thrown);
    }
  };
  const hurry = () => ask('CONFIG', 'SET', 'key-load-delay', '0');

  /** Starts the server anew from what it saved; resolves when it says that it is loading. */
  const restart = async (): Promise<Restarting> => {
    await client.save();
    client.disconnect();
    await redis.stop();
    const back = startRedis({ port: redis.target.port, settings: ['--dir', folder, ...SLOW] });
    await expect.poll(() => ask('PING'), { timeout: 10_000 }).toMatch(/^LOADING/);
    return {
      loaded: async () => {
        await hurry();
        redis = await back;
        client = bystander(redis.target);
      },
    };
  };

  /** Writes to a filled server, which restarts from its own file as the script is about to go out for the third batch. */
  async function interrupted(giveUpAfter: number, loading: () => Promise<unknown>) {
    await fill();
    const smoothLink = openLink(redis.target);
    const smooth = await writePlan(await compared(), smoothLink).finally(() => smoothLink.close());
    const hashes = await allHashes(client);
    await client.flushall();
    await fill();
    const before = await compared();
    let back: Restarting | undefined;
    let told: Promise<unknown> | undefined;
    const link = new LinkWithStop(redisOpener(redis.target), { giveUpAfter }, async () => {
      back = await restart();
      told = loading();
    });
    const result = await writePlan(before, link).finally(() => link.close());
    await told;
    return {
      smooth: { result: smooth, hashes },
      result,
      loaded: async () => back?.loaded(),
    };
  }

  const refusedScripts = () =>
    expect
      .poll(() => ask('INFO', 'commandstats'), { timeout: 10_000 })
      .toMatch(/cmdstat_evalsha:.*rejected_calls=[1-9]/);

  it('waits while it loads, and ends as one that nothing interrupted', async () => {
    const { smooth, result, loaded } = await interrupted(20_000, async () => {
      await refusedScripts();
      await hurry();
    });
    await loaded();
    const { added, batches, read_back } = smooth.result;
    expect(result).toMatchObject({ added, batches, read_back, verified: true });
    expect(await allHashes(client)).toEqual(smooth.hashes);
  });

  it('ends with a typed error when that takes too long, and the next one ends as if nothing had happened', async () => {
    const { smooth, result, loaded } = await interrupted(1_000, refusedScripts);
    expect(result).toMatchObject({ added: 1_000, verified: null });
    expect(result.batches.map(({ rows: count, outcome }) => [count, outcome])).toEqual([
      [500, 'ok'],
      [500, 'ok'],
      [500, 'failed'],
    ]);
    expect(result.batches[2]?.error).toMatchObject({
      code: 'redis.retryable',
      message: 'Redis is loading its data from disk.',
      retryable: true,
    });
    await loaded();
    const link = openLink(redis.target);
    const next = await writePlan(await compared(), link).finally(() => link.close());
    expect(next).toMatchObject({ added: 500, skipped_equal: 1_000, verified: true });
    expect(await allHashes(client)).toEqual(smooth.hashes);
  });

  it('is told by a dry run too, whose connection was never open', async () => {
    await fill();
    const back = await restart();
    const link = openLink(redis.target, { giveUpAfter: 300 });
    await expect(link.send([['DBSIZE']])).rejects.toMatchObject({ code: 'redis.retryable' });
    link.close();
    await back.loaded();
  });
});
