import type { MaterializeResult } from '../results';
import { dryRun, dryRunResult } from './dry-run';
import type { OnlineHost } from './job';
import { lookup } from './lookup';
import { memoryRecords } from './memory-records';
import { batchSlice, batchValues, planMaterialization, type MaterializationPlan } from './plan';
import type { RedisCommand, RedisConnection, RedisReply } from './redis-commands';
import { RedisLink } from './redis-link';
import { readState } from './online-state';

/** Bytes as a map key: one UTF-16 unit per byte. */
const keyOf = (bytes: string | Uint8Array): string =>
  typeof bytes === 'string' ? bytes : Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** Hashes in memory that can be read like a Redis; nothing but a few reading commands is understood, nothing leaves the process. */
class MemoryStore implements RedisConnection {
  private readonly hashes = new Map<string, Map<string, Uint8Array>>();

  /** Takes a plan's rows as a first materialization into an empty store would leave them. */
  keep(plan: MaterializationPlan): void {
    for (const batch of plan.batches) {
      const fields = plan.views[batch.view]?.fields ?? [];
      for (let row = 0; row < batch.rows; row++) {
        const key = keyOf(batchSlice(batch, row, 0));
        const hash = this.hashes.get(key) ?? new Map<string, Uint8Array>();
        batchValues(batch, row).forEach((value, i) => hash.set(keyOf(fields[i] ?? ''), value));
        this.hashes.set(key, hash);
      }
    }
  }

  send(commands: readonly RedisCommand[]): Promise<RedisReply[]> {
    return Promise.resolve(
      commands.map(([name, key, ...fields]): RedisReply => {
        if (name === 'HLEN') return { value: this.hashes.get(keyOf(key ?? ''))?.size ?? 0 };
        if (name === 'HEXISTS')
          return { value: this.hashes.get(keyOf(key ?? ''))?.has(keyOf(fields[0] ?? '')) ? 1 : 0 };
        if (name !== 'HMGET') return { error: new Error(`ERR the rehearsal store does not know ${name}`) };
        const hash = this.hashes.get(keyOf(key ?? ''));
        return { value: fields.map((field) => hash?.get(keyOf(field)) ?? null) };
      }),
    );
  }

  close(): void {}
}

/**
 * Stands in where a connection was not given: materializing is compared with an empty store, a later lookup reads what
 * was encoded. Results say `store: 'memory'`; no latency is given, because none was measured; `write` writes nothing.
 */
export function rehearsalHost(): OnlineHost {
  const stores = new Map<string, MemoryStore>();
  const storeOf = (redis: string): MemoryStore => {
    const store = stores.get(redis) ?? new MemoryStore();
    stores.set(redis, store);
    return store;
  };
  const linkTo = (store: MemoryStore) => new RedisLink(() => Promise.resolve(store));
  return {
    async materialize(job, rows, options): Promise<MaterializeResult> {
      const started = performance.now();
      const plan = await planMaterialization(job, rows, options);
      const compared = await dryRun(
        plan,
        linkTo(new MemoryStore()),
        await readState(memoryRecords(), '', job.project, ''),
        options,
      );
      storeOf(job.redis).keep(plan);
      return { ...dryRunResult(compared, performance.now() - started), store: 'memory' };
    },
    // without a store there is nothing to begin after
    records: () => Promise.resolve({ ends: {}, receipt: null }),
    async lookup(job, options) {
      const result = await lookup({ ...job, repeat: 1 }, linkTo(storeOf(job.redis)), options);
      return { ...result, latency_ms: null, store: 'memory' };
    },
  };
}
