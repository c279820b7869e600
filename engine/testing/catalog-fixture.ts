import type {
  Catalog,
  Feature,
  FeatureDefinition,
  FeatureType,
  FeatureView,
  JoinKey,
  OnDemandView,
  TrainingSet,
} from '../catalog/model';

/** A feature without a default. */
export function aFeature(name: string, type: FeatureType, definition: FeatureDefinition): Feature {
  return { name, type, definition, default: { kind: 'none' }, missingIndicator: false, description: '' };
}

/** A view of the entity `user` with the event time column `ts`. */
export function aView(
  name: string,
  kind: FeatureView['kind'],
  source: string,
  features: Feature[],
  more: Partial<FeatureView> = {},
): FeatureView {
  return {
    name,
    kind,
    entities: ['user'],
    source,
    timestamp: 'ts',
    validity: null,
    createdTimestamp: null,
    ttl: null,
    features,
    description: '',
    tags: {},
    ...more,
  };
}

/** A catalog of these parts; the entity `user` has the key `user_id` unless told otherwise. */
export function catalogOf(parts: {
  views?: FeatureView[];
  onDemand?: OnDemandView[];
  sources?: string[];
  sets?: TrainingSet[];
  joinKeys?: JoinKey[];
}): Catalog {
  const byName = <T extends { name: string }>(list: readonly T[]): Map<string, T> =>
    new Map(list.map((item) => [item.name, item]));
  return {
    sources: byName(
      (parts.sources ?? []).map((name) => ({
        name,
        files: [`${name}.parquet`],
        timestamp: 'ts',
        availableAt: null,
        description: '',
      })),
    ),
    entities: byName([
      {
        name: 'user',
        joinKeys: parts.joinKeys ?? [{ name: 'user_id', type: 'int64' as const }],
        description: '',
      },
    ]),
    views: byName(parts.views ?? []),
    onDemandViews: byName(parts.onDemand ?? []),
    trainingSets: byName(parts.sets ?? []),
    skews: new Map(),
    drifts: new Map(),
    audits: new Map(),
    materializations: new Map(),
    backfills: new Map(),
    replays: new Map(),
    lookups: new Map(),
    queries: new Map(),
    charts: new Map(),
  };
}
