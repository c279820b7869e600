/**
 * The catalog: what a notebook's definitions mean once names are resolved. Plain immutable data; every instant
 * and duration is a whole number of microseconds, as bigint.
 */

import type { Boundary, TimeWindow } from './window';

export const SCALAR_TYPES = [
  'int32',
  'int64',
  'float32',
  'float64',
  'bool',
  'string',
  'bytes',
  'timestamp',
] as const;
export type ScalarType = (typeof SCALAR_TYPES)[number];
/** `float64`, or a list of it: `float64[]`. */
export type FeatureType = ScalarType | `${ScalarType}[]`;

/** A folder file, a list of them or globs, read as one relation with one event time. */
export interface Source {
  name: string;
  /** Paths or globs relative to the workspace, in the order written. */
  files: string[];
  /** The event time column; null for a source that has none (a lookup table). */
  timestamp: string | null;
  /** The column that says when a row could first be known; null: when it happened. A row with NULL there never could. */
  availableAt: string | null;
  description: string;
}

export interface JoinKey {
  name: string;
  type: ScalarType;
}

export interface Entity {
  name: string;
  /** In the order written. Compared column by column, never concatenated. */
  joinKeys: JoinKey[];
  description: string;
}

export const AGGREGATIONS = [
  'count',
  'count_distinct',
  'approx_count_distinct',
  'sum',
  'avg',
  'min',
  'max',
  'stddev',
  'variance',
  'first',
  'last',
  'last_n',
  'quantile',
  'mode',
  'entropy',
] as const;
export type AggregationName = (typeof AGGREGATIONS)[number];

/** One aggregation over the events of a window. `of` is `*` (count only) or a scalar SQL expression. */
export interface Aggregation {
  fn: AggregationName;
  of: string;
  /** A SQL predicate over the event's columns, or null for all events. */
  where: string | null;
  /** The n of `last_n`, the q of `quantile`; absent for the others. */
  parameter?: number;
}

/** How a feature's value comes from its view's source. */
export type FeatureDefinition =
  | { kind: 'column'; column: string }
  | { kind: 'aggregation'; window: TimeWindow; aggregation: Aggregation }
  | { kind: 'ratio'; window: TimeWindow; of: Aggregation; over: Aggregation }
  /** One SQL aggregate expression over the event's columns, for instance `sum(a) / count(*)`. */
  | { kind: 'expression'; window: TimeWindow; expression: string };

/**
 * What stands in for a value that is NULL after the join. `none` leaves NULL. Means are taken once per build, over
 * what was visible before the earliest spine time; `by` names a feature of the same view.
 */
export type DefaultPolicy =
  | { kind: 'none' }
  | { kind: 'zero' }
  | { kind: 'constant'; value: string | number | bigint | boolean }
  | { kind: 'global_mean' }
  | { kind: 'category_mean'; by: string };

/** What every feature has, however it is computed. */
export interface NamedFeature {
  name: string;
  type: FeatureType;
  default: DefaultPolicy;
  /** Whether a training set gets the column `<feature>__missing`: true where the value was NULL before the default. */
  missingIndicator: boolean;
  description: string;
}

export interface Feature extends NamedFeature {
  definition: FeatureDefinition;
}

/** The columns of a dimension's source between which a row holds: `from <= t < to`; NULL `to` = still. */
export interface Validity {
  from: string;
  to: string;
}

/**
 * `table`: values computed elsewhere, one row per time. `aggregate`: values computed here, from events. `dimension`:
 * values computed elsewhere, one row per stretch of time (slowly changing dimension).
 */
export interface FeatureView {
  name: string;
  kind: 'table' | 'aggregate' | 'dimension';
  /** Entity names; the view's join keys are theirs, in this order. */
  entities: string[];
  source: string;
  /** The source's event time column; of a dimension, where a row begins to hold. */
  timestamp: string;
  /** null unless the view is a dimension. */
  validity: Validity | null;
  createdTimestamp: string | null;
  /** Microseconds; null = unlimited. For an aggregate view it limits the age of a stored online value only. */
  ttl: bigint | null;
  features: Feature[];
  /** Of the definition, above 0: the online store then keeps the view as `name_vN`. Absent: the plain name. */
  version?: number;
  /** The log of the source's events in order of arrival, a source of the same columns; absent: there is none. */
  stream?: string;
  description: string;
  tags: Record<string, string>;
}

