import type { Analysis } from './analysis';
import type { CellKind } from './document';

/** Names of the cells of certain kinds, in the order of the notebook; also of cells that have errors. */
export function cellNames(analysis: Analysis, kinds: readonly CellKind[]): string[] {
  return [...analysis.cells]
    .filter(([, { block }]) => (kinds as readonly string[]).includes(block.kind))
    .map(([name]) => name);
}

/** Every feature that can be used, as `view:feature`. */
export function featureRefs(analysis: Analysis): string[] {
  const { views, onDemandViews } = analysis.catalog;
  return [...views.values(), ...onDemandViews.values()].flatMap((view) =>
    view.features.map((feature) => `${view.name}:${feature.name}`),
  );
}
