import type { NamedFeature } from '../../catalog/model';
import type { CompiledFeature, CompiledView } from '../../sql/compiled-view';

/** The feature whose values differ. */
export interface Subject {
  /** `view`, for the words. */
  view: string;
  feature: NamedFeature;
  /** Its view with the feature first; null where its values cannot be computed again. */
  compiled: CompiledView | null;
}

/** The feature as it is computed; null where it cannot be computed again. */
export function computedOf({ compiled }: Subject): CompiledFeature | null {
  return compiled?.features[0] ?? null;
}
