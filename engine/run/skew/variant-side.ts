import type { Catalog, FeatureRef, SkewSide, TrainingSet } from '../../catalog/model';
import { PlumblineError } from '../../errors';
import { featuresBy, trainingSide, type Side } from '../../skew/side';
import { meansByRef } from '../../sql/mean';
import { buildPartHere } from '../../training/part-builder';
import { buildTrainingSet } from '../../training/training-set';
import type { RunContext } from '../context';
import { partOverPool } from '../part-over-pool';
import { requestsSpine, type Requests } from './requests';

/** A set's features under other definitions. */
export interface Variant {
  catalog: Catalog;
  /** The features of the set that the other definitions give, and what gives each. */
  features: { ref: FeatureRef; by: FeatureRef }[];
  /** Whether a source of the catalog is there in the first engine only. */
  here: boolean;
}

/** The features of the same names in another view. */
export function viewVariant(catalog: Catalog, set: TrainingSet, view: string): Variant {
  const names = new Set(catalog.views.get(view)?.features.map(({ name }) => name));
  const features = set.features
    .filter((ref) => ref.view !== view && names.has(ref.feature))
    .map((ref) => ({ ref, by: { view, feature: ref.feature, column: ref.column } }));
  return { catalog, features, here: false };
}

/** The set's windows with another boundary. */
export function boundaryVariant(
  catalog: Catalog,
  set: TrainingSet,
  { boundary }: Extract<SkewSide, { kind: 'boundary' }>,
): Variant {
  const views = new Map(
    [...catalog.views].map(([name, view]) => [
      name,
      {
        ...view,
        features: view.features.map((feature) =>
          feature.definition.kind === 'column'
            ? feature
            : {
                ...feature,
                definition: { ...feature.definition, window: { ...feature.definition.window, boundary } },
              },
        ),
      },
    ]),
  );
  const features = set.features
    .filter(({ view }) => views.get(view)?.kind === 'aggregate')
    .map((ref) => ({ ref, by: ref }));
  return { catalog: { ...catalog, views }, features, here: false };
}

/** The features that are computed from a log, from `accepted`: a source of the catalog's that holds what was not dropped. */
export function streamVariant(catalog: Catalog, set: TrainingSet, stream: string, accepted: string): Variant {
  const log = catalog.sources.get(stream)!;
  const sources = new Map([...catalog.sources, [accepted, { ...log, name: accepted, files: [] }]]);
  const views = new Map(
    [...catalog.views].map(([name, view]) => [
      name,
      view.stream === stream
        ? { ...view, source: accepted, timestamp: log.timestamp ?? view.timestamp }
        : view,
    ]),
  );
  const features = set.features
    .filter(({ view }) => catalog.views.get(view)?.stream === stream)
    .map((ref) => ({ ref, by: ref }));
  return { catalog: { ...catalog, sources, views }, features, here: true };
}

/** Computes a variant at the requests; `name` is that of the set that it makes, `shown` that of the side. */
export async function variantSide(
  context: RunContext,
  set: TrainingSet,
  requests: Requests,
  variant: Variant,
  { name, shown }: { name: string; shown: string },
): Promise<Side> {
  const { database, pool } = context.host;
  const { signal, onProgress } = context.options;
  const { catalog, features } = variant;
  if (features.length === 0)
    throw new PlumblineError('catalog.unknown_feature', `${shown} gives no feature of ${set.name}.`);
  const other: TrainingSet = {
    ...set,
    name,
    spineSql: requestsSpine(requests),
    label: null,
    features: features.map(({ by }) => by),
    export: null,
  };
  const buildPart = variant.here ? buildPartHere : partOverPool({ ...context, catalog });
  const built = await buildTrainingSet(database, catalog, other, {
    sample: null,
    buildPart,
    signal,
    onProgress,
  }).finally(() => pool?.close());
  const side = await trainingSide(
    database,
    shown,
    { catalog, set: other, means: meansByRef(built.means), columns: built.plan.columns },
    { signal },
  );
  return featuresBy(side, features);
}
