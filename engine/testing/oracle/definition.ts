import type { FeatureType, ScalarType } from '../../catalog/model';
import type { OracleValue } from './value';

/** Columns of a source beside its keys and times. */
export type Payload = Record<string, OracleValue>;

/** A source row. Instants are microseconds; NULL keys and times are allowed. */
export interface OracleEvent {
  keys: OracleValue[];
  at: bigint | null;
  /** created_timestamp. */
  made: bigint | null;
  /** available_at, in sources that name one. */
  available: bigint | null;
  /** valid_to, in views of intervals. */
  until: bigint | null;
  payload: Payload;
  /** Position in file order. */
  order: number;
}

export interface OracleSpineRow {
  keys: OracleValue[];
  t: bigint | null;
  /** A column of the spine that on-demand features read. */
  r: number | null;
}

export type Boundary = 'half-open' | 'closed' | 'open-closed' | 'sawtooth' | 'calendar-day';

/** Microseconds. */
export interface OracleWindow {
  length: bigint;
  offset: bigint;
  boundary: Boundary;
  /** The least gap that ends a session; absent: the window has none. */
  session?: bigint;
}

/** Predicates over the payload, by name; `predicates.ts` says what they mean. */
export type OracleWhere =
  'all' | 'none' | 'tag_a' | 'i_positive' | 'f_positive' | 'flag' | 'j_known' | 'tag_unlike_a';

export type OracleFunction =
  | 'count'
  | 'count_distinct'
  | 'approx_count_distinct'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'stddev'
  | 'variance'
  | 'first'
  | 'last'
  | 'last_n'
  | 'quantile'
  | 'mode'
  | 'entropy';

export interface OracleAggregation {
  fn: OracleFunction;
  /** A column, or `*` for count. */
  of: string;
  where: OracleWhere;
  /** n of last_n, q of quantile. */
  parameter?: number;
}

/** Aggregate expressions that a user might write whole, by name; `whole-expression.ts` says what they mean. */
export type WholeExpression = 'mean_of_all' | 'doubled_count' | 'span' | 'share_of_flags';

/** Scalar expressions over other features and the spine's columns; `on-demand.ts` says what they mean. */
export type OnDemandExpression = 'sum' | 'first_known' | 'scaled' | 'is_missing';

export type OracleDefinition =
  | { kind: 'column'; column: string }
  | { kind: 'aggregation'; window: OracleWindow; aggregation: OracleAggregation }
  | { kind: 'ratio'; window: OracleWindow; of: OracleAggregation; over: OracleAggregation }
  | { kind: 'expression'; window: OracleWindow; expression: WholeExpression }
  /** `inputs` are features of other views, `<view>_<feature>`. */
  | { kind: 'on_demand'; expression: OnDemandExpression; inputs: string[] };

export type OraclePolicy =
  | { kind: 'none' }
  | { kind: 'zero' }
  | { kind: 'constant'; value: OracleValue }
  | { kind: 'global_mean' }
  /** By the value of another feature of the view. */
  | { kind: 'category_mean'; category: string };

export interface OracleFeature {
  name: string;
  type: FeatureType;
  definition: OracleDefinition;
  policy: OraclePolicy;
  /** Whether a column tells where the value was NULL before the policy. */
  indicator: boolean;
}

export interface OracleView {
  name: string;
  kind: 'table' | 'aggregate' | 'dimension' | 'on_demand';
  /** Whether the source names an available_at column. */
  late: boolean;
  /** Whether the view names a created_timestamp. */
  usesMade: boolean;
  /** Microseconds; null = unlimited. */
  ttl: bigint | null;
  features: OracleFeature[];
}

export type OracleStatus = 'present' | 'missing' | 'expired' | 'null';

/** One feature of one spine row. */
export interface OracleCell {
  /** After the default. */
  value: OracleValue;
  /** Before it. */
  raw: OracleValue;
  status: OracleStatus;
  /** After the default. */
  naive: OracleValue;
  leaks: boolean;
}

export type KeyTypes = readonly ScalarType[];
