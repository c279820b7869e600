import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import type { ArrowBytes } from '../../../database/database';
import type { MaterializeJob } from '../../../online/job';
import { lookup } from '../../../online/lookup';
import { performWrite, prepareWrite, type MaterializeSite } from '../../../online/materialize';
import type { RedisLink } from '../../../online/redis-link';
import { bystander, jobOf, userView } from '../../../testing/online-job';
import { snapshot } from '../../../testing/snapshot';
import { openLink } from '../../redis-host';
import { findRedisServer, startLocalRedis } from '../../redis-local';
import type { RedisProcess } from '../../redis-process';
import { nodeRecords } from '../../record-files';
import { CannotMeasure, count, type Bench, type Figure } from '../figure';
import { against, compare, type Side } from '../measure';

const FEATURES = Array.from({ length: 10 }, (_, i) => `feature_${i}`);
const JOB = jobOf(userView('stats', Object.fromEntries(FEATURES.map((name) => [name, 'float64' as const]))));
/** Rows of one Arrow stream. */
const STREAM = 50_000;

/** Entities with ten float64 features: every hash has the same size, as those of redis-benchmark do. */
function arrowRows(entities: number): ArrowBytes[] {
  const streams: ArrowBytes[] = [];
  for (let from = 0; from < entities; from += STREAM) {
    const rows = Array.from({ length: Math.min(STREAM, entities - from) }, (_, i) => from + i);
    streams.push(
      snapshot(
        [{ name: 'user_id', type: 'int64', values: rows.map(BigInt) }],
        rows.map(() => 1_700_000_000_000_000n),
        FEATURES.map((name, f) => ({ name, type: 'float64', values: rows.map((row) => row * 1.5 + f) })),
      ),
    );
  }
  return streams;
}

/**
 * One hash of the server: how many fields, how many bytes in fields and values, and in its key; and how many hashes there
 * are, in per cent of the entities.
 */
async function storeSize(redis: RedisProcess, entities: number): Promise<number[]> {
  const client = bystander(redis.target);
  try {
    const [, [key]] = (await client.callBuffer('SCAN', '0', 'COUNT', '1')) as [Buffer, Buffer[]];
    const parts = (await client.callBuffer('HGETALL', key!)) as Buffer[];
    const hashes = Math.round((100 * (await client.dbsize())) / entities);
    return [parts.length / 2, parts.reduce((sum, part) => sum + part.length, 0), key!.length, hashes];
  } finally {
    client.disconnect();
  }
}

async function flush(link: RedisLink): Promise<void> {
  await link.send([['FLUSHALL']]);
}

async function withRedis<T>(work: (redis: RedisProcess, link: RedisLink) => Promise<T>): Promise<T> {
  if ((await findRedisServer()) === null) throw new CannotMeasure('there is no redis-server on the PATH');
  const redis = await startLocalRedis();
  const link = openLink(redis.target, { times: { reply: 60_000 } });
  try {
    return await work(redis, link);
  } finally {
    link.close();
    await redis.stop();
  }
}

const rowsOf = (streams: readonly ArrowBytes[]) =>
  async function* () {
    yield* streams;
  };

/** The greatest number that redis-benchmark draws keys from: of a million draws some 200 fall on a key that was drawn before. */
const KEY_RANGE = 2 ** 31 - 1;

/** redis-benchmark writing hashes of the same keys' length, fields and values, 100 commands a pipeline. */
function benchmarkSide(redis: RedisProcess, link: RedisLink, entities: number): Side {
  const fields = [
    '_ts:stats',
    'x'.repeat(6),
    ...FEATURES.flatMap((_, i) => [`f${i}__`.slice(0, 4), 'x'.repeat(9)]),
  ];
  return {
    name: 'redis-benchmark -P 100, HSET of the same hashes',
    async run() {
      await flush(link);
      const words = [
        '-p',
        String(redis.target.port),
        '-P',
        '100',
        '-n',
        String(entities),
        '-r',
        String(KEY_RANGE),
      ];
      const command = ['HSET', 'k'.repeat(KEY_BYTES - 12) + '__rand_int__', ...fields];
      const { stdout } = await promisify(execFile)('redis-benchmark', [...words, '--csv', ...command]);
      const rate = Number(
        /"([\d.]+)"/.exec(stdout.split('\n')[1]!.split('",').slice(-7).join('",'))?.[1] ?? NaN,
      );
      if (!(rate > 0)) throw new CannotMeasure(`redis-benchmark printed ${stdout}`);
      return { clock: (1000 * entities) / rate, processor: null };
    },
    digest: () => storeSize(redis, entities),
  };
}

