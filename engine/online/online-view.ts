import type { Catalog, DefaultPolicy, Feature, FeatureView } from '../catalog/model';
import { PlumblineError } from '../errors';
import type { OnlineView } from './job';

/**
 * The online job's half of a view: what encoding and looking up need. `only` keeps these features, in this order.
 * Errors: `catalog.unknown_view`, `catalog.unknown_entity`.
 */
export function onlineView(catalog: Catalog, name: string, only?: readonly string[]): OnlineView {
  const view = catalog.views.get(name);
  if (!view)
    throw new PlumblineError('catalog.unknown_view', `No view ${name}.`, { hint: 'Add a view cell.' });
  return {
    view: name,
    ...(view.version === undefined ? {} : { version: view.version }),
    joinKeys: view.entities.flatMap((entity) => joinKeys(catalog, view, entity)),
    features: view.features
      .filter((feature) => only === undefined || only.includes(feature.name))
      .map((feature) => ({ name: feature.name, type: feature.type, default: defaultValue(feature) })),
    ttl: view.ttl === null ? null : view.ttl.toString(),
  };
}

function joinKeys(catalog: Catalog, view: FeatureView, name: string) {
  const entity = catalog.entities.get(name);
  if (entity) return entity.joinKeys;
  throw new PlumblineError('catalog.unknown_entity', `No entity ${name}, which view ${view.name} names.`, {
    hint: 'Add an entity cell.',
  });
}

/** A default as JSON carries it: int64 beyond 2^53 as text, NULL for no default. */
function defaultValue(feature: Feature): unknown {
  const policy: DefaultPolicy = feature.default;
  switch (policy.kind) {
    case 'none':
    // Only a training set knows the mean that it took.
    case 'global_mean':
    case 'category_mean':
      return null;
    case 'zero':
      return feature.type === 'string' ? '' : feature.type === 'bool' ? false : 0;
    case 'constant':
      return typeof policy.value === 'bigint' ? policy.value.toString() : policy.value;
  }
}
