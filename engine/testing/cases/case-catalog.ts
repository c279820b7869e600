import type {
  Aggregation,
  Catalog,
  DefaultPolicy,
  Feature,
  FeatureDefinition,
  FeatureView,
  NamedFeature,
  OnDemandView,
  TrainingSet,
} from '../../catalog/model';
import { aView, catalogOf } from '../catalog-fixture';
import { aSet } from '../training-set-fixture';
import type {
  OracleAggregation,
  OracleDefinition,
  OracleFeature,
  OraclePolicy,
  OracleView,
} from '../oracle/definition';
import type { OracleCase } from './oracle-case';
import { onDemandSql, WHERE, WHOLE } from './sql-words';

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
  const views = one.views.flatMap((view) => (view.kind === 'on_demand' ? [] : [viewOf(view, view.kind)]));
  const onDemand = one.views.filter(({ kind }) => kind === 'on_demand').map(onDemandViewOf);
  const plain = aSet('SELECT * FROM spine_rows', views);
  const features = one.views.flatMap((view) =>
    view.features.map(({ name }) => ({ view: view.name, feature: name, column: `${view.name}_${name}` })),
  );
  const set = { ...plain, features };
  const joinKeys = keyNames(one).map((name, index) => ({ name, type: one.keyTypes[index]! }));
  const catalog = catalogOf({ sources: ['events', 'late'], joinKeys, views, onDemand, sets: [set] });
  const late = { ...catalog.sources.get('late')!, availableAt: 'available' };
  return { catalog: { ...catalog, sources: new Map([...catalog.sources, ['late', late]]) }, set };
}

function viewOf(view: OracleView, kind: FeatureView['kind']): FeatureView {
  return aView(view.name, kind, sourceOf(view), view.features.map(featureOf), {
    ttl: view.ttl,
    createdTimestamp: view.usesMade ? 'made' : null,
    validity: kind === 'dimension' ? { from: 'ts', to: 'until' } : null,
  });
}

function onDemandViewOf({ name, features }: OracleView): OnDemandView {
  return {
    name,
    features: features.map(({ definition, ...feature }) => {
      if (definition.kind !== 'on_demand') throw new Error('An on-demand view holds on-demand features.');
      const inputs = definition.inputs.map((input) => {
        const [view = '', of = ''] = input.split('_');
        return { name: `${view}__${of}`, view, feature: of };
      });
      return {
        ...named(feature),
        expression: onDemandSql(
          definition.expression,
          inputs.map((input) => input.name),
        ),
        inputs,
        parameters: definition.expression === 'scaled' ? ['r'] : [],
      };
    }),
    description: '',
    tags: {},
  };
}

function named({ name, type, policy, indicator }: Omit<OracleFeature, 'definition'>): NamedFeature {
  return { name, type, default: policyOf(policy), missingIndicator: indicator, description: '' };
}

function featureOf({ definition, ...feature }: OracleFeature): Feature {
  return { ...named(feature), definition: definitionOf(definition) };
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
  if (policy.kind === 'category_mean') return { kind: 'category_mean', by: policy.category };
  if (policy.kind !== 'constant') return policy;
  const { value } = policy;
  if (value === null || typeof value === 'object') throw new Error('No constant default has this value.');
  return { kind: 'constant', value };
}
