import type { Catalog, DefaultPolicy, FeatureType, FeatureView, TrainingSet } from '../catalog/model';
import type { ColumnInfo, Database } from '../database/database';
import { queryRows } from '../database/rows';
import { loadedColumns } from '../database/source-tables';
import { PlumblineError } from '../errors';
import type { ValueStatus } from '../results';
import { explainedValueSql, explainRowsSql } from '../sql/explain-rows';
import { type Reason, REASONS } from '../sql/explain-reasons';
import { explainFactsSql, includesUpper } from '../sql/explain-facts';
import { wantsMean } from '../sql/mean';
import { prepareView } from '../sql/view-facts';
import { entityOf, explainedRow, pointOf } from './explained-row';
import { windowText } from './window-text';

/** Why one value of a training set is what it is. Instants are BIGINT microseconds UTC. */
export interface Explanation {
  set: string;
  /** From 0, in the table as it was built. */
  row: number;
  /** From 0, in the whole spine: another number than `row` in a sample. */
  spineRow: number;
  /** `view:feature`. */
  ref: string;
  kind: FeatureView['kind'];
  type: FeatureType;
  source: string;
  /** The column that says when a row could first be known; null where the source has none. */
  availableAt: string | null;
  /** The spine row: all its columns, and their types. */
  spine: Record<string, unknown>;
  spineColumns: ColumnInfo[];
  /** Join keys and their values. */
  entity: Record<string, unknown>;
  /** The spine row's event time. */
  t: bigint | null;
  window: ExplainedWindow;
  /** As the training set shows it. */
  value: unknown;
  /** Before the default policy. */
  raw: unknown;
  policy: DefaultPolicy;
  /** Whether the default stands in. */
  defaulted: boolean;
  status: ValueStatus;
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
  /** The row's event time. */
  at: bigint | null;
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
  /** Candidate rows; 200 unless told. One of each reason is given even where that is more. */
  limit?: number;
  signal?: AbortSignal;
}

/**
 * Explains the value of `ref` (`view:feature`) in row `row` of a training set that stands built. The value comes out
 * of the same SQL as the training set's. Errors: `catalog.unknown_feature`, `catalog.not_supported` for a feature that is
 * computed on demand, `usage` for a row that is not there.
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
  const index = set.features.findIndex((one) => `${one.view}:${one.feature}` === ref);
  const chosen = set.features[index];
  if (!chosen)
    throw new PlumblineError('catalog.unknown_feature', `${set.name} has no feature ${ref}`, {
      hint: `It has ${set.features.map((one) => `${one.view}:${one.feature}`).join(', ')}.`,
    });
  refuseOnDemand(catalog, chosen);
  const compiled = await prepareView(db, catalog, chosen.view, [chosen.feature], signal);
  const { view, keys } = compiled;
  const { feature } = compiled.features[0]!;
  const { built, featureColumns, ...where } = await explainedRow(db, catalog, set, row, signal);
  const point = pointOf(set, row, keys);
  const [facts = {}] = await queryRows(db, explainFactsSql(compiled, point), { signal });
  // Only the build knows the mean that it took.
  const value = wantsMean(feature) ? built[featureColumns[index]!] : facts['value'];
  const columns = await loadedColumns(db, view.source, signal);
  const names = columns.map(({ name }) => name);
  const rows = await queryRows(db, explainRowsSql(compiled, point, names, limit), { signal });
  return {
    set: set.name,
    row,
    ref,
    ...where,
    kind: view.kind,
    type: feature.type,
    source: view.source,
    availableAt: compiled.availability,
    entity: entityOf(where.spine, keys),
    t: facts['t'] as bigint | null,
    window: {
      from: facts['from'] as bigint | null,
      to: facts['to'] as bigint | null,
      included: includesUpper(compiled.features[0]!.window),
      text: windowText(compiled),
    },
    value,
    raw: facts['raw'],
    policy: feature.default,
    defaulted: facts['raw'] === null && value !== null,
    status: facts['status'] as ValueStatus,
    ratio: 'of' in facts ? { of: facts['of'], over: facts['over'] } : null,
    naive: {
      value: built[`__naive_${index}`],
      leaks: built[`__leaks_${index}`] === true,
      last: facts['naive_last'] as bigint | null,
    },
    reasons: reasonCounts(rows),
    candidates: rows.map((one) => candidate(one, names)),
    columns,
    sql: explainedValueSql(compiled, point),
  };
}

/** There are no rows behind a feature that is computed from others: they are behind those. */
function refuseOnDemand(catalog: Catalog, { view, feature }: { view: string; feature: string }): void {
  const found = catalog.onDemandViews.get(view)?.features.find(({ name }) => name === feature);
  if (found === undefined) return;
  const inputs = found.inputs.map((input) => `${input.view}:${input.feature}`);
  throw new PlumblineError(
    'catalog.not_supported',
    `${view}:${feature} has no source rows: it is ${found.expression}`,
    {
      hint:
        inputs.length === 0
          ? 'It reads columns of the spine only.'
          : `Explain what it is computed from: ${inputs.join(', ')}.`,
    },
  );
}

function reasonCounts(rows: readonly Record<string, unknown>[]): ReasonCount[] {
  return REASONS.flatMap((reason) =>
    ([null, 'of', 'over', 'both'] as const).flatMap((side) => {
      const found = rows.find((row) => row['__reason'] === reason && row['__side'] === side);
      if (found === undefined) return [];
      const [first, last] = [found['__first'] as bigint | null, found['__last'] as bigint | null];
      return [{ reason, side, rows: Number(found['__rows']), first, last }];
    }),
  );
}

function candidate(row: Record<string, unknown>, names: readonly string[]): Candidate {
  return {
    at: row['__at'] as bigint | null,
    known: row['__known'] as bigint | null,
    order: Number(row['__order']),
    reason: row['__reason'] as Reason,
    side: row['__side'] as RatioSide | null,
    values: Object.fromEntries(names.map((name) => [name, row[name]])),
  };
}
