import type { Redis } from 'ioredis';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOnlineHost } from '../node/redis-host';
import { describeTarget } from '../node/redis-target';
import { allHashes, jobOf, userRows, userView, type UserRow } from '../testing/online-job';
import { ownRedis } from '../testing/own-redis';
import type { TestRedis } from '../testing/redis-server';
import type { MaterializeJob, MaterializeOptions } from './job';
import { encodeJournal, readJournal } from './journal';
import { memoryRecords } from './memory-records';
import type { RecordFiles } from './record-files';
import { recordPlace } from './record-place';

let redis: TestRedis;
let client: Redis;
let records: RecordFiles;

ownRedis((own, beside) => ([redis, client] = [own, beside]));
beforeEach(async () => {
  records = memoryRecords();
});

const job = jobOf(userView('stats', { clicks: 'int64' }));
const rowsOf = (count: number, value = 0n, time = 1_000n): Record<string, UserRow[]> => ({
  stats: Array.from({ length: count }, (_, i): UserRow => [BigInt(i), time, BigInt(i) + value]),
});
const host = () => createOnlineHost(() => redis.target, { records, now: () => 1_764_000_000_000 });
const run = (
  rows: Record<string, UserRow[]>,
  options: Partial<MaterializeOptions> = {},
  what: MaterializeJob = job,
) => host().materialize(what, userRows(what, rows), { write: true, ...options });
const place = () => recordPlace(job.project, describeTarget(redis.target));
const journal = () => readJournal(records, place().journal(job.cell));
const query = { cell: job.cell, redis: 'dev', project: job.project };

/** A write that ends after its first two batches: the second is under way when it is stopped. */
async function interrupt(rows: Record<string, UserRow[]>, what = job): Promise<void> {
  const cancel = new AbortController();
  const onProgress = ({ phase, rows: done }: { phase: string; rows?: number }) =>
    phase === 'writing' && done === 500 && cancel.abort();
  await expect(run(rows, { signal: cancel.signal, onProgress }, what)).rejects.toMatchObject({
    code: 'engine.cancelled',
  });
}

describe('a write that was interrupted', () => {
  it('leaves a journal, and the next one goes on to what an uninterrupted one would have been', async () => {
    await client.hset('bystander', 'a', 'b');
    const whole = await run(rowsOf(1_700));
    const hashes = await allHashes(client);
    expect(await journal()).toBeNull();
    await client.flushall();
    await client.hset('bystander', 'a', 'b');
    records = memoryRecords();

    await interrupt(rowsOf(1_700));
    expect([...(await journal())!.acknowledged.keys()]).toEqual([0, 1]);
    const dry = await run(rowsOf(1_700), { write: false });
    expect(dry).toMatchObject({
      added: 700,
      interrupted: { rows: 1_700, acknowledged: 1_000, same_plan: true },
      receipt: null,
    });
    const sent = await commandsSent(() => run(rowsOf(1_700)));
    expect(sent.result).toMatchObject({ added: 1_700, skipped_equal: 0, verified: true, read_back: 1_700 });
    expect(sent.evalsha).toBe(14);
    expect(await allHashes(client)).toEqual(hashes);
    expect(await journal()).toBeNull();
    const { run: _run, ...receipt } = sent.result.receipt!;
    const { run: _other, ...expected } = whole.receipt!;
    expect(receipt).toEqual({ ...expected, resumed: true });
  });

  /** Calls of the write script while something runs, as the server counts them. */
  const commandsSent = async <T>(act: () => Promise<T>): Promise<{ result: T; evalsha: number }> => {
    await client.config('RESETSTAT');
    const result = await act();
    const stats = await client.info('commandstats');
    return { result, evalsha: Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0) };
  };

  it('refuses to go on with something else, and gives it up when told to', async () => {
    await interrupt(rowsOf(1_700));
    expect(await run(rowsOf(1_700, 5n), { write: false })).toMatchObject({
      interrupted: { same_plan: false },
    });
    await expect(run(rowsOf(1_700, 5n))).rejects.toMatchObject({
      code: 'online.write_interrupted',
      hint: expect.stringContaining('--drop-journal'),
    });
    const result = await run(rowsOf(1_700, 5n), { dropJournal: true });
    expect(result).toMatchObject({ added: 700, skipped_equal: 1_000, equal_differs: 1_000, verified: true });
    expect(await journal()).toBeNull();
  });

  it('goes on though one batch had been written and its answer was lost', async () => {
    await interrupt(rowsOf(1_700));
    const left = (await journal())!;
    await run(rowsOf(1_700));
    left.acknowledged.delete(1);
    await records.write(place().journal(job.cell), encodeJournal(left));
    const result = await run(rowsOf(1_700));
    expect(result).toMatchObject({ added: 1_700, skipped_equal: 0, verified: true });
  });

  it('goes on with replacing', async () => {
    await run(rowsOf(1_700));
    const replacing = { ...job, replace: 'equal' as const };
    await interrupt(rowsOf(1_700, 7n), replacing);
    const result = await run(rowsOf(1_700, 7n), {}, replacing);
    expect(result).toMatchObject({ replaced: 1_700, verified: true });
    expect(await run(rowsOf(1_700, 7n), { write: false }, replacing)).toMatchObject({
      replaced: 0,
      skipped_equal: 1_700,
    });
  });

  it('finds out that the store lost what it had acknowledged', async () => {
    await interrupt(rowsOf(1_700));
    await client.flushall();
    await expect(run(rowsOf(1_700))).rejects.toMatchObject({ code: 'online.verify_failed' });
    expect(await run(rowsOf(1_700))).toMatchObject({ verified: true });
    expect(Object.keys(await allHashes(client))).toHaveLength(1_700);
  });

  it('holds the cell while it writes', async () => {
    const release = await records.lock(place().lock(job.cell));
    await expect(run(rowsOf(3))).rejects.toMatchObject({ code: 'online.write_running' });
    await release();
    expect(await run(rowsOf(3))).toMatchObject({ added: 3 });
  });

  it('stands in nobody’s way when nothing of it was acknowledged', async () => {
    await client.call('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '+@read', '+ping');
    const target = { ...redis.target, username: 'reader', password: 'pw' };
    const blocked = createOnlineHost(() => target, { records });
    await expect(blocked.materialize(job, userRows(job, rowsOf(3)), { write: true })).rejects.toMatchObject({
      code: 'redis.needs_user',
    });
    expect((await journal())?.acknowledged.size).toBe(0);
    expect(await run(rowsOf(3, 1n), { write: false })).toMatchObject({ interrupted: null });
    expect(await run(rowsOf(3, 1n))).toMatchObject({ added: 3, verified: true });
    expect(await journal()).toBeNull();
  });
});

