import type { Receipt } from './online/receipt';
import type { ErrorRecord } from './errors';
import type { ColumnInfo } from './database/database';
import type { Attribution } from './skew/causes/attribution';
import type { DriftResult } from './skew/drift/drift-result';
import type { FEAST_STATUSES } from './skew/feast-log';
import type { ReplayResult } from './replay-result';
import type { FeatureMean } from './sql/mean';

export * from './replay-result';

/** The value statuses of semantics.md. */
export const STATUSES = ['present', 'missing', 'expired', 'null'] as const;
export type ValueStatus = (typeof STATUSES)[number];

export interface Worth {
  metric: 'auc' | 'spearman';
  /** null when the label or the feature has only one value. */
  naive: number | null;
  point_in_time: number | null;
  /** Measured on so many rows of the set, evenly spread; absent: on every row. */
  sample?: number;
}

export interface FeatureName {
  /** `view:feature`. */
  ref: string;
  /** Its column in the training set. */
  column: string;
}

/** What a training set says of one feature; counts are rows. */
export interface FeatureSummary extends FeatureName {
  present: number;
  missing: number;
  expired: number;
  null: number;
  leaking_rows: number;
  value_differs: number;
  /** null where the label is absent or the feature is not a number. */
  worth: Worth | null;
}

export interface TrainingResult {
  file: string | null;
  sha256: string | null;
  manifest: string | null;
  /** null: the whole spine; else the number of spine rows that the preview took. */
  sample: number | null;
  spine_rows: number;
  features: FeatureSummary[];
  /** Features of a preview whose counts follow, `at` their position in the set; absent when none is left. */
  pending?: PendingFeature[];
  /** The means that stand in for NULL, as far as defaults name them. */
  means: FeatureMean[];
  /** Data warnings, such as remaining ties with their count. */
  warnings: string[];
}

export interface PendingFeature extends FeatureName {
  at: number;
}

/** The features of a training set in its order, those that are still to be counted with `summary: null`. */
export function featuresOf({
  features,
  pending = [],
}: Pick<TrainingResult, 'features' | 'pending'>): (FeatureName & { summary: FeatureSummary | null })[] {
  const all: (FeatureName & { summary: FeatureSummary | null })[] = features.map((summary) => ({
    ref: summary.ref,
    column: summary.column,
    summary,
  }));
  for (const { at, ref, column } of pending) all.splice(at, 0, { ref, column, summary: null });
  return all;
}

/** What is said of one feature over some of the rows that both sides have. Rates are shares of `compared`. */
export interface SkewNumbers {
  compared: number;
  mismatches: number;
  max_abs_diff: number | null;
  mean_abs_diff: number | null;
  /** Mean of right - left. */
  mean_diff: number | null;
  psi: number | null;
  /** Jensen-Shannon divergence in bits, for categories only. */
  js?: number | null;
  ks: number | null;
  null_rate: [number | null, number | null];
  /** Rows that hold the feature's constant default; null where it has none. */
  default_rate: [number | null, number | null];
}

export interface SkewFeature extends SkewNumbers {
  ref: string;
  column: string;
  only_left: number;
  only_right: number;
  /** Why the values differ, best first; absent where nothing differs or no cause was looked for. */
  attribution?: Attribution;
  /** `attribution.causes`, in short; empty without any. */
  causes: { cause: string; explains: number }[];
  /** Of a Feast log: rows by the status that was logged, and how old the values were when they were served. */
  served?: {
    statuses: Partial<Record<(typeof FEAST_STATUSES)[number], number>>;
    age_ms: { p50: number; p95: number; max: number } | null;
  };
  /** The numbers of each segment, by segmentation. */
  segments: SkewSegment[];
}

/** The rows that share a value of a column, or a stretch of time. */
export interface SkewSegment extends SkewNumbers {
  /** The column, or the stretch such as `1d`. */
  by: string;
  /** Printed; null = NULL. Of time, when the stretch begins, ISO 8601 UTC. */
  value: string | null;
}

export interface SkewResult {
  /** What the sides are called. */
  sides: [left: string, right: string];
  /** Rows of both sides together, and those without a partner. */
  rows: number;
  unmatched: number;
  features: SkewFeature[];
  /** What is above its limit under `fail_if`, in words; empty = nothing. */
  failed: string[];
  /** Rows in one side only or ambiguous keys, in words. */
  warnings: string[];
}

