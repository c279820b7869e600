import type { TrainingSet } from '../catalog/model';
import type { Analysis } from '../notebook/analysis';

/**
 * The cells that a spine's SQL may read. A view that the set takes features from counts where its name stands anywhere
 * in the SQL: once too often does no harm.
 */
export function spineReads(
  { catalog, dependencies }: Pick<Analysis, 'catalog' | 'dependencies'>,
  { name, spineSql }: TrainingSet,
): string[] {
  const text = spineSql.toLowerCase();
  return (dependencies.get(name) ?? []).filter((cell) => !catalog.views.has(cell) || text.includes(cell));
}

/**
 * What the cells of a preview run after. A training set reads the definitions of its views; their rows as a table,
 * which may be many, it does not need. `passedOver`: the views that each set leaves out for that reason.
 */
export function previewGraph(analysis: Pick<Analysis, 'catalog' | 'dependencies'>): {
  graph: ReadonlyMap<string, readonly string[]>;
  passedOver: ReadonlyMap<string, readonly string[]>;
} {
  const { catalog, dependencies } = analysis;
  const passedOver = new Map<string, string[]>();
  for (const set of catalog.trainingSets.values()) {
    const read = spineReads(analysis, set);
    const needs = dependencies.get(set.name) ?? [];
    passedOver.set(
      set.name,
      needs.filter((need) => !read.includes(need)),
    );
  }
  const graph = new Map<string, readonly string[]>();
  for (const [cell, needs] of dependencies) {
    const views = passedOver.get(cell) ?? [];
    graph.set(
      cell,
      needs.flatMap((need) => (views.includes(need) ? (dependencies.get(need) ?? []) : [need])),
    );
  }
  return { graph, passedOver };
}
