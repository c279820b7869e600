import { computedValues } from '../catalog/computed-values';
import type { Catalog, DefaultPolicy, FeatureType, FeatureView, TrainingSet } from '../catalog/model';
import type { ColumnInfo, Database } from '../database/database';
import { PlumblineError } from '../errors';
import type { ValueStatus } from '../results';
import type { Reason } from '../sql/explain-reasons';
import { type FeatureMean, type Means, meansByRef } from '../sql/mean';
import { explainExpression } from './explained-expression';
import { explainRows } from './explained-rows';
import { explainedRow, type ExplainedRow } from './explained-row';

/** What every explanation says. Instants are BIGINT microseconds UTC. */
export interface ExplainedValue {
  set: string;
  /** From 0, in the table as it was built. */
  row: number;
  /** From 0, in the whole spine: another number than `row` in a sample. */
  spineRow: number;
  /** `view:feature`. */
  ref: string;
  type: FeatureType;
  /** The spine row: all its columns, and their types. */
  spine: Record<string, unknown>;
  spineColumns: ColumnInfo[];
  /** The spine row's event time. */
  t: bigint | null;
  /** As the training set shows it. */
  value: unknown;
  /** Before the default policy. */
  raw: unknown;
  status: ValueStatus;
  policy: DefaultPolicy;
  /** Whether the default stands in. */
  defaulted: boolean;
  /** The mean that the default names, as the build took it, and the category of this row; null for other defaults. */
  mean: { taken: FeatureMean; category: unknown } | null;
  /** The column that says whether the value was missing; null where the set has none. */
  indicator: { column: string; value: boolean } | null;
}

/** Why a value is what it is that comes from source rows. */
export interface RowExplanation extends ExplainedValue {
  kind: FeatureView['kind'];
  source: string;
  /** The column that says when a row could first be known; null where the source has none. */
  availableAt: string | null;
  /** Join keys and their values. */
  entity: Record<string, unknown>;
  window: ExplainedWindow;
  /** The two sides of a ratio, as float64. */
  ratio: { of: unknown; over: unknown } | null;
  /** What a join that ignores t gives; `last` = when its newest row happened or could be known, whichever is later. */
  naive: { value: unknown; leaks: boolean; last: bigint | null };
  /** Every source row of the entity has one reason (and side): how many have each, in the order of `REASONS`. */
  reasons: ReasonCount[];
  /** Some rows of each reason and the rows nearest to `t`, oldest first; rows without a time come before all others. */
  candidates: Candidate[];
  /** The source's own columns: the names of `Candidate.values`. */
  columns: ColumnInfo[];
  /** The SQL that gave the value. */
  sql: string;
}

/** Why a value is what it is that is computed from other values. */
export interface ExpressionExplanation extends ExplainedValue {
  kind: 'on_demand';
  expression: string;
  /** The features that the expression names, each to be explained in its turn. */
  inputs: ExplainedInput[];
  /** The columns of the spine that it names. */
  parameters: { name: string; type: string; value: unknown }[];
  /** What the expression gives over the inputs' naive values. */
  naive: { value: unknown; leaks: boolean };
  sql: string;
}

export type Explanation = RowExplanation | ExpressionExplanation;

export interface ExplainedInput {
  /** As the expression has it. */
  name: string;
  ref: string;
  type: FeatureType;
  value: unknown;
  status: ValueStatus;
  defaulted: boolean;
  /** Whether a naive join would take it from the future. */
  leaks: boolean;
}

/** Where rows can count. */
export interface ExplainedWindow {
  /** The first instant that belongs; null where nothing limits it below, or for a spine row without a time. */
  from: bigint | null;
  /** The upper edge; null for a spine row without a time. */
  to: bigint | null;
  /** Whether a row exactly at `to` belongs. */
  included: boolean;
  /** In terms of t: `[t-7d, t)`. */
  text: string;
}

/** Where a row of a ratio counts: in the numerator, the denominator or both. */
export type RatioSide = 'of' | 'over' | 'both';

export interface ReasonCount {
  reason: Reason;
  /** null for rows that do not count, and for whatever is no ratio. */
  side: RatioSide | null;
  rows: number;
  /** The earliest and the latest event time among them; null for rows without a time. */
  first: bigint | null;
  last: bigint | null;
}

export interface Candidate {
  /** The row's event time; of a dimension, when it begins to hold. */
  at: bigint | null;
  /** Of a dimension, when it ceases to hold; null = never, and for all other views. */
  until: bigint | null;
  /** When it could first be known; null where the source does not say, or never. */
  known: bigint | null;
  /** Position over all files of the source. */
  order: number;
  reason: Reason;
  /** As in `ReasonCount`. */
  side: RatioSide | null;
  /** The source's own columns. */
  values: Record<string, unknown>;
}

export interface ExplainOptions {
  /** The means that the build took; without them it is not told which rows a mean was taken over. */
  means?: readonly FeatureMean[];
  /** Candidate rows; 200 unless told. One of each reason is given even where that is more. */
  limit?: number;
  signal?: AbortSignal;
}

/** What an explanation of any kind starts from. */
export interface ExplainContext {
  db: Database;
  catalog: Catalog;
  set: TrainingSet;
  row: number;
  spineRow: ExplainedRow;
  means: Means;
  limit: number;
  signal: AbortSignal | undefined;
}

/**
 * Explains the value of `ref` (`view:feature`) in row `row` of a training set that stands built: a feature of the set, or
 * one that its on-demand features are computed from. The value comes out of the same SQL as the training set's.
 * Errors: `catalog.unknown_feature`, `usage` for a row that is not there.
 */
export async function explainValue(
  db: Database,
  catalog: Catalog,
  set: TrainingSet,
  row: number,
  ref: string,
  options: ExplainOptions = {},
): Promise<Explanation> {
  const { signal, limit = 200 } = options;
  const known = computedValues(catalog, set.features).refs;
  const chosen = known.find((one) => `${one.view}:${one.feature}` === ref);
  if (!chosen)
    throw new PlumblineError('catalog.unknown_feature', `${set.name} has no feature ${ref}`, {
      hint: `It has ${known.map((one) => `${one.view}:${one.feature}`).join(', ')}.`,
    });
  const spineRow = await explainedRow(db, catalog, set, row, signal);
  const means = meansByRef(options.means ?? []);
  const context: ExplainContext = { db, catalog, set, row, spineRow, means, limit, signal };
  return catalog.onDemandViews.has(chosen.view)
    ? explainExpression(context, chosen)
    : explainRows(context, chosen);
}