describe('what a workspace keeps of writes', () => {
  const ranged = (end: string, ...features: string[]): MaterializeJob => {
    const view = userView('stats', Object.fromEntries(features.map((name) => [name, 'int64' as const])));
    return jobOf({ ...view, definition: 'v1', range: { start: null, end } });
  };
  const one = { stats: [[1n, 5n, 1n, 2n] as UserRow] };

  it('has the receipt of the last write, and the end that the next one begins after', async () => {
    expect(await host().records(query)).toEqual({ ends: {}, receipt: null });
    const result = await run(one, {}, { ...ranged('2000000', 'a'), expire: 60 });
    expect(result.receipt).toMatchObject({
      cell: 'push',
      project: 'plumb',
      target: describeTarget(redis.target),
      startedAt: '2025-11-24T16:00:00.000Z',
      views: [{ view: 'stats', definition: 'v1', start: null, end: '1970-01-01T00:00:02.000000Z' }],
      added: 1,
      verified: true,
      read_back: 1,
      expire: 60,
    });
    expect(result.receipt?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await host().records(query)).toEqual({ ends: { stats: '2000000' }, receipt: result.receipt });
    expect((await run(one, { write: false }, ranged('2000000', 'a'))).receipt).toEqual(result.receipt);
  });

  it('does not let a run of the past move the end back', async () => {
    await run(one, {}, ranged('3000000', 'a'));
    await run({ stats: [[1n, 6n, 1n]] }, {}, ranged('2000000', 'a'));
    expect((await host().records(query)).ends).toEqual({ stats: '3000000' });
  });

  it('remembers removed features until they come back', async () => {
    const former = async () =>
      (
        JSON.parse(new TextDecoder().decode((await records.read(place().state))!)) as {
          views: { stats: { former: string[] } };
        }
      ).views.stats.former;
    await run(one, {}, ranged('1', 'a', 'b'));
    await run({ stats: [[1n, 6n, 1n]] }, {}, ranged('1', 'a'));
    expect(await former()).toEqual(['b']);
    await run({ stats: [[1n, 7n, 1n]] }, {}, ranged('1', 'b'));
    expect(await former()).toEqual(['a']);
  });

  it('refuses damaged records with a way out', async () => {
    await records.write(place().state, new TextEncoder().encode('{'));
    await expect(run(one, { write: false }, ranged('1', 'a'))).rejects.toMatchObject({ code: 'file.failed' });
  });

  it('is apart for each store, project and cell', () => {
    const paths = [
      recordPlace('a', 'h:1, database 0'),
      recordPlace('a', 'h:1, database 1'),
      recordPlace('b', 'h:1, database 0'),
      recordPlace('ä', 'h:1, database 0'),
      recordPlace('a', 'h:1, database 0 '),
    ].flatMap(({ state, journal: of }) => [state, of('x'), of('y')]);
    expect(new Set(paths).size).toBe(15);
    for (const path of paths) expect(path).toMatch(/^\.plumbline\/online\/[\w.@-]+\/[\w.-]+$/);
  });
});
