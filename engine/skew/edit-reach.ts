import type { Catalog } from '../catalog/model';
import type { SkewFeature } from '../results';
import type { CauseEdit } from './causes/attribution';

/**
 * Columns of features that agree now and that the edits of another one change as well: those of a view whose own keys change,
 * and of the views over a source that does.
 */
export function alsoChanged(
  edits: readonly CauseEdit[],
  feature: string,
  features: readonly SkewFeature[],
  catalog: Catalog,
): string[] {
  const reached = (ref: string): boolean => {
    const [view = '', name = ''] = ref.split(':');
    return edits.some(({ cell, path }) => {
      if (cell === view) return path[0] !== 'features' || path[1] === name;
      const over = catalog.views.get(view);
      return over !== undefined && (over.source === cell || over.stream === cell);
    });
  };
  return features
    .filter(
      ({ ref, compared, mismatches }) => ref !== feature && compared > 0 && mismatches === 0 && reached(ref),
    )
    .map(({ column }) => column);
}
