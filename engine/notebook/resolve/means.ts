import { isCategoryType } from '../../catalog/feature-type';
import type { Feature } from '../../catalog/model';
import { nameSuggestion } from '../../catalog/names';
import type { DefinedCell, Scope } from './scope';

/** The features whose `category_mean` names a category of the same view, and all that have none; reports the others. */
export function withKnownCategories(
  scope: Scope,
  cell: DefinedCell,
  features: readonly Feature[],
): Feature[] {
  return features.filter((feature) => {
    const policy = feature.default;
    if (policy.kind !== 'category_mean') return true;
    const path = ['features', feature.name, 'default', 'category_mean'];
    const category = features.find((other) => other.name === policy.by);
    if (category === undefined) {
      const names = features.map((other) => other.name).filter((name) => name !== feature.name);
      const message = `The view has no feature \`${policy.by}\` to take means by.`;
      const hint = nameSuggestion(policy.by, names, 'Add the category as a feature of this view.');
      scope.error(cell, path, 'catalog.unknown_feature', message, hint);
      return false;
    }
    if (category !== feature && isCategoryType(category.type)) return true;
    const why = category === feature ? 'is the feature itself' : `is a ${category.type}`;
    scope.error(
      cell,
      path,
      'catalog.type_mismatch',
      `Means cannot be taken by \`${policy.by}\`: it ${why}.`,
      'Name a feature of this view that is a string, a whole number or a bool.',
    );
    return false;
  });
}
