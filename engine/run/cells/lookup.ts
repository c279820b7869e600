import type { Catalog, LookupRequest } from '../../catalog/model';
import { PlumblineError } from '../../errors';
import { computedValues } from '../../catalog/computed-values';
import { onlineView } from '../../online/online-view';
import type { CellRunner } from '../context';
import { NO_ROWS } from '../context';
import { storedFeatures, withMeans, withOnDemand } from '../lookup-values';
import { onlineHost } from './materialize';

/** How often a lookup is timed: enough for a p99 that more than one call decides. */
const REPEAT = 200;

/** Asks the store for the cell's entities and features, and computes from them what is computed on demand. */
export const runLookup: CellRunner = async (context, name) => {
  const cell = context.catalog.lookups.get(name);
  if (!cell) throw new PlumblineError('notebook.unknown_cell', `No lookup cell ${name}.`);
  const values = computedValues(context.catalog, cell.features);
  const views = [...storedFeatures(context.catalog, values)].map(([view, features]) =>
    onlineView(context.catalog, view, features),
  );
  const keys = new Set(views.flatMap((view) => view.joinKeys.map((key) => key.name)));
  const job = {
    redis: cell.redis,
    project: projectOf(context.catalog, cell),
    views,
    entities: cell.entities.map((entity) =>
      Object.fromEntries(
        Object.entries(entity).flatMap(([key, value]) => (keys.has(key) ? [[key, String(value)]] : [])),
      ),
    ),
    repeat: REPEAT,
  };
  const stored = await onlineHost(context, name).lookup(job, { signal: context.options.signal });
  const rows = await withOnDemand(context, cell, values, withMeans(context, stored.rows));
  return { ...NO_ROWS, rows: rows.length, result: { ...stored, rows } };
};

/** A lookup without a project asks the one that the notebook materializes to under the same connection. */
function projectOf(catalog: Catalog, cell: LookupRequest): string {
  if (cell.project !== null) return cell.project;
  const projects = new Set(
    [...catalog.materializations.values()]
      .filter((one) => one.redis === cell.redis)
      .map((one) => one.project),
  );
  const [only] = projects;
  if (projects.size === 1 && only !== undefined) return only;
  throw new PlumblineError('notebook.schema', `Lookup ${cell.name} does not say which project it asks.`, {
    hint: 'Add project: <name>, as in the materialize cell.',
    place: { cell: cell.name },
  });
}
