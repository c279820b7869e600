import { featureNamed } from '../../catalog/feature-named';
import type { OnDemandFeature } from '../../catalog/model';
import type { FeatureInput } from '../../catalog/schemas/feature';
import type { ViewDefinition } from '../../catalog/schemas/view';
import type { ExpressionName } from '../expression-names';
import { namesInExpressions, writtenFeatures, type WrittenFeature } from '../written-features';
import type { YamlPath } from '../yaml-body';
import { defaultOf } from './feature';
import { goodName } from './feature-name';
import type { DefinedCell, Scope } from './scope';

/** Keys that say how rows become values: there are no rows here. */
const OF_ROWS = [
  'entity',
  'source',
  'ttl',
  'created_timestamp',
  'valid_from',
  'valid_to',
  'version',
] as const;
const OF_A_FEATURE = new Set(['type', 'expression', 'default', 'missing_indicator', 'description']);

/** A view whose features are computed from other features; its cell comes after those of the views that it names. */
export function resolveOnDemand(scope: Scope, cell: DefinedCell, view: ViewDefinition): void {
  const misplaced = OF_ROWS.filter((key) => view[key] !== undefined);
  for (const key of misplaced)
    scope.error(
      cell,
      [key],
      'notebook.schema',
      `\`${key}\` has no place in an on-demand view.`,
      'Remove it: the features are computed from others after the join.',
    );
  const written = writtenFeatures(scope.cells.values());
  const names = new Map(namesInExpressions(cell.definition));
  const features: OnDemandFeature[] = [];
  for (const [name, input] of Object.entries(view.features)) {
    if (!goodName(scope, cell, name, [])) continue;
    const feature = onDemandFeature(scope, cell, name, input, names.get(name) ?? [], written);
    if (feature !== null) features.push(feature);
  }
  if (Object.keys(view.features).length === 0)
    scope.error(cell, ['features'], 'notebook.schema', '`features` is empty.', 'Add a feature by its name.');
  const sound = withoutCircles(scope, cell, withSoundInputs(scope, cell, features, names), names);
  if (misplaced.length > 0 || sound.length === 0) return;
  const tags = Object.entries(view.tags ?? {}).map(([key, value]) => [key, String(value)]);
  scope.catalog.onDemandViews.set(cell.block.name, {
    name: cell.block.name,
    features: sound,
    description: view.description ?? '',
    tags: Object.fromEntries(tags) as Record<string, string>,
  });
}

function onDemandFeature(
  scope: Scope,
  cell: DefinedCell,
  name: string,
  input: FeatureInput,
  names: readonly ExpressionName[],
  written: ReadonlyMap<string, WrittenFeature[]>,
): OnDemandFeature | null {
  const path: YamlPath = ['features', name];
  const before = scope.diagnostics.length;
  const wrong = (at: YamlPath, message: string, hint: string) =>
    scope.error(cell, at, 'notebook.schema', message, hint);
  for (const key of Object.keys(input).filter((one) => !OF_A_FEATURE.has(one)))
    wrong([...path, key], `\`${key}\` has no place in an on-demand feature.`, 'Write `expression:` alone.');
  if (input.expression === undefined)
    wrong(
      path,
      `\`${name}\` has no expression.`,
      'Add one over other features: `expression: clicks / views`.',
    );
  const policy = defaultOf(scope, cell, path, input);
  if (policy?.kind === 'global_mean' || policy?.kind === 'category_mean')
    wrong(
      [...path, 'default'],
      'A mean has no rows to be taken over: an on-demand feature has no source.',
      'Give the features that it reads a mean, or use a constant.',
    );
  const inputs: OnDemandFeature['inputs'] = [];
  const parameters: string[] = [];
  for (const found of names) {
    const candidates = written.get(found.name) ?? [];
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1) inputs.push({ name: found.name, ...only });
    else if (only !== undefined) {
      const choices = candidates.map(({ view, feature }) => `\`${view}__${feature}\``).join(' or ');
      const message = `\`${found.name}\` is a feature of several views.`;
      const finding = {
        severity: 'error',
        code: 'catalog.name_collision',
        message,
        hint: `Write ${choices}.`,
      } as const;
      scope.inside(cell, [...path, 'expression'], finding, found.places[0]!);
    } else if (found.sure) parameters.push(found.name);
  }
  if (policy === null || scope.diagnostics.length > before) return null;
  return {
    name,
    type: input.type,
    expression: input.expression ?? '',
    inputs,
    parameters,
    default: policy,
    missingIndicator: input.missing_indicator ?? false,
    description: input.description ?? '',
  };
}

type Names = ReadonlyMap<string, readonly ExpressionName[]>;

/** Leaves out features that read one that cannot be used, and then those that read these, until all are sound. */
function withSoundInputs(
  scope: Scope,
  cell: DefinedCell,
  features: readonly OnDemandFeature[],
  names: Names,
): OnDemandFeature[] {
  const own = cell.block.name;
  const sound = features.filter((feature) =>
    feature.inputs.every((input) => {
      const usable =
        input.view === own
          ? features.some(({ name }) => name === input.feature)
          : featureNamed(scope.catalog, input) !== undefined;
      if (usable) return true;
      const where = scope.cells.get(input.view);
      const finding = {
        severity: 'error',
        code: 'catalog.unknown_feature',
        message: `\`${input.view}:${input.feature}\` cannot be used: the feature has an error or is not yet supported.`,
        hint: `Look at \`${input.feature}\` in the cell \`${input.view}\` at ${where?.file}:${where?.block.line} first.`,
      } as const;
      scope.inside(
        cell,
        ['features', feature.name, 'expression'],
        finding,
        placeOf(names, feature, input.name),
      );
      return false;
    }),
  );
  return sound.length === features.length ? sound : withSoundInputs(scope, cell, sound, names);
}

/** Leaves out features of the view that are computed from themselves. */
function withoutCircles(
  scope: Scope,
  cell: DefinedCell,
  features: readonly OnDemandFeature[],
  names: Names,
): OnDemandFeature[] {
  const own = cell.block.name;
  const next = (feature: OnDemandFeature) => feature.inputs.filter((input) => input.view === own);
  const reaches = (from: string, to: string, seen: Set<string>): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    const feature = features.find(({ name }) => name === from);
    return feature !== undefined && next(feature).some((input) => reaches(input.feature, to, seen));
  };
  const round = new Set(
    features
      .filter((feature) => next(feature).some((input) => reaches(input.feature, feature.name, new Set())))
      .map(({ name }) => name),
  );
  for (const feature of features) {
    if (!round.has(feature.name)) continue;
    const back = next(feature).find((input) => reaches(input.feature, feature.name, new Set()))!;
    const finding = {
      severity: 'error',
      code: 'catalog.cycle',
      message: `\`${feature.name}\` is computed from itself, by way of \`${back.feature}\`.`,
      hint: 'Take the name out of the expression.',
    } as const;
    scope.inside(cell, ['features', feature.name, 'expression'], finding, placeOf(names, feature, back.name));
  }
  const rest = features.filter(({ name }) => !round.has(name));
  return round.size === 0 ? rest : withSoundInputs(scope, cell, rest, names);
}

function placeOf(names: Names, feature: OnDemandFeature, name: string): { start: number; end: number } {
  return names.get(feature.name)?.find((found) => found.name === name)?.places[0] ?? { start: 0, end: 1 };
}
