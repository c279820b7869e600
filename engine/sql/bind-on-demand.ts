import { computedValues } from '../catalog/computed-values';
import { featureNamed } from '../catalog/feature-named';
import type { Catalog, OnDemandFeature, OnDemandView } from '../catalog/model';
import type { ColumnInfo, Database } from '../database/database';
import type { BindCache } from './bind-cache';
import { type BindPart, defaultParts, startOf } from './bind-part';
import { type BindProblem, names, problem, refusal, shift } from './bind-problem';
import { duckType } from './duck-type';
import { scalarSql } from './on-demand';
import { quote } from './quote';

/**
 * Binds the expressions of on-demand views against the declared types of what they read. A parameter has the type that it
 * has in the spine of each training set that uses the feature (`spines`, by set); where none does, any type will do.
 */
export async function bindOnDemand(
  db: Database,
  catalog: Catalog,
  spines: ReadonlyMap<string, readonly ColumnInfo[]>,
  cache: BindCache,
): Promise<BindProblem[]> {
  const problems: BindProblem[] = [];
  for (const view of catalog.onDemandViews.values())
    for (const feature of view.features)
      problems.push(...(await bindFeature(db, catalog, view, feature, spines, cache)));
  return problems;
}

async function bindFeature(
  db: Database,
  catalog: Catalog,
  view: OnDemandView,
  feature: OnDemandFeature,
  spines: ReadonlyMap<string, readonly ColumnInfo[]>,
  cache: BindCache,
): Promise<BindProblem[]> {
  const parts = partsOf(feature);
  const refused = parts.flatMap((part) => refusal(view.name, part));
  if (refused.length > 0) return refused;
  for (const columns of scopes(catalog, view, feature, spines)) {
    const typed = columns.map(
      ({ name, type }) => `${type === '' ? 'NULL' : `CAST(NULL AS ${type})`} AS ${quote(name)}`,
    );
    const from = `(SELECT ${typed.join(', ') || '1 AS "__none"'}) AS inputs`;
    const errors = await cache.bindAll(db, from, columns, parts);
    const what = `what ${view.name}:${feature.name} reads`;
    if (errors.length > 0)
      return errors.map(([part, error]) =>
        problem(view.name, part.path, part.text, shift(error, part, from), names(columns), what),
      );
  }
  return [];
}

function partsOf(feature: OnDemandFeature): BindPart[] {
  const path = ['features', feature.name];
  const sql = scalarSql(feature);
  const text = feature.expression;
  return [
    {
      path: [...path, 'expression'],
      text,
      checked: true,
      sql,
      lead: startOf(text, sql),
      aggregate: false,
    },
    ...defaultParts(feature).map((part) => ({ ...part, path: [...path, ...part.path] })),
  ];
}

/** The columns that the expression sees, once for each spine that it may meet. An empty type stands for every type. */
function scopes(
  catalog: Catalog,
  view: OnDemandView,
  feature: OnDemandFeature,
  spines: ReadonlyMap<string, readonly ColumnInfo[]>,
): ColumnInfo[][] {
  const inputs = feature.inputs.map((input) => ({
    name: input.name,
    type: duckType(featureNamed(catalog, input)!.type),
  }));
  const other = (columns: readonly ColumnInfo[]): ColumnInfo[] =>
    columns.filter(({ name }) => !inputs.some((input) => input.name === name.toLowerCase()));
  const absent = (columns: readonly ColumnInfo[]): ColumnInfo[] =>
    feature.parameters
      .filter((name) => !columns.some((column) => column.name.toLowerCase() === name))
      .map((name) => ({ name, type: '' }));
  const met = [...catalog.trainingSets.values()].flatMap((set) => {
    const spine = spines.get(set.name);
    const uses = computedValues(catalog, set.features).refs.some(
      (ref) => ref.view === view.name && ref.feature === feature.name,
    );
    return spine !== undefined && uses ? [spine.map(withoutZone)] : [];
  });
  const all = met.length === 0 ? [[]] : met;
  return all.map((spine) => [...inputs, ...other(spine), ...absent(spine)]);
}

/** A stored spine keeps every instant as plain UTC. */
function withoutZone({ name, type }: ColumnInfo): ColumnInfo {
  return { name, type: type === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMP' : type };
}
