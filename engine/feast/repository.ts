import type { Catalog, FeatureRef, FeatureView } from '../catalog/model';
import { toPlumblineError, PlumblineError } from '../errors';
import { keyType, type KeyType } from '../online/entity-key';
import { onlineStoreLines, type FeastConnection } from './online-store';
import { call, comment, feastType, importedTypes, pythonText } from './python-text';
import type { TimeColumns } from './view-rows';

export interface ExportedView {
  view: FeatureView;
  times: TimeColumns;
  /** Relative to the repository. */
  file: string;
  /** Of the snapshot of a view that Feast cannot compute, ISO 8601; null = the view's own rows. */
  snapshotAt: string | null;
}

export interface RepositoryInput {
  catalog: Catalog;
  notebook: string;
  project: string;
  connection: FeastConnection;
  views: readonly ExportedView[];
}

/** What Feast takes as the name of a project. */
const PROJECT = /^[A-Za-z0-9][A-Za-z0-9_]*$/;

/** Refuses a project that Feast would refuse. Error: `export.failed`. */
export function requireFeastProject(project: string): void {
  if (PROJECT.test(project)) return;
  throw new PlumblineError('export.failed', `Feast does not take ${JSON.stringify(project)} as a project.`, {
    hint: 'Its projects are named with letters, digits and _, and do not begin with _.',
  });
}

/** Why the online store cannot hold a view; null when it can. */
export function unstorable(catalog: Catalog, view: FeatureView): string | null {
  try {
    for (const entity of view.entities)
      for (const key of catalog.entities.get(entity)?.joinKeys ?? []) keyType(key.name, key.type);
    return null;
  } catch (thrown) {
    return toPlumblineError(thrown).message;
  }
}

/** The text of feature_store.yaml. */
export function featureStoreYaml({ project, connection, views }: RepositoryInput): string {
  const versioned = views.some(({ view }) => view.version !== undefined);
  return [
    '# Made by Plumbline. The bytes in Redis are the same whether Plumbline or Feast writes them.',
    `project: ${pythonText(project)}`,
    'provider: local',
    ...(versioned
      ? ['registry:', '  path: data/registry.db', '  enable_online_feature_view_versioning: true']
      : ['registry: data/registry.db']),
    ...onlineStoreLines(connection),
    'entity_key_serialization_version: 3',
    '',
  ].join('\n');
}

const VALUE_TYPES: Record<KeyType, string> = { string: 'STRING', int32: 'INT32', int64: 'INT64' };

interface PythonEntity {
  /** Feast's name of it. */
  name: string;
  key: string;
  type: KeyType;
  description: string;
}

/** Feast's entities have one join key each: a Plumbline entity with several becomes several. */
function entitiesOf(catalog: Catalog, names: readonly string[]): PythonEntity[] {
  return names.flatMap((name) => {
    const { joinKeys = [], description = '' } = catalog.entities.get(name) ?? {};
    return joinKeys.map((key) => ({
      name: joinKeys.length === 1 ? name : `${name}_${key.name}`,
      key: key.name,
      type: keyType(key.name, key.type),
      description,
    }));
  });
}

const described = (description: string): string[] =>
  description === '' ? [] : [`description=${pythonText(description)}`];

function entityLines({ name, key, type, description }: PythonEntity): string[] {
  return call(`${name}_entity = Entity`, [
    `name=${pythonText(name)}`,
    `join_keys=[${pythonText(key)}]`,
    `value_type=ValueType.${VALUE_TYPES[type]}`,
    ...described(description),
  ]);
}

/** What a snapshot means to someone who asks Feast for a training set. */
const ONE_SNAPSHOT =
  'get_historical_features finds nothing at times before its event times, and the same values at all times after them: take ' +
  'training sets from Plumbline.';

/** What of a view Feast does not do, in comments above it. */
function remarks(catalog: Catalog, { view, snapshotAt }: ExportedView): string[] {
  const said: string[] = [];
  if (view.kind === 'aggregate')
    said.push(
      `${view.name} is computed over trailing windows of events, which Feast has no words for. Its source holds one snapshot: ` +
        `the values that Plumbline computed at ${snapshotAt ?? ''}, one row per entity. ${ONE_SNAPSHOT} A backfill cell writes ` +
        'the values at more instants.',
    );
  if (view.kind === 'dimension')
    said.push(
      `${view.name} holds from one instant to another, which Feast has no words for. Its source holds one snapshot: the rows ` +
        `that were valid at ${snapshotAt ?? ''}. ${ONE_SNAPSHOT}`,
    );
  const { availableAt = null } = catalog.sources.get(view.source) ?? {};
  if (view.kind === 'table' && availableAt !== null)
    said.push(
      `Rows of ${view.source} can be known later than they happened (${availableAt}); Feast takes them from their event time on.`,
    );
  if (view.ttl !== null)
    said.push('Feast honours ttl in training sets only: its Python client returns older values online.');
  const defaults = view.features.filter((feature) => feature.default.kind !== 'none');
  if (defaults.length > 0)
    said.push(
      `Feast has no defaults. Plumbline puts one in the place of NULL for ${defaults.map(({ name }) => name).join(', ')}.`,
    );
  return said.flatMap(comment);
}

