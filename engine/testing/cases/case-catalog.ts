import type {
  Aggregation,
  Catalog,
  DefaultPolicy,
  Feature,
  FeatureDefinition,
  TrainingSet,
} from '../../catalog/model';
import { aFeature, aView, catalogOf } from '../catalog-fixture';
import { aSet } from '../training-set-fixture';
import type {
  OracleAggregation,
  OracleDefinition,
  OracleFeature,
  OraclePolicy,
  OracleView,
} from '../oracle/definition';
import type { OracleCase } from './oracle-case';
import { WHERE, WHOLE } from './sql-words';

/** Names of a case's join keys. */
export function keyNames(one: Pick<OracleCase, 'keyTypes'>): string[] {
  return one.keyTypes.map((_, index) => `k${index}`);
}

/** Sources over the same rows: `late` names an available_at column, `events` none. */
export function sourceOf(view: OracleView): string {
  return view.late ? 'late' : 'events';
}

/** The case as a catalog. Set `train` takes every feature of every view; its columns are `<view>_<feature>`. */
export function catalogFor(one: OracleCase): { catalog: Catalog; set: TrainingSet } {
  const views = one.views.map((view) =>
    aView(
      view.name,
      view.kind === 'on_demand' ? 'table' : view.kind,
      sourceOf(view),
      view.features.map(featureOf),
      {
        ttl: view.ttl,
        createdTimestamp: view.usesMade ? 'made' : null,
        validity: view.kind === 'dimension' ? { from: 'ts', to: 'until' } : null,
      },
    ),
  );
  const plain = aSet('SELECT * FROM spine_rows', views);
  const features = plain.features.map((ref) => ({ ...ref, column: `${ref.view}_${ref.feature}` }));
  const set = { ...plain, features };
  const joinKeys = keyNames(one).map((name, index) => ({ name, type: one.keyTypes[index]! }));
  const catalog = catalogOf({ sources: ['events', 'late'], joinKeys, views, sets: [set] });
  const late = { ...catalog.sources.get('late')!, availableAt: 'available' };
  return { catalog: { ...catalog, sources: new Map([...catalog.sources, ['late', late]]) }, set };
}

function featureOf({ name, type, definition, policy }: OracleFeature): Feature {
  return { ...aFeature(name, type, definitionOf(definition)), default: policyOf(policy) };
}

function definitionOf(definition: OracleDefinition): FeatureDefinition {
  switch (definition.kind) {
    case 'column':
      return definition;
    case 'aggregation':
      return { ...definition, aggregation: aggregationOf(definition.aggregation) };
    case 'ratio':
      return { ...definition, of: aggregationOf(definition.of), over: aggregationOf(definition.over) };
    case 'expression':
      return { ...definition, expression: WHOLE[definition.expression] };
    case 'on_demand':
      throw new Error('An on-demand feature is no column of a view over a source.');
  }
}

function aggregationOf({ fn, of, where, parameter }: OracleAggregation): Aggregation {
  return { fn, of, where: WHERE[where], ...(parameter === undefined ? {} : { parameter }) };
}

function policyOf(policy: OraclePolicy): DefaultPolicy {
  if (policy.kind === 'none' || policy.kind === 'zero') return policy;
  if (policy.kind !== 'constant') throw new Error('later');
  const { value } = policy;
  if (value === null || typeof value === 'object') throw new Error('No constant default has this value.');
  return { kind: 'constant', value };
}