/** What an audit says of one value. `not_decidable`: it differs from the truth, and why cannot be told. */
export const AUDIT_VERDICTS = ['right', 'future', 'stale', 'wrong', 'not_decidable'] as const;
export type AuditVerdict = (typeof AUDIT_VERDICTS)[number];

/** Why a value got its verdict; docs/audit.md says when each is given. */
export const AUDIT_REASONS = [
  // future
  'later_row',
  'later_instant',
  'closed_window',
  'naive',
  'late_rows',
  // stale
  'earlier_row',
  'earlier_instant',
  'expired_row',
  // wrong
  'null',
  'default',
  'no_default',
  'no_instant',
  // not decidable
  'no_key',
  'no_time',
  'not_examined',
  'cut',
  'no_rule',
] as const;
export type AuditReason = (typeof AUDIT_REASONS)[number];

/** Microseconds over the rows of one verdict. */
export interface AuditDistance {
  median_us: number;
  max_us: number;
}

/** One value that is not right; values as DuckDB prints them, null = NULL. */
export interface AuditExample {
  /** Position in the file, from 0. */
  row: number;
  entity: Record<string, string | null>;
  time: string | null;
  in_file: string | null;
  truth: string | null;
  verdict: Exclude<AuditVerdict, 'right'>;
  reason: AuditReason;
  /** Microseconds between the row's time and the instant that explains the value; null where none does. */
  distance_us: number | null;
}

/** What an audit says of one feature; the five verdicts count rows and add up to the file's rows. */
export interface AuditFeature {
  ref: string;
  /** The column of the file. */
  column: string;
  right: number;
  future: number;
  stale: number;
  wrong: number;
  not_decidable: number;
  /** How far ahead of the row the future values were known; null without any. */
  ahead: AuditDistance | null;
  /** How long before the row the stale values held; null without any. */
  age: AuditDistance | null;
  /** Rows that differ and hold what a naive join gives. */
  equals_naive: number;
  /** Rows that differ and were computed at other instants; the cap leaves the others undecided. */
  examined: number;
  /** Rows by reason, most first. */
  reasons: { reason: AuditReason; rows: number }[];
  /** The worst rows of each verdict. */
  examples: AuditExample[];
}

export interface AuditResult {
  file: string;
  training_set: string;
  rows: number;
  /** Rows with at least one value that is not right, and their percentage of all rows. */
  rows_not_right: number;
  percent_not_right: number;
  /** Percent; beyond it the cell fails with `audit.limit`. */
  limit: number;
  features: AuditFeature[];
  warnings: string[];
}

/** Counts are entity-view pairs: one stored feature view of one entity. */
export interface MaterializeCounts {
  entities: number;
  added: number;
  changed: number;
  /** Same event time, other values, and the cell says `replace: equal`. */
  replaced: number;
  skipped_older: number;
  skipped_equal: number;
  /** Those of `skipped_equal` whose stored values are others: corrections that are not written. */
  equal_differs: number;
  null_overwrites: number;
  /** Fields of features that the view had once, in the hashes of these entities. */
  orphan_fields: number;
  /** Fields in these hashes of which the workspace knows nothing. */
  unknown_fields: number;
  /** Of the added rows that were checked: how many are stored under a key of the other integer type. */
  int_mismatch: { found: number; checked: number };
  /** By how much what is stored is newer, over `skipped_older`; milliseconds. null when there are none. */
  older_by_ms: { min: number; median: number; max: number } | null;
  /** Keys, fields and values that are to be sent, or were. */
  bytes: number;
  /** Snapshot rows that were left out because a join key is NULL. Not part of `entities`. */
  null_keys?: number;
}

export interface MaterializeResult extends MaterializeCounts {
  /** `redis`, or `memory`: a rehearsal against an empty store, because no connection was given. */
  store?: 'redis' | 'memory';
  written: boolean;
  ms: number;
  /** null on a dry run; else whether every hash that was read back is equal to what was written, or newer. */
  verified: boolean | null;
  /** Rows that were read back: all that were written, or a sample of more than a million. */
  read_back: number;
  /** Those of them where another writer had put something newer by then: they count as verified. */
  overtaken: number;
  samples: MaterializeSample[];
  findings: MaterializeFinding[];
  batches: { rows: number; outcome: 'ok' | 'failed'; error?: ErrorRecord }[];
  /** An earlier write of the cell that did not end; null = none. */
  interrupted: InterruptedWrite | null;
  /** Of this write; on a dry run that of the cell's last one. null = never written, or this one did not end. */
  receipt: Receipt | null;
}

