import type { OnProgress } from '../ports';
import type { MaterializeCounts, MaterializeFinding, MaterializeResult, MaterializeSample } from '../results';
import { ahead } from './ahead';
import { HashReader, type ReadHash } from './hash-fields';
import { IntTwins } from './int-twins';
import type { OnlineState } from './online-state';
import { batchSlice, batchValues, type MaterializationPlan, type PlanBatch } from './plan';
import { throwIfCancelled, type RedisLink } from './redis-link';
import { holdsValue, isWritten, judgeRow, OUTCOMES } from './row-outcome';
import { Findings, RowSamples } from './row-samples';
import type { StoredRow } from './stored-rows';

/** A plan held against the store. `outcomes[batch][row]` is an index into OUTCOMES. */
export interface ComparedPlan {
  plan: MaterializationPlan;
  outcomes: Uint8Array[];
  /** What is stored of the rows that are to be replaced, by batch and row: the write compares with it. */
  seen: Map<number, StoredRow>[];
  counts: MaterializeCounts;
  samples: MaterializeSample[];
  findings: MaterializeFinding[];
}

export const noCounts = (): MaterializeCounts => ({
  entities: 0,
  added: 0,
  changed: 0,
  replaced: 0,
  skipped_older: 0,
  skipped_equal: 0,
  equal_differs: 0,
  null_overwrites: 0,
  orphan_fields: 0,
  unknown_fields: 0,
  int_mismatch: { found: 0, checked: 0 },
  older_by_ms: null,
  bytes: 0,
  null_keys: 0,
});

/** Bytes of key, fields and values that putting a row sends. */
function rowBytes(batch: PlanBatch, row: number, fieldBytes: number): number {
  const from = row === 0 ? 0 : (batch.ends[row * batch.width - 1] ?? 0);
  return (batch.ends[(row + 1) * batch.width - 1] ?? 0) - from + fieldBytes;
}

/** Least, middle and greatest of some numbers; null of none. */
function spread(numbers: number[]): { min: number; median: number; max: number } | null {
  if (numbers.length === 0) return null;
  const sorted = Float64Array.from(numbers).sort();
  const at = (index: number) => sorted[index] ?? 0;
  return { min: at(0), median: at((sorted.length - 1) >> 1), max: at(sorted.length - 1) };
}

class Comparison {
  readonly counts = noCounts();
  readonly outcomes: Uint8Array[] = [];
  readonly seen: Map<number, StoredRow>[] = [];
  readonly samples: RowSamples;
  readonly findings = new Findings();
  private readonly olderBy: number[] = [];
  private readonly reader: HashReader;
  private readonly twins: IntTwins;

  constructor(
    private readonly plan: MaterializationPlan,
    state: OnlineState,
  ) {
    this.samples = new RowSamples(plan);
    this.reader = new HashReader(plan, state);
    this.twins = new IntTwins(plan);
    this.counts.entities = plan.rows;
    this.counts.null_keys = plan.nullKeys;
  }

  read(link: RedisLink, batch: PlanBatch): Promise<ReadHash[]> {
    return this.reader.read(link, batch);
  }

  async compare(link: RedisLink, batch: PlanBatch, hashes: readonly ReadHash[]): Promise<void> {
    const found = new Uint8Array(batch.rows);
    const seen = new Map<number, StoredRow>();
    hashes.forEach((hash, row) => (found[row] = OUTCOMES.indexOf(this.take(batch, row, hash, seen))));
    this.outcomes.push(found);
    this.seen.push(seen);
    const added = [...found.keys()].filter((row) => OUTCOMES[found[row] ?? 0] === 'added');
    const view = this.plan.views[batch.view]?.view.view ?? '';
    for (const { row, types } of await this.twins.check(link, batch, added))
      this.findings.offer('int_mismatch', view, batchSlice(batch, row, 0), () => types);
  }

  private take(batch: PlanBatch, row: number, hash: ReadHash, seen: Map<number, StoredRow>) {
    const { stored, orphans, unknown } = hash;
    const { counts } = this;
    const key = batchSlice(batch, row, 0);
    // most of a first run: nothing is there, and nothing needs to be compared
    const absent = stored.every((value) => value === null);
    const values = absent ? [] : batchValues(batch, row);
    const planned = this.plan.views[batch.view];
    const name = planned?.view.view ?? '';
    const { outcome, differs, olderBy } = absent
      ? { outcome: 'added' as const, differs: true, olderBy: 0 }
      : judgeRow(key, values, stored, this.plan.job.replace === 'equal');
    counts[outcome]++;
    if (outcome === 'skipped_older') this.olderBy.push(olderBy);
    if (outcome === 'skipped_equal' && differs) counts.equal_differs++;
    if (outcome === 'replaced') seen.set(row, stored);
    if (isWritten(outcome))
      counts.bytes += rowBytes(
        batch,
        row,
        planned?.fields.reduce((sum, field) => sum + field.length, 0) ?? 0,
      );
    const lost = (i: number) => i > 0 && values[i]?.length === 0 && holdsValue(stored[i]);
    if (isWritten(outcome) && !absent && stored.some((_, i) => lost(i))) {
      counts.null_overwrites++;
      const features = () =>
        planned?.view.features.filter((_, i) => lost(i + 1)).map((one) => one.name) ?? [];
      this.findings.offer('null_overwrite', name, key, features);
    }
    counts.orphan_fields += orphans.length;
    if (orphans.length > 0) this.findings.offer('orphan_field', name, key, () => orphans);
    counts.unknown_fields += unknown.length;
    if (unknown.length > 0) this.findings.offer('unknown_field', name, key, () => unknown);
    this.samples.offer(batch, row, stored, outcome, differs);
    return outcome;
  }

  result(): ComparedPlan {
    const { plan, outcomes, seen, counts } = this;
    counts.int_mismatch = this.twins.counts();
    counts.older_by_ms = spread(this.olderBy);
    return { plan, outcomes, seen, counts, samples: this.samples.all(), findings: this.findings.all() };
  }
}

/**
 * Compares every row of a plan with what Redis holds; writes nothing. Counts are entity-view pairs;
 * `null_overwrites` are those of the written pairs that put NULL over a stored value. `state`: what the workspace knows
 * of earlier writes. Errors: the redis.* codes, `engine.cancelled`.
 */
export async function dryRun(
  plan: MaterializationPlan,
  link: RedisLink,
  state: OnlineState,
  options: { signal?: AbortSignal; onProgress?: OnProgress } = {},
): Promise<ComparedPlan> {
  const comparison = new Comparison(plan, state);
  let done = 0;
  const reading = ahead(plan.batches, (batch) => comparison.read(link, batch));
  for await (const { item: batch, result: hashes } of reading) {
    throwIfCancelled(options.signal);
    await comparison.compare(link, batch, hashes);
    done += batch.rows;
    options.onProgress?.({ phase: 'comparing with Redis', rows: done, totalRows: plan.rows });
  }
  return comparison.result();
}

/** The dry run alone, as a result. */
export function dryRunResult(compared: ComparedPlan, ms: number): MaterializeResult {
  const { counts, samples, findings } = compared;
  return {
    ...counts,
    written: false,
    ms,
    verified: null,
    read_back: 0,
    overtaken: 0,
    samples,
    findings,
    batches: [],
    interrupted: null,
    receipt: null,
  };
}
