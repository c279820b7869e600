import type { Catalog, LookupRequest } from '../../catalog/model';
import { PlumblineError } from '../../errors';
import { onlineView } from '../../online/online-view';
import type { CellRunner } from '../context';
import { NO_ROWS } from '../context';
import { onlineHost } from './materialize';

/** How often a lookup is timed: enough for a p99 that more than one call decides. */
const REPEAT = 200;

/** Asks the store for the cell's entities and features. */
export const runLookup: CellRunner = async (context, name) => {
  const cell = context.catalog.lookups.get(name);
  if (!cell) throw new PlumblineError('notebook.unknown_cell', `No lookup cell ${name}.`);
  const views = [...new Set(cell.features.map((ref) => ref.view))];
  const job = {
    redis: cell.redis,
    project: projectOf(context.catalog, cell),
    views: views.map((view) =>
      onlineView(
        context.catalog,
        view,
        cell.features.filter((ref) => ref.view === view).map((ref) => ref.feature),
      ),
    ),
    entities: cell.entities.map((entity) =>
      Object.fromEntries(Object.entries(entity).map(([key, value]) => [key, String(value)])),
    ),
    repeat: REPEAT,
  };
  const result = await onlineHost(context, name).lookup(job, { signal: context.options.signal });
  return { ...NO_ROWS, rows: result.rows.length, result };
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
