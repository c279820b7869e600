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
