import { isOnDemand } from '../../engine/catalog/feature-named';
import type { Catalog } from '../../engine/catalog/model';
import { storedName } from '../../engine/online/hash-field';
import type { CatalogItem } from '../catalog/catalog-nodes';
import { defaultText, definitionText, durationText, findFeature } from '../editor/describe';

/** A definition in words. */
export interface Facts {
  title: string;
  description: string;
  rows: [string, string][];
}

/** null for an item without a definition of its own. */
export function definitionFacts({ kind, name }: CatalogItem, catalog: Catalog): Facts | null {
  if (kind === 'feature') {
    const [view, feature] = name.split(':');
    const found = findFeature(catalog, view!, feature!);
    if (found === null) return null;
    const rows: [string, string][] = [
      ['type', found[1].type],
      ['value', definitionText(found[1])],
      ['when NULL', defaultText(found[1])],
      isOnDemand(found[0]) ? ['computed', 'on demand'] : ['entity', found[0].entities.join(', ')],
    ];
    return { title: found[1].name, description: found[1].description, rows };
  }
  if (kind === 'view') {
    const asked = catalog.onDemandViews.get(name);
    if (asked !== undefined)
      return {
        title: asked.name,
        description: asked.description,
        rows: [['computed', 'on demand'], ...Object.entries(asked.tags)],
      };
    const view = catalog.views.get(name);
    if (view === undefined) return null;
    const rows: [string, string][] = [
      ['source', view.source],
      ['entity', view.entities.join(', ')],
      ['event time', view.timestamp],
      ...(view.validity === null ? [] : ([['holds until', view.validity.to]] satisfies [string, string][])),
      ['ttl', view.ttl === null ? 'unlimited' : durationText(view.ttl)],
      ...(view.version === undefined
        ? []
        : ([['stored as', storedName({ view: view.name, version: view.version })]] satisfies [
            string,
            string,
          ][])),
      ...Object.entries(view.tags),
    ];
    return { title: view.name, description: view.description, rows };
  }
  if (kind === 'source') {
    const source = catalog.sources.get(name);
    if (source === undefined) return null;
    const rows: [string, string][] = [
      ['files', source.files.join(', ')],
      ['event time', source.timestamp === null ? 'none' : `${source.timestamp} (UTC)`],
    ];
    return { title: source.name, description: source.description, rows };
  }
  if (kind === 'entity') {
    const entity = catalog.entities.get(name);
    if (entity === undefined) return null;
    const rows = entity.joinKeys.map((key): [string, string] => [key.name, key.type]);
    return { title: entity.name, description: entity.description, rows };
  }
  return null;
}