/** Milliseconds that nothing may wait while a write is under way. */
const BLOCKED = 50;
/** Of an entity key with one int64 `user_id`, and the project `plumb`. */
const KEY_BYTES = 4 + 4 + 4 + 7 + 4 + 4 + 8 + 5;

/** A plan of entities with ten features to a real Redis, verified, against redis-benchmark writing the same hashes. */
export const onlineWrite: Figure = {
  name: 'online-write',
  async measure({ data, runs }) {
    const entities = data.sizes.spine;
    const streams = arrowRows(entities);
    return withRedis(async (redis, link) => {
      const folder = await mkdtemp(join(data.folder, 'records-'));
      const site: MaterializeSite = { target: 'bench', records: nodeRecords(folder), now: Date.now };
      const baseline = benchmarkSide(redis, link, entities);
      const digest = () => storeSize(redis, entities);
      const blocked: number[] = [];
      const prepare = async () => {
        await flush(link);
        return prepareWrite(JOB, rowsOf(streams), link, site, {});
      };
      const verified: Side = {
        name: 'journal, write and reading back',
        async run() {
          const prepared = await prepare();
          const delay = monitorEventLoopDelay({ resolution: 1 });
          delay.enable();
          const time = await timed(async () => {
            const { read_back } = await performWrite(prepared, link, site, {});
            if (read_back !== entities) throw new Error(`only ${read_back} hashes were read back`);
          });
          delay.disable();
          blocked.push(delay.max / 1e6);
          return time;
        },
        digest,
      };
      const whole: Side = {
        name: 'encoding, dry run, journal, write and reading back',
        async run() {
          await flush(link);
          return timed(async () => {
            const prepared = await prepareWrite(JOB, rowsOf(streams), link, site, {});
            await performWrite(prepared, link, site, {});
          });
        },
        digest,
      };
      try {
        const size = `${count(entities)} entities x ${FEATURES.length} features`;
        const contest = { figure: 'online-write', size };
        const written = await compare(
          { ...contest, what: 'written and read back', goal: 2 },
          verified,
          baseline,
          runs,
        );
        const what = 'longest wait of the writing process’s event loop';
        return [
          written,
          // the first run warms up
          against({ ...contest, what }, 'ms', blocked.slice(1), BLOCKED, `a limit of ${BLOCKED} ms`),
          await compare(
            { ...contest, what: 'encoded, compared, written, read back', goal: null },
            whole,
            baseline,
            runs,
          ),
        ];
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  },
};

async function timed(act: () => Promise<void>) {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await act();
  const { user, system } = process.cpuUsage(before);
  return { clock: performance.now() - started, processor: (user + system) / 1000 };
}

const LOOKED_UP = 100;
const CALLS = 1_000;
/** Milliseconds of the goal. */
const LIMIT = 3;

/** 100 entities x 10 features by one lookup, over and over: the 95th percentile. */
export const onlineLookup: Figure = {
  name: 'online-lookup',
  measure: ({ runs, data }: Bench) =>
    withRedis(async (_redis, link) => {
      const stored = 10_000;
      const folder = await mkdtemp(join(data.folder, 'records-'));
      const site: MaterializeSite = { target: 'bench', records: nodeRecords(folder), now: Date.now };
      const prepared = await prepareWrite(JOB, rowsOf(arrowRows(stored)), link, site, {});
      await performWrite(prepared, link, site, {});
      const entities = Array.from({ length: LOOKED_UP }, (_, i) => ({ user_id: String(i * 97) }));
      const p95: number[] = [];
      for (let run = 0; run <= runs; run++) {
        const { latency_ms, rows } = await lookup(
          { ...(JOB as MaterializeJob), entities, repeat: CALLS },
          link,
        );
        if (rows.some(({ features }) => Object.values(features).some(({ status }) => status !== 'present')))
          throw new Error('a lookup did not find what was written');
        // the first run warms up
        if (run > 0) p95.push(latency_ms?.p95 ?? NaN);
      }
      const size = `${LOOKED_UP} entities x ${FEATURES.length} features`;
      const what = `lookup, p95 of ${count(CALLS)} calls`;
      return [against({ figure: 'online-lookup', what, size }, 'ms', p95, LIMIT, `a limit of ${LIMIT} ms`)];
    }),
};