/** A feature that is computed from other features after the join, by one scalar SQL expression. */
export interface OnDemandFeature extends NamedFeature {
  expression: string;
  /** Names in the expression that are features, in lower case, each with the feature that it stands for. */
  inputs: { name: string; view: string; feature: string }[];
  /** Names that are no feature: columns of the spine in a training set, keys of the entity in a lookup. */
  parameters: string[];
}

/** A view without rows of its own. */
export interface OnDemandView {
  name: string;
  features: OnDemandFeature[];
  description: string;
  tags: Record<string, string>;
}

/** `view:feature`, and the column that it becomes in the training set. */
export interface FeatureRef {
  view: string;
  feature: string;
  column: string;
}

export interface TrainingSet {
  name: string;
  spineSql: string;
  timestamp: string;
  label: string | null;
  features: FeatureRef[];
  export: { file: string; compression: 'zstd' | 'snappy' | 'gzip' | 'none' } | null;
}

/**
 * Where one side of a comparison has its values from. `training`: the rows of the training set. `source`, `query`: rows that
 * hold the features under their names, at `timestamp` (null = the source's own, or the set's). `redis`: what a store answers at
 * `at` (microseconds UTC; null = the newest time that it holds). `view`: the features of the same names in another view.
 * `boundary`: the set's windows with another preset. `stream`: what a consumer of the log knew that dropped rows more than
 * `delay` (microseconds) late.
 */
export type SkewSide =
  /** The rows of a training set. */
  | { kind: 'training'; set: string }
  | { kind: 'source'; source: string; timestamp: string | null }
  | { kind: 'query'; query: string; timestamp: string | null }
  | { kind: 'redis'; redis: string; project: string; at: bigint | null }
  | { kind: 'view'; view: string }
  | { kind: 'boundary'; boundary: Boundary }
  | { kind: 'stream'; stream: string; delay: bigint };

/** What rows are told apart by: a column of either side, or the stretch of time that they lie in (microseconds). */
export type Segmentation = { kind: 'column'; column: string } | { kind: 'time'; every: bigint };

/** Above any of these the check fails. Shares are 0 to 1; null = no limit. */
export interface SkewLimits {
  /** Of the compared rows. */
  mismatchRate: number | null;
  psi: number | null;
  /** Of NULL on the serving side. */
  nullRate: number | null;
  /** Rows of both sides without a partner, of all rows. */
  unmatchedRate: number | null;
}

export interface SkewCheck {
  name: string;
  /** Names the features, the join keys and the time; its rows are the left side unless `baseline` says otherwise. */
  trainingSet: string;
  baseline: SkewSide;
  serving: SkewSide;
  /** How far apart in time two rows of the same keys may be and still be compared, microseconds. */
  within: bigint;
  tolerance: { absolute: number; relative: number };
  segments: Segmentation[];
  /** Instants at which a definition changed, for the charts along time. */
  releases: { name: string; at: bigint }[];
  limits: SkewLimits;
}

/** Features over windows of time, held against a reference. */
export interface DriftCheck {
  name: string;
  /** Names the features; its rows are looked at unless `source` says otherwise. */
  trainingSet: string;
  /** Rows that hold the features under their names; `timestamp` null = the source's own. */
  source: { name: string; timestamp: string | null } | null;
  /** Length of a window, microseconds; windows begin at multiples of it. */
  every: bigint;
  /** Microseconds, `end` exclusive; null = the first quarter of the windows, at least one. */
  reference: { start: bigint; end: bigint } | null;
  features: FeatureRef[];
  /** Above one of these a window raises an alarm; null = no such line. */
  lines: { psi: number; ks: number | null; nullRate: number | null; defaultRate: number | null };
  /** Whether an alarm fails the cell. */
  fail: boolean;
}

