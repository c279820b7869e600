import type { ArrowBytes } from '../database/database';
import type { OnProgress } from '../ports';
import { equalBytes, hex } from './byte-writer';
import { decodeEventTimestamp } from './event-timestamp';
import { storedName, timestampField } from './hash-field';
import type { OnlineView } from './job';
import { textValue } from './json-value';
import {
  batchSlice,
  batchValues,
  planMaterialization,
  type MaterializationPlan,
  type PlanBatch,
} from './plan';
import type { RedisCommand } from './redis-commands';
import { throwIfCancelled, type RedisLink } from './redis-link';
import { shownRow } from './row-samples';
import { scanKeys } from './scan-keys';
import { decodeStoredKey, keyText, type StoredKey } from './stored-key';
import { viewsOfKeys } from './stored-hash';
import { readStored, type StoredRow } from './stored-rows';
import { decodeValue } from './value-bytes';

/** A comparison of what the store holds of one view with what the notebook computes. It crosses processes as JSON. */
export interface DifferenceJob {
  redis: string;
  project: string;
  view: OnlineView;
  /** Keys of the database that are looked at for entities that only the store has, at most. */
  limit: number;
}

/** An entity whose values are not the same; values printed as text, null = absent or NULL. */
export interface DifferenceSample {
  kind: 'differs' | 'only_offline' | 'only_online';
  entity: Record<string, string>;
  stored: Record<string, string | null> | null;
  truth: Record<string, string | null> | null;
}

/** Counts are entities. `equal`: every value is the same, whatever the event times. */
export interface DifferenceResult {
  equal: number;
  differs: number;
  only_offline: number;
  only_online: number;
  /** Whether all keys were looked at: without it `only_online` is a least number. */
  complete: boolean;
  /** Of those in both: the store's event time is before or after the truth's. */
  older: number;
  newer: number;
  /** Entities that differ, by feature; features without any are left out. */
  features: Record<string, number>;
  /** Up to five of each kind. */
  samples: DifferenceSample[];
}

const SAMPLES = 5;

/** Whether two stored values say the same: NULL is written in three ways, and a map's entries in any order. */
function sameValue(left: Uint8Array, right: Uint8Array): boolean {
  if (equalBytes(left, right)) return true;
  try {
    const [a, b] = [decodeValue(left), decodeValue(right)];
    const [x, y] = [textValue(a), textValue(b)];
    return x === null || y === null ? x === y : a.type === b.type && x === y;
  } catch {
    return false;
  }
}

const NOTHING = new Uint8Array(0);

class Difference {
  readonly result: DifferenceResult = {
    equal: 0,
    differs: 0,
    only_offline: 0,
    only_online: 0,
    complete: true,
    older: 0,
    newer: 0,
    features: {},
    samples: [],
  };
  /** Keys of the truth, in hexadecimal. */
  private readonly known = new Set<string>();
  private readonly names: string[];

  constructor(private readonly job: DifferenceJob) {
    this.names = job.view.features.map(({ name }) => name);
  }

  private sample(key: StoredKey | null, sample: Omit<DifferenceSample, 'entity'>): void {
    const { samples } = this.result;
    if (samples.filter(({ kind }) => kind === sample.kind).length >= SAMPLES) return;
    const parts = key?.keys.map(({ name, value }) => [name, keyText(value)] as const) ?? [];
    samples.push({ ...sample, entity: Object.fromEntries(parts) });
  }

  row(key: Uint8Array, truth: readonly Uint8Array[], stored: StoredRow): void {
    const { result, names } = this;
    this.known.add(hex(key));
    const shown = () => shownRow(names, truth);
    if (stored.every((value) => value === null)) {
      result.only_offline++;
      return this.sample(decodeStoredKey(key), { kind: 'only_offline', stored: null, truth: shown() });
    }
    const [time = null] = stored;
    const nanos = time === null ? null : decodeEventTimestamp(time);
    const ours = decodeEventTimestamp(truth[0] ?? NOTHING) ?? 0n;
    if (nanos !== null && nanos < ours) result.older++;
    if (nanos !== null && nanos > ours) result.newer++;
    const differing = names.filter((_, i) => !sameValue(truth[i + 1] ?? NOTHING, stored[i + 1] ?? NOTHING));
    if (differing.length === 0) return void result.equal++;
    result.differs++;
    for (const name of differing) result.features[name] = (result.features[name] ?? 0) + 1;
    const both = { stored: shownRow(names, stored), truth: shown() };
    this.sample(decodeStoredKey(key), { kind: 'differs', ...both });
  }

  /** Keys that the truth does not have, and that are stored under the view's project and join keys. */
  candidates(keys: readonly Uint8Array[]): { key: Uint8Array; stored: StoredKey }[] {
    return keys.flatMap((key) => {
      const stored = decodeStoredKey(key);
      if (stored === null || stored.project !== this.job.project || this.known.has(hex(key))) return [];
      return viewsOfKeys([this.job.view], stored.keys).length === 0 ? [] : [{ key, stored }];
    });
  }

  onlyOnline(stored: StoredKey): void {
    this.result.only_online++;
    this.sample(stored, { kind: 'only_online', stored: null, truth: null });
  }
}

async function compareBatch(
  difference: Difference,
  link: RedisLink,
  plan: MaterializationPlan,
  batch: PlanBatch,
): Promise<void> {
  const stored = await readStored(link, plan, batch);
  stored.forEach((row, i) => difference.row(batchSlice(batch, i, 0), batchValues(batch, i), row));
}

/**
 * Holds what is stored of a view against its values as computed now: `rows` gives a snapshot as `planMaterialization`
 * takes it. Writes nothing. Errors: those of `planMaterialization`, redis.*, `engine.cancelled`.
 */
export async function differenceOf(
  job: DifferenceJob,
  rows: () => AsyncIterable<ArrowBytes>,
  link: RedisLink,
  options: { signal?: AbortSignal; onProgress?: OnProgress } = {},
): Promise<DifferenceResult> {
  const { signal, onProgress } = options;
  const { redis, project, view } = job;
  const plan = await planMaterialization({ cell: view.view, redis, project, views: [view] }, rows, options);
  const difference = new Difference(job);
  let done = 0;
  for (const batch of plan.batches) {
    throwIfCancelled(signal);
    await compareBatch(difference, link, plan, batch);
    done += batch.rows;
    onProgress?.({ phase: 'comparing with Redis', rows: done, totalRows: plan.rows });
  }
  const field = timestampField(storedName(view));
  const keys = scanKeys(link, { limit: job.limit, signal });
  for (let looked = 0; ;) {
    const portion = await keys.next();
    if (portion.done === true) {
      difference.result.complete = portion.value;
      return difference.result;
    }
    const strange = difference.candidates(portion.value);
    const asked = strange.map(({ key }): RedisCommand => ['HEXISTS', key, field]);
    const { values } = await link.send(asked);
    strange.forEach(({ stored }, i) => values[i] === 1 && difference.onlyOnline(stored));
    looked += portion.value.length;
    onProgress?.({ phase: 'looking for entities that only Redis has', rows: looked });
  }
}
