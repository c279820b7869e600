import { isOnDemand } from '../../engine/catalog/feature-named';
import type { Catalog } from '../../engine/catalog/model';
import type { CatalogItem } from '../catalog/catalog-nodes';

/** One step between source and use. `depth` counts from 0 at the source; `parent` is the index of the step above. */
export interface LineageNode {
  item: CatalogItem;
  label: string;
  depth: number;
  parent: number | null;
  /** The step that was asked about. */
  here: boolean;
}

/**
 * Where a feature comes from and what reads it: source, view, feature, the training sets with their checks, the
 * materializations, backfills, replays and lookups. For a view, source or training set the same steps without the single feature.
 */
export function lineageOf(catalog: Catalog, item: CatalogItem): LineageNode[] {
  const nodes: LineageNode[] = [];
  const add = (kind: CatalogItem['kind'], name: string, parent: number | null, label = name): number => {
    const here = kind === item.kind && name === item.name;
    const depth = parent === null ? 0 : nodes[parent]!.depth + 1;
    return nodes.push({ item: { kind, name }, label, depth, parent, here }) - 1;
  };
  const [viewName, featureName] = item.name.split(':');
  if (item.kind === 'feature' || item.kind === 'view') {
    const view = catalog.views.get(viewName!) ?? catalog.onDemandViews.get(viewName!);
    if (view === undefined) return [];
    const viewAt = add('view', view.name, isOnDemand(view) ? null : add('source', view.source, null));
    const feature = item.kind === 'feature' ? featureName! : null;
    const at = feature === null ? viewAt : add('feature', item.name, viewAt, feature);
    addReaders(catalog, view.name, feature, at, add);
  } else if (item.kind === 'source') {
    const source = add('source', item.name, null);
    for (const view of catalog.views.values())
      if (view.source === item.name || view.stream === item.name)
        addReaders(catalog, view.name, null, add('view', view.name, source), add);
  } else if (item.kind === 'training-set') {
    const set = catalog.trainingSets.get(item.name);
    if (set === undefined) return [];
    const at = add('training-set', set.name, null);
    for (const { view, feature } of set.features) add('feature', `${view}:${feature}`, at, feature);
    addChecks(catalog, set.name, at, add);
  }
  return nodes;
}

type Add = (kind: CatalogItem['kind'], name: string, parent: number | null, label?: string) => number;

function addReaders(catalog: Catalog, view: string, feature: string | null, at: number, add: Add): void {
  const reads = (ref: { view: string; feature: string }) =>
    ref.view === view && (feature === null || ref.feature === feature);
  for (const asked of catalog.onDemandViews.values())
    for (const one of asked.features)
      if (one.inputs.some(reads)) {
        const on = add('feature', `${asked.name}:${one.name}`, at, one.name);
        addReaders(catalog, asked.name, one.name, on, add);
      }
  for (const set of catalog.trainingSets.values())
    if (set.features.some(reads)) addChecks(catalog, set.name, add('training-set', set.name, at), add);
  for (const one of catalog.materializations.values())
    if (one.views.includes(view)) add('materialize', one.name, at);
  for (const one of catalog.backfills.values()) if (one.views.includes(view)) add('backfill', one.name, at);
  for (const one of catalog.replays.values()) if (one.view === view) add('replay', one.name, at);
  for (const one of catalog.lookups.values()) if (one.features.some(reads)) add('lookup', one.name, at);
}

function addChecks(catalog: Catalog, set: string, at: number, add: Add): void {
  for (const skew of catalog.skews.values()) if (skew.trainingSet === set) add('skew', skew.name, at);
  for (const drift of catalog.drifts.values()) if (drift.trainingSet === set) add('drift', drift.name, at);
  for (const audit of catalog.audits.values()) if (audit.trainingSet === set) add('audit', audit.name, at);
}
