import { sqlOf } from '../backfill/plan';
import type { Catalog } from '../catalog/model';
import type { Database } from '../database/database';
import { PlumblineError } from '../errors';
import { featureRowsSql } from '../sql/feature-rows';
import { scalarSql } from '../sql/on-demand';
import { snapshotSql } from '../sql/snapshot';
import { prepareView } from '../sql/view-facts';
import { compileTrainingSet } from '../training/training-plan';

/**
 * The statements that a cell compiles to, by what they compute. `db` knows the sources' schemas; nothing is read.
 * Errors: `catalog.not_supported` for a kind that compiles to no SQL, and those of the definitions.
 */
export async function cellSql(
  db: Database,
  catalog: Catalog,
  kind: string,
  name: string,
): Promise<{ name: string; sql: string }[]> {
  const query = catalog.queries.get(name);
  if (query) return [{ name, sql: query.sql }];
  if (catalog.views.has(name))
    return [{ name: `${name} as a table`, sql: featureRowsSql(await prepareView(db, catalog, name)) }];
  const onDemand = catalog.onDemandViews.get(name);
  if (onDemand)
    return onDemand.features.map((feature) => ({ name: `${name}:${feature.name}`, sql: scalarSql(feature) }));
  const set = catalog.trainingSets.get(name);
  if (set) return compileTrainingSet(db, catalog, set);
  const materialization = catalog.materializations.get(name);
  if (materialization)
    return Promise.all(
      materialization.views.map(async (view) => ({
        name: `snapshot of ${view}`,
        sql: snapshotSql(await prepareView(db, catalog, view), materialization.end, materialization.start),
      })),
    );
  const statements = [];
  for (const view of catalog.backfills.get(name)?.views ?? [])
    for (const one of sqlOf(await prepareView(db, catalog, view)))
      statements.push({ name: `${one.name} of ${view}`, sql: one.sql });
  if (statements.length > 0) return statements;
  throw new PlumblineError('catalog.not_supported', `A ${kind} cell compiles to no SQL.`, {
    hint: 'Name a query, view, training-set, materialize or backfill cell.',
  });
}
