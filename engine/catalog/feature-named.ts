import type { Catalog, Feature, FeatureView, OnDemandFeature, OnDemandView } from './model';

/** A feature by its view, whether it is computed from rows or on demand. */
export function featureNamed(
  catalog: Pick<Catalog, 'views' | 'onDemandViews'>,
  ref: { view: string; feature: string },
): Feature | OnDemandFeature | undefined {
  const features: readonly (Feature | OnDemandFeature)[] =
    (catalog.views.get(ref.view) ?? catalog.onDemandViews.get(ref.view))?.features ?? [];
  return features.find(({ name }) => name === ref.feature);
}

/** Every view: first those with rows, then those that are computed on demand. */
export function allViews(catalog: Pick<Catalog, 'views' | 'onDemandViews'>): (FeatureView | OnDemandView)[] {
  return [...catalog.views.values(), ...catalog.onDemandViews.values()];
}

/** Whether a view has no rows of its own. */
export function isOnDemand(view: FeatureView | OnDemandView): view is OnDemandView {
  return !('source' in view);
}

/** The column of a training set that says where the feature in `column` was missing; null where none is wanted. */
export function indicatorColumn(
  feature: { missingIndicator: boolean } | undefined,
  column: string,
): string | null {
  return feature?.missingIndicator === true ? `${column}__missing` : null;
}
