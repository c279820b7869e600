import { featureNamed, indicatorColumn } from '../../catalog/feature-named';
import type { FeatureRef, FeatureView } from '../../catalog/model';
import { nameSuggestion } from '../../catalog/names';
import type { YamlPath } from '../yaml-body';
import type { DefinedCell, Scope } from './scope';

/**
 * Reads `view:feature` texts and names their columns: the feature's name, or `view__feature` where two features
 * share one. null when any of them is wrong, which is then reported.
 */
export function resolveRefs(scope: Scope, cell: DefinedCell, refs: readonly string[]): FeatureRef[] | null {
  const found: { view: string; feature: string; path: YamlPath }[] = [];
  refs.forEach((ref, i) => {
    const path: YamlPath = ['features', i];
    const split = splitRef(scope, cell, ref, path);
    if (split !== null) found.push({ ...split, path });
  });
  if (found.length < refs.length) return null;
  const columns = new Set<string>();
  const indicators: (string | null)[] = [];
  const named = found.map(({ view, feature, path }) => {
    const alone = found.filter((other) => other.feature === feature).length === 1;
    const column = alone ? feature : `${view}__${feature}`;
    if (columns.has(column)) {
      const twice = found.filter((other) => other.view === view && other.feature === feature).length > 1;
      const message = twice
        ? `\`${view}:${feature}\` is listed twice.`
        : `\`${view}:${feature}\` would become the column \`${column}\`, which another feature has.`;
      scope.error(
        cell,
        path,
        'catalog.name_collision',
        message,
        twice ? 'Remove one.' : 'Rename one of the features.',
      );
      return null;
    }
    columns.add(column);
    indicators.push(indicatorColumn(featureNamed(scope.catalog, { view, feature }), column));
    return { view, feature, column };
  });
  const taken = indicators.findIndex((indicator) => indicator !== null && columns.has(indicator));
  if (taken >= 0) {
    const message = `The missing indicator of \`${refs[taken]}\` would become the column \`${indicators[taken]}\`, which another feature has.`;
    scope.error(cell, ['features', taken], 'catalog.name_collision', message, 'Rename one of the features.');
  }
  return taken < 0 && named.every((ref) => ref !== null) ? named : null;
}

interface NamedFeatures {
  features: readonly { name: string }[];
}

/** Reads a cell's list of views. null when one is unknown or listed twice, which is then reported. */
export function resolveViews(
  scope: Scope,
  cell: DefinedCell,
  names: readonly string[],
): FeatureView[] | null {
  const views = names.map((name, i) => scope.need(cell, ['views', i], 'view', name, scope.catalog.views));
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice >= 0)
    scope.error(
      cell,
      ['views', twice],
      'catalog.name_collision',
      `\`${names[twice]}\` is listed twice.`,
      'Remove one.',
    );
  const found = views.filter((view) => view !== undefined);
  return twice < 0 && found.length === names.length ? found : null;
}

/** Reads one `view:feature`; null when it is none or names nothing, which is then reported at `path`. */
export function splitRef(
  scope: Scope,
  cell: DefinedCell,
  ref: string,
  path: YamlPath,
): { view: string; feature: string } | null {
  const [viewName, feature, more] = ref.split(':').map((part) => part.trim());
  if (!viewName || !feature || more !== undefined) {
    const { views, onDemandViews } = scope.catalog;
    const first = (views.get(ref.trim()) ?? onDemandViews.get(ref.trim()))?.features[0]?.name;
    const hint =
      first === undefined
        ? 'For instance `user_daily:subscription_tier`.'
        : `Name one feature each, for instance \`${ref.trim()}:${first}\`.`;
    scope.error(
      cell,
      path,
      'notebook.schema',
      `\`${ref}\` is not a feature: it has the form \`view:feature\`.`,
      hint,
    );
    return null;
  }
  const views = new Map<string, NamedFeatures>([...scope.catalog.views, ...scope.catalog.onDemandViews]);
  const view = scope.need(cell, path, 'view', viewName, views);
  if (view === undefined) return null;
  if (view.features.some((candidate) => candidate.name === feature)) return { view: viewName, feature };
  const written = Object.keys(
    (scope.cells.get(viewName)?.definition.value as { features?: object } | null)?.features ?? {},
  );
  if (written.includes(feature)) {
    const where = scope.cells.get(viewName);
    const message = `\`${ref}\` cannot be used: the feature has an error or is not yet supported.`;
    const hint = `Look at \`${feature}\` in the cell \`${viewName}\` at ${where?.file}:${where?.block.line} first.`;
    scope.error(cell, path, 'catalog.unknown_feature', message, hint);
    return null;
  }
  const names = view.features.map((candidate) => candidate.name);
  const hint = nameSuggestion(feature, names, `Add it to the cell \`${viewName}\`.`);
  scope.error(
    cell,
    path,
    'catalog.unknown_feature',
    `The view \`${viewName}\` has no feature \`${feature}\`.`,
    hint,
  );
  return null;
}
