import { parseDuration } from '../../catalog/duration';
import type { Entity, Feature, FeatureView } from '../../catalog/model';
import { isName, nameHint } from '../../catalog/names';
import type { ViewDefinition } from '../../catalog/schemas/view';
import { valueOf } from '../definition';
import { resolveFeature } from './feature';
import type { DefinedCell, Scope } from './scope';

const LATER = [
  ['on_demand', 'An on-demand view'],
  ['stream', 'A stream view'],
  ['valid_from', 'A slowly changing dimension (`valid_from`)'],
  ['valid_to', 'A slowly changing dimension (`valid_to`)'],
] as const;

export function resolveView(scope: Scope, cell: DefinedCell): void {
  const view = valueOf(cell.definition, 'view');
  if (view === null || isLater(scope, cell, view)) return;
  const entities = entitiesOf(scope, cell, view);
  const source = sourceOf(scope, cell, view);
  const columns = [
    ...(entities ?? []).flatMap((entity) => entity.joinKeys.map((key) => key.name)),
    source?.timestamp,
  ];
  const features: Feature[] = [];
  for (const [name, input] of Object.entries(view.features)) {
    if (!goodName(scope, cell, name, columns)) continue;
    const feature = resolveFeature(scope, cell, name, input);
    if (feature !== null) features.push(feature);
  }
  if (Object.keys(view.features).length === 0)
    scope.error(cell, ['features'], 'notebook.schema', '`features` is empty.', 'Add a feature by its name.');
  const kind = features.some((feature) => feature.definition.kind !== 'column') ? 'aggregate' : 'table';
  const mixed = features.filter((feature) => (feature.definition.kind === 'column') !== (kind === 'table'));
  for (const feature of mixed)
    scope.error(
      cell,
      ['features', feature.name],
      'notebook.schema',
      `\`${feature.name}\` has no window, but other features of the view have.`,
      'Give it a window and an aggregation, or move it to a view of its own.',
    );
  if (entities === null || source === null || features.length === 0 || mixed.length > 0) return;
  scope.catalog.views.set(cell.block.name, {
    name: cell.block.name,
    kind,
    entities: entities.map((entity) => entity.name),
    source: source.name,
    timestamp: source.timestamp,
    createdTimestamp: view.created_timestamp ?? null,
    ttl: (view.ttl === undefined ? null : parseDuration(view.ttl)) || null,
    features,
    description: view.description ?? '',
    tags: Object.fromEntries(Object.entries(view.tags ?? {}).map(([key, value]) => [key, String(value)])),
  } satisfies FeatureView);
}

function isLater(scope: Scope, cell: DefinedCell, view: ViewDefinition): boolean {
  const found = LATER.filter(([key]) => view[key] !== undefined && view[key] !== false);
  for (const [key, what] of found) scope.notSupported(cell, [key], what);
  return found.length > 0;
}

function entitiesOf(scope: Scope, cell: DefinedCell, view: ViewDefinition): Entity[] | null {
  if (view.entity === undefined) {
    scope.at(cell, [], missing('entity', 'Add what the features are about: `entity: user`.'));
    return null;
  }
  const entities = view.entity.map((name, i) =>
    scope.need(
      cell,
      view.entity?.length === 1 ? ['entity'] : ['entity', i],
      'entity',
      name,
      scope.catalog.entities,
    ),
  );
  const seen = new Set<string>();
  for (const entity of entities) {
    for (const key of entity?.joinKeys ?? []) {
      if (seen.has(key.name)) {
        const hint = 'Name each entity once, with join keys of different names.';
        scope.error(
          cell,
          ['entity'],
          'catalog.name_collision',
          `Two entities share the join key \`${key.name}\`.`,
          hint,
        );
        return null;
      }
      seen.add(key.name);
    }
  }
  return entities.every((entity) => entity !== undefined) ? entities : null;
}

function sourceOf(
  scope: Scope,
  cell: DefinedCell,
  view: ViewDefinition,
): { name: string; timestamp: string } | null {
  if (view.source === undefined) {
    scope.at(
      cell,
      [],
      missing('source', 'Add the source cell that the values come from: `source: interactions`.'),
    );
    return null;
  }
  const source = scope.need(cell, ['source'], 'source', view.source, scope.catalog.sources);
  if (source === undefined) return null;
  if (source.timestamp !== null) return { name: source.name, timestamp: source.timestamp };
  scope.error(
    cell,
    ['source'],
    'notebook.schema',
    `The source \`${source.name}\` has no event time.`,
    `Add \`timestamp: <column>\` to the cell \`${source.name}\`.`,
  );
  return null;
}

function missing(key: string, hint: string) {
  return { severity: 'error', code: 'notebook.schema', message: `\`${key}\` is missing.`, hint } as const;
}

function goodName(
  scope: Scope,
  cell: DefinedCell,
  name: string,
  columns: readonly (string | undefined)[],
): boolean {
  const at = ['features', name];
  if (!isName(name)) {
    const message = `\`${name}\` cannot be the name of a feature.`;
    scope.at(cell, at, { severity: 'error', code: 'notebook.schema', message, hint: nameHint(name) }, 'key');
    return false;
  }
  if (!columns.includes(name)) return true;
  const message = `The feature \`${name}\` has the name of a join key or of the event time column.`;
  const hint = 'Give the feature another name; `column:` says where it comes from.';
  scope.at(cell, at, { severity: 'error', code: 'catalog.name_collision', message, hint }, 'key');
  return false;
}
