import { valueOf, type CellDefinition } from './definition';
import type { ExpressionName } from './expression-names';
import { expressionNames } from './expression-names';
import type { DefinedCell } from './resolve/scope';

/** A feature as a view cell writes it, whether or not it is sound. */
export interface WrittenFeature {
  view: string;
  feature: string;
}

/** The features that an expression can name: by their own name, and as `view__feature`. */
export function writtenFeatures(cells: Iterable<DefinedCell>): Map<string, WrittenFeature[]> {
  const found = new Map<string, WrittenFeature[]>();
  for (const cell of cells) {
    const view = cell.block.name;
    for (const feature of Object.keys(valueOf(cell.definition, 'view')?.features ?? {}))
      for (const name of [feature, `${view}__${feature}`])
        found.set(name, [...(found.get(name) ?? []), { view, feature }]);
  }
  return found;
}

/** The names in the expressions of an on-demand view, by feature; none for any other cell. */
export function namesInExpressions(definition: CellDefinition): [feature: string, names: ExpressionName[]][] {
  const view = valueOf(definition, 'view');
  if (view?.on_demand !== true) return [];
  return Object.entries(view.features).map(([feature, { expression }]) => [
    feature,
    expressionNames(expression ?? ''),
  ]);
}
