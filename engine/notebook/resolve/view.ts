import { parseDuration } from '../../catalog/duration';
import type { Entity, Feature, FeatureView } from '../../catalog/model';
import type { ViewDefinition } from '../../catalog/schemas/view';
import { valueOf } from '../definition';
import { resolveFeature } from './feature';
import { goodName } from './feature-name';
import { withKnownCategories } from './means';
import { resolveOnDemand } from './on-demand';
import type { DefinedCell, Scope } from './scope';
import { resolveStream } from './stream';
import { resolveValidity } from './validity';

export function resolveView(scope: Scope, cell: DefinedCell): void {
  const view = valueOf(cell.definition, 'view');
  if (view === null) return;
  if (view.on_demand === true) {
    resolveOnDemand(scope, cell, view);
    return;
  }
  const entities = entitiesOf(scope, cell, view);
  const validity = resolveValidity(scope, cell, view);
  const source = sourceOf(scope, cell, view);
  const columns = [
    ...(entities ?? []).flatMap((entity) => entity.joinKeys.map((key) => key.name)),
    source?.timestamp,
    validity?.to,
  ];
  const written: Feature[] = [];
  for (const [name, input] of Object.entries(view.features)) {
    if (!goodName(scope, cell, name, columns)) continue;
    const feature = resolveFeature(scope, cell, name, input);
    if (feature !== null) written.push(feature);
  }
  const features = withKnownCategories(scope, cell, written);
  if (Object.keys(view.features).length === 0)
    scope.error(cell, ['features'], 'notebook.schema', '`features` is empty.', 'Add a feature by its name.');
  const isDimension = view.valid_from !== undefined || view.valid_to !== undefined;
  const windows = features.some((feature) => feature.definition.kind !== 'column');
  const kind = isDimension ? 'dimension' : windows ? 'aggregate' : 'table';
  const mixed = features.filter(
    (feature) => (feature.definition.kind === 'column') !== (kind !== 'aggregate'),
  );
  for (const feature of mixed)
    scope.error(
      cell,
      ['features', feature.name],
      'notebook.schema',
      isDimension
        ? `\`${feature.name}\` has a window, but its view says when each row holds.`
        : `\`${feature.name}\` has no window, but other features of the view have.`,
      isDimension
        ? 'Move it to a view of its own, without `valid_from`.'
        : 'Give it a window and an aggregation, or move it to a view of its own.',
    );
  if (entities === null || source === null || features.length === 0 || mixed.length > 0) return;
  if (isDimension && validity === null) return;
  const stream = resolveStream(scope, cell, view, kind);
  if (view.stream !== undefined && stream === null) return;
  scope.catalog.views.set(cell.block.name, {
    name: cell.block.name,
    kind,
    entities: entities.map((entity) => entity.name),
    source: source.name,
    ...(stream === null ? {} : { stream }),
    timestamp: source.timestamp,
    validity,
    createdTimestamp: view.created_timestamp ?? null,
    ttl: (view.ttl === undefined ? null : parseDuration(view.ttl)) || null,
    features,
    ...(view.version === undefined ? {} : { version: view.version }),
    description: view.description ?? '',
    tags: Object.fromEntries(Object.entries(view.tags ?? {}).map(([key, value]) => [key, String(value)])),
  } satisfies FeatureView);
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
  const timestamp = view.valid_from ?? source.timestamp;
  if (timestamp !== null) return { name: source.name, timestamp };
  scope.error(
    cell,
    ['source'],
    'notebook.schema',
    `The source \`${source.name}\` has no event time.`,
    `Add \`timestamp: <column>\` to the cell \`${source.name}\`, or say with \`valid_from\` and \`valid_to\` when a row holds.`,
  );
  return null;
}

function missing(key: string, hint: string) {
  return { severity: 'error', code: 'notebook.schema', message: `\`${key}\` is missing.`, hint } as const;
}
