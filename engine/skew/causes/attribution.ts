import type { Boundary } from '../../catalog/window';
import type { FeatureKind, Tolerance } from '../../sql/compared-value';
import type { Means } from '../../sql/mean';

/** Two values of one feature for the same rows, of which it is asked why they differ. */
export interface AttributionJob {
  /** The view that defines the left side. */
  view: string;
  feature: string;
  kind: FeatureKind;
  tolerance: Tolerance;
  /** For a default that names one. */
  means: Means;
  /**
   * A SELECT or a quoted relation, one row per compared row: `__row` BIGINT (unique), `__t` BIGINT (microseconds), the view's
   * join keys under their own names, `left` (after the default), `right`, `differs` BOOLEAN.
   */
  rows: string;
}

/** What serving does otherwise, in one respect. Durations as the notebook writes them. */
export type CausePart =
  /** `strict`: a row of a feature table that lies exactly at `t` is not seen. */
  | { kind: 'boundary'; to: Boundary | 'strict' }
  | { kind: 'length'; times: '1/24' | '1/7' | '2' | '7' }
  /** Event times are taken to be later by so many hours; some zones have a half or three quarters. */
  | { kind: 'zone'; hours: number }
  /** Days (and what else a window's edges are rounded to) begin at local midnight of UTC + so many hours. */
  | { kind: 'days'; hours: number }
  | { kind: 'stale'; by: string }
  /** A copy that is made at full hours or UTC midnights. */
  | { kind: 'refresh'; every: string }
  | { kind: 'late' }
  | { kind: 'ttl' }
  /** Which of several rows of one entity and time counts as the newest: by their place in the files alone. */
  | { kind: 'ties'; takes: 'first' | 'last' }
  | { kind: 'duplicates'; are: 'counted' | 'dropped' }
  /** What stands where nothing is known: NULL instead of the default, or `value` (text). */
  | { kind: 'default'; gives: 'null' }
  | { kind: 'default'; gives: 'constant'; value: string }
  | { kind: 'cast'; to: 'float32' | 'truncated' | 'rounded' };

/** One change of a cell's YAML; `path` from the cell's root. */
export type CauseEdit = { cell: string; path: string[]; label: string } & (
  | { value: string | number | bigint | boolean }
  | { remove: true }
  /** The key at the path's end gets this name and keeps its value. */
  | { rename: string }
);

export interface CauseExample {
  row: bigint;
  /** As text; null for NULL. */
  left: string | null;
  right: string | null;
  recomputed: string | null;
}

export interface Cause {
  /** `boundary:closed`, `zone:+5h`, `stale:1d`; two in the same rows `a + b`, one or the other by row `a or b`. */
  cause: string;
  parts: CausePart[];
  /** Whether of a pair each row has one or the other, not both. */
  either: boolean;
  /** Share of the mismatching rows whose right value it gives. */
  explains: number;
  /** Those rows. */
  rows: number;
  /** Share of the agreeing rows looked at that stay equal; null where none was looked at. */
  keeps: number | null;
  /** What serving does, as a person would write it. */
  sentence: string;
  /** What to do where no definition gives it; null where `edits` does. */
  hint: string | null;
  /** Changes of the definition that would make both sides agree, all of them together; empty where none does. */
  edits: CauseEdit[];
  examples: CauseExample[];
  /** Causes that no row looked at tells apart from this one. */
  alike: string[];
}

export interface Attribution {
  examined: {
    mismatches: number;
    total: number;
    /** Agreeing rows that were looked at. */
    agreeing: number;
    /** Mismatching rows that were counted: all, unless there are millions. */
    counted: number;
  };
  /** Best first. */
  causes: Cause[];
  /** The named cause, the first of `causes`; null: no known cause. */
  verdict: string | null;
  /** Share of the mismatching rows that the named cause leaves unexplained. */
  remaining: number;
  /** Why less was tried than usual, or what else to know; null: nothing. */
  note: string | null;
}
