import type { FeatureRef, TrainingSet } from './model';

/**
 * The features of a set that another one has too, and what gives each there: the same feature of the same view, else the first one of
 * the same name.
 */
export function sharedFeatures(set: TrainingSet, other: TrainingSet): { ref: FeatureRef; by: FeatureRef }[] {
  return set.features.flatMap((ref) => {
    const named = other.features.filter(({ feature }) => feature === ref.feature);
    const by = named.find(({ view }) => view === ref.view) ?? named[0];
    return by === undefined ? [] : [{ ref, by }];
  });
}