export interface InterruptedWrite {
  /** ISO 8601 UTC. */
  startedAt: string;
  /** Rows to write, and those that are acknowledged. */
  rows: number;
  acknowledged: number;
  /** Whether a write now would go on with it, or refuse because it would write something else. */
  same_plan: boolean;
}

/** One entity of the dry run, before and after, values printed as text; null = absent or NULL. */
export interface MaterializeSample {
  view: string;
  entity: Record<string, string>;
  outcome: 'added' | 'changed' | 'replaced' | 'skipped_older' | 'skipped_equal';
  before: Record<string, string | null> | null;
  after: Record<string, string | null>;
}

/** One entity for which the dry run found something besides its outcome. */
export interface MaterializeFinding {
  kind: 'null_overwrite' | 'int_mismatch' | 'orphan_field' | 'unknown_field';
  view: string;
  entity: Record<string, string>;
  /** Features, fields (hexadecimal where no name is known), or the types of the keys. */
  what: string[];
}

/** One file of a backfill: the values of a view at one instant. */
export interface BackfillPartition {
  view: string;
  /** ISO 8601 UTC. */
  at: string;
  /** Relative to the backfill's folder. */
  file: string;
  /** null while it is not known. */
  rows: number | null;
  /** Lower-case hexadecimal; null while the file is not whole. */
  sha256: string | null;
  /**
   * `to_do`: not there, or made from something else; `up_to_date`: whole, and made from the same definitions and
   * sources; `written`: by this run; `failed`, `cancelled`: what this run was at when it ended.
   */
  state: 'to_do' | 'up_to_date' | 'written' | 'failed' | 'cancelled';
}

/** Files that are there and need not be written. */
export function wholeFiles(partitions: readonly BackfillPartition[]): number {
  return partitions.filter(({ state }) => state === 'written' || state === 'up_to_date').length;
}

export interface BackfillResult {
  /** The folder, relative to where exports go. */
  out: string;
  /** Path of the manifest, relative likewise. */
  manifest: string;
  /** Whether the run was one that writes. */
  write: boolean;
  /** By view in the cell's order, then by instant. */
  partitions: BackfillPartition[];
  /** Files in the folder that are no part of the grid. */
  warnings: string[];
}

export interface LookupValue {
  /** JSON-safe: int64 beyond 2^53 as string, timestamps ISO 8601, bytes base64. */
  value: unknown;
  /** `present`, `null` (stored NULL or no field), `missing` (no such entity or view), `expired` (older than ttl). */
  status: ValueStatus;
  /** Milliseconds between the stored event time and now; null when nothing is stored. */
  age_ms: number | null;
  /** Whether the definition's default stands in for the stored value. */
  defaulted: boolean;
}

/** What a store answered to a lookup. */
export interface LookupAnswer {
  rows: { entity: Record<string, unknown>; features: Record<string, LookupValue> }[];
  /** null for a rehearsal in memory: nothing was measured. */
  latency_ms: { p50: number; p95: number; p99: number } | null;
  store?: 'redis' | 'memory';
}

export interface LookupResult extends LookupAnswer {
  /** How often the whole lookup was timed. */
  calls: number;
  /** What it may take, in milliseconds. */
  budget_ms: number;
}

export interface ChartResult {
  /** The Vega-Lite specification with the rows inlined by the host; null until drawn. */
  spec: Record<string, unknown>;
  rows: number;
}

/** What one cell gave. `relation` is the name under which SQL cells and the grid read its rows. */
export interface CellRun {
  name: string;
  kind: string;
  status: 'ok' | 'failed' | 'skipped';
  ms: number;
  rows: number | null;
  columns: ColumnInfo[];
  error: ErrorRecord | null;
  relation: string | null;
  result:
    | TrainingResult
    | SkewResult
    | DriftResult
    | AuditResult
    | MaterializeResult
    | BackfillResult
    | ReplayResult
    | LookupResult
    | ChartResult
    | Record<string, never>;
}