function viewLines(catalog: Catalog, exported: ExportedView): string[] {
  const { view, times, file } = exported;
  const entities = entitiesOf(catalog, view.entities);
  const keys = view.entities.flatMap((name) => catalog.entities.get(name)?.joinKeys ?? []);
  const tags = Object.entries(view.tags).map(([key, value]) => `${pythonText(key)}: ${pythonText(value)}`);
  return [
    ...remarks(catalog, exported),
    ...call(`${view.name}_source = FileSource`, [
      `name=${pythonText(`${view.name}_source`)}`,
      `path=${pythonText(file)}`,
      `timestamp_field=${pythonText(times.event)}`,
      ...(times.created === null ? [] : [`created_timestamp_column=${pythonText(times.created)}`]),
    ]),
    ...call(`${view.name}_view = FeatureView`, [
      `name=${pythonText(view.name)}`,
      `entities=[${entities.map(({ name }) => `${name}_entity`).join(', ')}]`,
      `ttl=timedelta(microseconds=${view.ttl ?? 0n})`,
      'schema=[',
      ...[...keys, ...view.features].map(
        ({ name, type }) => `    Field(name=${pythonText(name)}, dtype=${feastType(type)})`,
      ),
      ']',
      `source=${view.name}_source`,
      ...(view.version === undefined ? [] : [`version=${pythonText(`v${view.version}`)}`]),
      ...described(view.description),
      ...(tags.length === 0 ? [] : [`tags={${tags.join(', ')}}`]),
    ]).map((line) => line.replace(/^( *schema=\[),$/, '$1')),
  ];
}

/** A training set or a lookup as what Feast serves together. */
function serviceLines(
  name: string,
  refs: readonly FeatureRef[],
  known: ReadonlyMap<string, FeatureView>,
): string[] {
  const byView = new Map<string, string[]>();
  const left: string[] = [];
  for (const { view, feature } of refs) {
    if (!known.has(view)) left.push(`${view}:${feature}`);
    else byView.set(view, [...(byView.get(view) ?? []), feature]);
  }
  if (byView.size === 0) return [];
  const versioned = [...byView.keys()].filter((view) => known.get(view)?.version !== undefined);
  return [
    ...(versioned.length === 0
      ? []
      : comment(
          `Feast 0.66 forgets in a service which version of ${versioned.join(', ')} is meant and finds NULL: ask for its ` +
            'features by name, as view:feature.',
        )),
    ...(left.length === 0
      ? []
      : comment(`Without ${left.join(', ')}: Plumbline computes these from others, by an SQL expression.`)),
    ...call(`${name}_service = FeatureService`, [
      `name=${pythonText(name)}`,
      `features=[${[...byView]
        .map(([view, features]) => `${view}_view[[${features.map(pythonText).join(', ')}]]`)
        .join(', ')}]`,
    ]),
  ];
}

/** The text of features.py: entities, sources, views, and a service for each training set and lookup. */
export function featuresPython({ catalog, notebook, views }: RepositoryInput): string {
  const entities = new Map(
    views.flatMap(({ view }) => entitiesOf(catalog, view.entities)).map((entity) => [entity.name, entity]),
  );
  const types = views.flatMap(({ view }) => [
    ...view.features.map(({ type }) => type),
    ...view.entities.flatMap((name) => catalog.entities.get(name)?.joinKeys.map(({ type }) => type) ?? []),
  ]);
  const exported = new Map(views.map(({ view }) => [view.name, view]));
  const missing = [...catalog.views.values()].filter(({ name }) => !exported.has(name));
  const services = [...catalog.trainingSets.values(), ...catalog.lookups.values()]
    .map(({ name, features }) => serviceLines(name, features, exported))
    .filter((lines) => lines.length > 0);
  const versioned = views.some(({ view }) => view.version !== undefined);
  const counted = views.filter(({ view }) => view.version === undefined).map(({ view }) => view.name);
  const snapshots = views.filter(({ snapshotAt }) => snapshotAt !== null).map(({ view }) => view.name);
  const blocks = [
    [
      ...comment(
        `Made by Plumbline from ${notebook}. Made anew with each export: change the notebook, not this file.`,
      ),
      ...(snapshots.length === 0
        ? []
        : comment(
            `One snapshot each, not a history: ${snapshots.join(', ')}. See the remarks at the views.`,
          )),
      ...(versioned && counted.length > 0
        ? comment(
            `Feast counts the versions of ${counted.join(', ')} by itself: once a definition changes it reads the view as ` +
              'name_v1 and finds NULL. Give every view a version, or none.',
          )
        : []),
      ...missing.flatMap((view) =>
        comment(`Without the view ${view.name}: ${unstorable(catalog, view) ?? 'it was not chosen.'}`),
      ),
    ],
    [
      'from datetime import timedelta',
      '',
      `from feast import Entity, ${services.length > 0 ? 'FeatureService, ' : ''}FeatureView, Field, FileSource, ValueType`,
      `from feast.types import ${importedTypes(types).join(', ')}`,
    ],
    ...[...entities.values()].map(entityLines),
    ...views.map((view) => viewLines(catalog, view)),
    ...services,
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
