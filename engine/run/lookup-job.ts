import { computedValues } from '../catalog/computed-values';
import type { Catalog, LookupRequest } from '../catalog/model';
import { PlumblineError } from '../errors';
import type { LookupJob } from '../online/job';
import { onlineView } from '../online/online-view';
import { storedFeatures } from './lookup-values';

/** What a lookup asks the store for. Errors: `notebook.schema` for a project that is not known, those of `onlineView`. */
export function lookupJob(catalog: Catalog, request: LookupRequest): LookupJob {
  const values = computedValues(catalog, request.features);
  const views = [...storedFeatures(catalog, values)].map(([view, features]) =>
    onlineView(catalog, view, features),
  );
  const keys = new Set(views.flatMap((view) => view.joinKeys.map((key) => key.name)));
  return {
    redis: request.redis,
    project: projectOf(catalog, request),
    views,
    entities: request.entities.map((entity) =>
      Object.fromEntries(
        Object.entries(entity).flatMap(([key, value]) => (keys.has(key) ? [[key, String(value)]] : [])),
      ),
    ),
    repeat: request.calls,
    ...(request.at === undefined ? {} : { at: request.at.toString() }),
  };
}

/** A lookup without a project asks the one that the notebook materializes to under the same connection. */
function projectOf(catalog: Catalog, request: LookupRequest): string {
  if (request.project !== null) return request.project;
  const projects = new Set(
    [...catalog.materializations.values()]
      .filter((one) => one.redis === request.redis)
      .map((one) => one.project),
  );
  const [only] = projects;
  if (projects.size === 1 && only !== undefined) return only;
  throw new PlumblineError('notebook.schema', `Lookup ${request.name} does not say which project it asks.`, {
    hint: 'Add project: <name>, as in the materialize cell.',
    place: { cell: request.name },
  });
}
