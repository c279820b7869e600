import type { TrainingSet } from '../catalog/model';
import type { Analysis } from '../notebook/analysis';

type Definitions = Pick<Analysis, 'catalog' | 'dependencies'>;

/** Whether a cell says what values are, and need not run for others to compute them. */
function isDefinition({ catalog }: Pick<Analysis, 'catalog'>, cell: string): boolean {
  return catalog.views.has(cell) || catalog.onDemandViews.has(cell);
}

/**
 * The cells that a spine's SQL may read. A view that the set takes features from counts where its name stands anywhere
 * in the SQL: once too often does no harm.
 */
export function spineReads(analysis: Definitions, { name, spineSql }: TrainingSet): string[] {
  const text = spineSql.toLowerCase();
  const needs = analysis.dependencies.get(name) ?? [];
  return needs.filter((cell) => !isDefinition(analysis, cell) || text.includes(cell));
}

/**
 * What the cells of a preview run after, of what they run after in general (`needs`). A training set reads the definitions
 * of its views; their rows as a table, which may be many, it does not need. `passedOver`: the views that each set leaves
 * out for that reason.
 */
export function previewGraph(
  analysis: Definitions,
  needs: ReadonlyMap<string, readonly string[]>,
): { graph: ReadonlyMap<string, readonly string[]>; passedOver: ReadonlyMap<string, readonly string[]> } {
  const graph = new Map(needs);
  const passedOver = new Map<string, string[]>();
  for (const set of analysis.catalog.trainingSets.values()) {
    const read = spineReads(analysis, set);
    const passed = new Set<string>();
    const beyond = (cell: string): readonly string[] => {
      if (!isDefinition(analysis, cell)) return [cell];
      passed.add(cell);
      return (needs.get(cell) ?? []).flatMap(beyond);
    };
    graph.set(
      set.name,
      (needs.get(set.name) ?? []).flatMap((cell) => (read.includes(cell) ? [cell] : beyond(cell))),
    );
    passedOver.set(set.name, [...passed]);
  }
  return { graph, passedOver };
}
