import { PlumblineError } from '../errors';
import type { OnProgress } from '../ports';
import type { MaterializeCounts, MaterializeSample } from '../results';
import { equalBytes } from './byte-writer';
import { decodeEntityKey } from './entity-key';
import { decodeEventTimestamp } from './event-timestamp';
import { isoNanos, textValue } from './json-value';
import { batchSlice, batchValues, type MaterializationPlan, type PlanBatch } from './plan';
import { throwIfCancelled, type RedisLink } from './redis-link';
import { readStored, type StoredRow } from './stored-rows';
import { decodeValue } from './value-bytes';

export const OUTCOMES = ['added', 'changed', 'skipped_older', 'skipped_equal'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Before-and-after samples that are kept of each outcome. */
export const SAMPLES = 5;

/** A plan held against the store. `outcomes[batch][row]` is an index into OUTCOMES. */
export interface ComparedPlan {
  plan: MaterializationPlan;
  outcomes: Uint8Array[];
  counts: MaterializeCounts;
  samples: MaterializeSample[];
}

export const outcomeAt = (outcomes: Uint8Array | undefined, row: number): Outcome =>
  OUTCOMES[outcomes?.[row] ?? 0] ?? 'added';

function unreadable(key: Uint8Array, what: string): never {
  const entity = decodeEntityKey(key)
    ?.keys.map(({ name, value }) => `${name} ${value}`)
    .join(', ');
  throw new PlumblineError('redis.refused', `The stored ${what} of ${entity ?? 'an entity'} is unreadable.`, {
    hint: 'Something other than a Feast-compatible writer wrote this hash. Use another project name.',
  });
}

/** Feast's rule: newer replaces; what is stored at or before 1970 never blocks. */
function outcomeOf(key: Uint8Array, eventTime: Uint8Array, stored: StoredRow): Outcome {
  const storedTime = stored[0];
  if (storedTime === null || storedTime === undefined)
    return stored.every((value) => value === null) ? 'added' : 'changed';
  const latest = decodeEventTimestamp(storedTime) ?? unreadable(key, 'event time');
  const ours = decodeEventTimestamp(eventTime) ?? 0n;
  if (latest <= 0n || ours > latest) return 'changed';
  return ours === latest ? 'skipped_equal' : 'skipped_older';
}

/** Whether a stored value is no NULL; bytes that nobody can read count as a value. */
function holdsValue(bytes: Uint8Array | null | undefined): boolean {
  if (bytes === null || bytes === undefined || bytes.length === 0) return false;
  try {
    return decodeValue(bytes).value !== null;
  } catch {
    return true;
  }
}

const shownTime = (bytes: Uint8Array): string => isoNanos(decodeEventTimestamp(bytes) ?? 0n);

function shownValue(bytes: Uint8Array): string | null {
  try {
    return textValue(decodeValue(bytes));
  } catch {
    return `unreadable (${bytes.length} bytes)`;
  }
}

/** A row for people: the event time under `event time`, then the features by name. */
export function shownRow(
  names: readonly string[],
  values: readonly (Uint8Array | null)[],
): Record<string, string | null> {
  const shown: Record<string, string | null> = {};
  values.forEach((bytes, i) => {
    const name = i === 0 ? 'event time' : (names[i - 1] ?? '');
    shown[name] = bytes === null ? null : i === 0 ? shownTime(bytes) : shownValue(bytes);
  });
  return shown;
}

class Samples {
  private readonly kept = new Map<Outcome, { sample: MaterializeSample; differs: boolean }[]>();

  /** Rows that differ come before rows that do not: an equal event time with other values needs a look. */
  offer(outcome: Outcome, differs: boolean, make: () => MaterializeSample): void {
    const list = this.kept.get(outcome) ?? [];
    this.kept.set(outcome, list);
    if (list.length < SAMPLES) return void list.push({ sample: make(), differs });
    const dull = differs ? list.findIndex((entry) => !entry.differs) : -1;
    if (dull >= 0) list[dull] = { sample: make(), differs };
  }

  all(): MaterializeSample[] {
    return OUTCOMES.flatMap((outcome) => (this.kept.get(outcome) ?? []).map((entry) => entry.sample));
  }
}

function sampleOf(
  plan: MaterializationPlan,
  batch: PlanBatch,
  row: number,
  stored: StoredRow,
  outcome: Outcome,
): MaterializeSample {
  const view = plan.views[batch.view]?.view;
  const names = view?.features.map((feature) => feature.name) ?? [];
  const key = decodeEntityKey(batchSlice(batch, row, 0));
  return {
    view: view?.view ?? '',
    entity: Object.fromEntries(key?.keys.map(({ name, value }) => [name, String(value)]) ?? []),
    outcome,
    before: stored.every((value) => value === null) ? null : shownRow(names, stored),
    after: shownRow(names, batchValues(batch, row)),
  };
}

/**
 * Compares every row of a plan with what Redis holds; writes nothing. Counts are entity-view pairs;
 * `null_overwrites` are those of the changed pairs that put NULL over a stored value. Errors: the redis.* codes,
 * `engine.cancelled`.
 */
export async function dryRun(
  plan: MaterializationPlan,
  link: RedisLink,
  options: { signal?: AbortSignal; onProgress?: OnProgress } = {},
): Promise<ComparedPlan> {
  const counts: MaterializeCounts = {
    entities: plan.rows,
    added: 0,
    changed: 0,
    skipped_older: 0,
    skipped_equal: 0,
    null_overwrites: 0,
    null_keys: plan.nullKeys,
  };
  const samples = new Samples();
  const outcomes: Uint8Array[] = [];
  let done = 0;
  for (const batch of plan.batches) {
    throwIfCancelled(options.signal);
    const stored = await readStored(link, plan, batch);
    const found = new Uint8Array(batch.rows);
    stored.forEach((before, row) => {
      const after = batchValues(batch, row);
      const outcome = outcomeOf(batchSlice(batch, row, 0), after[0] ?? new Uint8Array(0), before);
      found[row] = OUTCOMES.indexOf(outcome);
      counts[outcome]++;
      if (
        outcome === 'changed' &&
        after.some((value, i) => i > 0 && value.length === 0 && holdsValue(before[i]))
      )
        counts.null_overwrites++;
      const differs = after.some((value, i) => !equalBytes(value, before[i] ?? new Uint8Array(0)));
      samples.offer(outcome, differs, () => sampleOf(plan, batch, row, before, outcome));
    });
    outcomes.push(found);
    done += batch.rows;
    options.onProgress?.({ phase: 'comparing with Redis', rows: done, totalRows: plan.rows });
  }
  return { plan, outcomes, counts, samples: samples.all() };
}
