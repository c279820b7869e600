/** What an alarm line is drawn through. */
export const DRIFT_MEASURES = ['psi', 'ks', 'null_rate', 'default_rate'] as const;
export type DriftMeasure = (typeof DRIFT_MEASURES)[number];

/** Of some rows. Rates are shares of `rows`; null without rows, or where the feature has no constant default or no mean. */
export interface DriftNumbers {
  rows: number;
  null_rate: number | null;
  default_rate: number | null;
  /** Over finite numbers. */
  mean: number | null;
}

/** A feature in one window; null throughout where the window has no rows. */
export interface DriftWindow extends DriftNumbers {
  /** ISO 8601 UTC. */
  start: string;
  psi: number | null;
  /** Jensen-Shannon divergence in bits, for categories only. */
  js: number | null;
  ks: number | null;
  /** Lines that the window is above. One of the reference is above none. */
  alarms: DriftMeasure[];
  /** Whether PSI is above 0.1 and not above its alarm line. */
  notice: boolean;
}

export interface DriftFeature {
  /** `view:feature`. */
  ref: string;
  column: string;
  reference: DriftNumbers;
  windows: DriftWindow[];
  /** The highest PSI outside the reference. */
  worst: { start: string; psi: number } | null;
  /** A sentence for each line that some window is above. */
  alarms: string[];
}

/** How old the newest row of a view's source was that was visible at the end of each window. */
export interface DriftFreshness {
  view: string;
  /** The view's tag `freshness_sla`; null without one. */
  sla_ms: number | null;
  /** `at`: the window's end; of the last window its last row, for that window may be cut short. null age: no row yet. */
  windows: { at: string; age_ms: number | null; late: boolean }[];
  alarms: string[];
}

export interface DriftResult {
  /** The training set or source that was looked at. */
  of: string;
  every: string;
  /** Rows with a time, and those of the reference; the latter's end is exclusive. */
  rows: number;
  reference: { start: string; end: string; rows: number };
  lines: Record<DriftMeasure, number | null>;
  features: DriftFeature[];
  freshness: DriftFreshness[];
  /** All alarms in words; empty = none. */
  alarms: string[];
  warnings: string[];
}