/** A training file made elsewhere, held against a training set's definitions. */
export interface AuditCheck {
  name: string;
  /** Path or glob relative to the workspace. */
  file: string;
  trainingSet: string;
  /** Columns of the file that are not named as their feature. */
  columns: { column: string; view: string; feature: string }[];
  /** The file's event time column; null = named as in the training set. */
  timestamp: string | null;
  /** Join key -> column of the file, for those that have another name there. */
  keys: Readonly<Record<string, string>>;
  tolerance: { absolute: number; relative: number };
  /** Percent of the file's rows that may be not right. */
  limit: number;
}

export interface Materialization {
  name: string;
  views: string[];
  /** Microseconds UTC; `max` = the greatest event time of each view's source. */
  end: bigint | 'max';
  start: bigint | null;
  /** Whether each view begins where its last verified write ended; `start` then holds for the first one. */
  incremental: boolean;
  /** `newer`: Feast's rule; `equal`: values of the same event time are replaced too. */
  replace: 'newer' | 'equal';
  /** Seconds until a written hash expires; null = never. */
  expire: number | null;
  redis: string;
  project: string;
}

/** Values of views at a grid of instants, for all entities, as partitioned Parquet. */
export interface Backfill {
  name: string;
  views: string[];
  /** Microseconds UTC: the first instant. */
  start: bigint;
  /** Microseconds UTC, inclusive; `max` = the greatest event time of each view's source. */
  end: bigint | 'max';
  /** Microseconds between two instants, at least one second. */
  every: bigint;
  /** A folder relative to the workspace, forward slashes, without a slash at its end. */
  out: string;
  compression: 'zstd' | 'snappy' | 'gzip' | 'none';
}

/** A stream view's log, consumed in order of arrival and held against the batch source. */
export interface Replay {
  name: string;
  /** A view with a stream. */
  view: string;
  /** How far the watermark stays behind the greatest event time seen; microseconds. */
  delay: bigint;
  /** When values are compared, microseconds UTC; `max` = when the log ends: its last event or arrival. */
  end: bigint | 'max';
  /** How much faster than real time the log goes by where somebody looks on; `max` = as fast as possible. */
  speed: number | 'max';
  /** Delays that are tried besides, microseconds. */
  sweep: bigint[];
}

export interface LookupRequest {
  name: string;
  redis: string;
  /** The project under which the values were materialized; null = that of the notebook's one materialize cell. */
  project: string | null;
  /** One object of join key -> value per entity; int64 beyond 2^53 as bigint. */
  entities: Record<string, string | number | bigint>[];
  features: FeatureRef[];
  /** How often the whole lookup is timed. */
  calls: number;
  /** The instant that ages are taken against, microseconds UTC; absent = now. */
  at?: bigint;
  /** What a lookup may take, in milliseconds: its p99 is held against it. */
  budgetMs: number;
}

export interface Query {
  name: string;
  sql: string;
}

export interface Chart {
  name: string;
  /** The query, source, view or training set that it draws. */
  data: string;
  /** The Vega-Lite specification without `data`. */
  spec: Record<string, unknown>;
}

/** Everything that a notebook (and what it includes) defines, by name. */
export interface Catalog {
  sources: ReadonlyMap<string, Source>;
  entities: ReadonlyMap<string, Entity>;
  views: ReadonlyMap<string, FeatureView>;
  /** No name is in `views` as well. */
  onDemandViews: ReadonlyMap<string, OnDemandView>;
  trainingSets: ReadonlyMap<string, TrainingSet>;
  skews: ReadonlyMap<string, SkewCheck>;
  drifts: ReadonlyMap<string, DriftCheck>;
  audits: ReadonlyMap<string, AuditCheck>;
  materializations: ReadonlyMap<string, Materialization>;
  backfills: ReadonlyMap<string, Backfill>;
  replays: ReadonlyMap<string, Replay>;
  lookups: ReadonlyMap<string, LookupRequest>;
  queries: ReadonlyMap<string, Query>;
  charts: ReadonlyMap<string, Chart>;
}
