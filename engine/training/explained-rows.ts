import { featureNamed } from '../catalog/feature-named';
import { queryRows } from '../database/rows';
import { loadedColumns } from '../database/source-tables';
import type { CompiledView } from '../sql/compiled-view';
import { explainFactsSql } from '../sql/explain-facts';
import { includesUpper } from '../sql/window-edges';
import { type Reason, REASONS } from '../sql/explain-reasons';
import { explainedValueSql, explainRowsSql } from '../sql/explain-rows';
import { prepareView } from '../sql/view-facts';
import { commonFacts, entityOf, pointOf } from './explained-row';
import type { Candidate, ExplainContext, RatioSide, ReasonCount, RowExplanation } from './explanation';
import { windowText } from './window-text';

interface Ref {
  view: string;
  feature: string;
}

/** The feature alone, and with the category that its mean is taken by. */
export async function viewOfFeature(
  { db, catalog, signal }: ExplainContext,
  { view, feature }: Ref,
): Promise<{ compiled: CompiledView; withCategory: CompiledView }> {
  const policy = featureNamed(catalog, { view, feature })?.default;
  const names = policy?.kind === 'category_mean' ? [feature, policy.by] : [feature];
  const withCategory = await prepareView(db, catalog, view, names, signal);
  return { compiled: { ...withCategory, features: [withCategory.features[0]!] }, withCategory };
}

/** Explains a value by the source rows of its entity. */
export async function explainRows(context: ExplainContext, ref: Ref): Promise<RowExplanation> {
  const { db, set, row, means, limit, signal } = context;
  const { compiled, withCategory } = await viewOfFeature(context, ref);
  const { view, keys } = compiled;
  const { feature, window } = compiled.features[0]!;
  const point = pointOf(set, row, keys);
  const mean = means.get(`${ref.view}:${ref.feature}`);
  const [facts = {}] = await queryRows(db, explainFactsSql(withCategory, point, mean), { signal });
  const columns = (await loadedColumns(db, view.source, signal)).filter(({ name }) => !name.startsWith('__'));
  const names = columns.map(({ name }) => name);
  const rows = await queryRows(db, explainRowsSql(compiled, point, names, limit), { signal });
  const common = commonFacts(context, ref, feature, facts);
  return {
    ...common,
    kind: view.kind,
    source: view.source,
    availableAt: compiled.availability,
    entity: entityOf(context.spineRow.spine, keys),
    window: {
      from: facts['from'] as bigint | null,
      to: facts['to'] as bigint | null,
      included: includesUpper(window),
      text: windowText(compiled),
    },
    ratio: 'of' in facts ? { of: facts['of'], over: facts['over'] } : null,
    naive: { ...common.naive, last: facts['naive_last'] as bigint | null },
    reasons: reasonCounts(rows),
    candidates: rows.map((one) => candidate(one, names)),
    columns,
    sql: explainedValueSql(compiled, point),
  };
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
    until: row['__until'] as bigint | null,
    known: row['__known'] as bigint | null,
    order: Number(row['__order']),
    reason: row['__reason'] as Reason,
    side: row['__side'] as RatioSide | null,
    values: Object.fromEntries(names.map((name) => [name, row[name]])),
  };
}
