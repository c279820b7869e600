import type { FeatureView, TrainingSet } from '../catalog/model';

/** Training set `train` with every feature of the given views, each under its own name. */
export function aSet(
  spineSql: string,
  views: readonly FeatureView[],
  more: Partial<TrainingSet> = {},
): TrainingSet {
  return {
    name: 'train',
    spineSql,
    timestamp: 'ts',
    label: null,
    features: views.flatMap((view) =>
      view.features.map(({ name }) => ({ view: view.name, feature: name, column: name })),
    ),
    export: null,
    ...more,
  };
}
