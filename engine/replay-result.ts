/** How far a replay has come. Instants are ISO 8601 UTC, null before the first row. */
export interface ReplayCounts {
  /** Rows that arrived: accepted, late or without a key. */
  read: number;
  accepted: number;
  /** Dropped: they happened before the watermark. */
  late: number;
  /** Dropped: a join key is NULL. */
  no_key: number;
  /** Rows that left the state because no window can reach them any more. */
  evicted: number;
  /** Rows in the state, and the most there were after any batch. */
  state_rows: number;
  most_state_rows: number;
  /** Entities whose values are online. */
  entities: number;
  watermark: string | null;
  /** When the last row that was read arrived. */
  arrival: string | null;
  batches: number;
}

/** Why a value of the stream is not that of the batch source. */
export const REPLAY_REASONS = [
  /** A row came after the watermark and was dropped. */
  'late',
  /** A row had not arrived by the end, or says of no time that it did. */
  'not_arrived',
  'not_in_log',
  'not_in_batch',
  /** A row is in the log more often than in the batch source. */
  'duplicate',
  /** The same rows in another order, and the value depends on it. */
  'order',
] as const;
export type ReplayReason = (typeof REPLAY_REASONS)[number];

export interface ReplayCause {
  reason: ReplayReason;
  /** Rows behind the differences; 0 for `order`. */
  rows: number;
}

/** Values as DuckDB prints them, null = NULL. */
export interface ReplayExample {
  entity: Record<string, string | null>;
  batch: string | null;
  stream: string | null;
  causes: ReplayCause[];
  /** How late the latest of its dropped rows was, microseconds; null without any. */
  late_by_us: number | null;
}

export interface ReplayFeature {
  ref: string;
  /** Entities whose values differ. */
  differing: number;
  /** Over the differing entities, of finite numbers; null for other types or none. */
  mean_abs_diff: number | null;
  max_abs_diff: number | null;
  /** Entities by cause, most first; an entity may have several. `rows` counts theirs. */
  causes: (ReplayCause & { entities: number })[];
  /** Differing entities whose rows were looked at. */
  explained: number;
  examples: ReplayExample[];
}

/** One row that was dropped as late. */
export interface LateRow {
  entity: Record<string, string | null>;
  event_time: string;
  arrival: string;
  late_by_us: number;
}

export interface ReplayLateness {
  median_us: number;
  p95_us: number;
  max_us: number;
  /** Rows that were late by at most so much, and more than the bucket before; null = any more. */
  buckets: { up_to_us: number | null; rows: number }[];
  /** The latest ones. */
  examples: LateRow[];
}

/** What another watermark delay would give at the same end. */
export interface SweepPoint {
  delay_us: number;
  late: number;
  /** Of the rows that arrived by the end. */
  late_share: number;
  /** Share of the entities all of whose values are those of the batch source. */
  match_rate: number;
  features: { ref: string; differing: number; mean_abs_diff: number | null; max_abs_diff: number | null }[];
}

export interface ReplayResult {
  view: string;
  stream: string;
  source: string;
  delay_us: number;
  /** When the values were compared; null where the log is empty. */
  end: string | null;
  counts: ReplayCounts;
  /** Rows of the log without event time or arrival: they take no part. */
  no_time: number;
  /** null when no row was late. */
  lateness: ReplayLateness | null;
  /** Entities of the batch source or the log, and those all of whose values agree. */
  entities: { compared: number; equal: number };
  features: ReplayFeature[];
  sweep: SweepPoint[];
}
