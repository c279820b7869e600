import type { Aggregation, Catalog, Feature, TrainingSet } from '../catalog/model';
import { literal, type SqlValue } from '../sql/literal';
import type { OracleAggregation, OracleFeature } from './oracle';
import type { OracleCase } from './oracle-cases';
import { aFeature, aView, catalogOf } from './catalog-fixture';
import { halfOpen } from '../catalog/window';

const WHERE = { all: null, tag_a: "tag = 'a'", x_positive: 'x > 0' };

function aggregationOf({ fn, where }: OracleAggregation): Aggregation {
  if (fn === 'count') return { fn: 'count', of: '*', where: WHERE[where] };
  return { fn: fn === 'count_x' ? 'count' : fn, of: 'x', where: WHERE[where] };
}

function featureOf(one: OracleFeature, index: number): Feature {
  const name = `f${index}`;
  switch (one.kind) {
    case 'column':
      return aFeature(name, 'int64', { kind: 'column', column: 'x' });
    case 'mean_expression':
      return aFeature(name, 'float64', {
        kind: 'expression',
        window: halfOpen(one.window),
        expression: 'sum(x) / count(*)',
      });
    case 'ratio': {
      const [of, over] = [aggregationOf(one.of), aggregationOf(one.over)];
      const feature = aFeature(name, 'float64', { kind: 'ratio', window: halfOpen(one.window), of, over });
      return one.zero ? { ...feature, default: { kind: 'zero' } } : feature;
    }
    case 'aggregation': {
      const type = one.aggregation.fn === 'avg' ? 'float64' : 'int64';
      const aggregation = aggregationOf(one.aggregation);
      const feature = aFeature(name, type, {
        kind: 'aggregation',
        window: halfOpen(one.window),
        aggregation,
      });
      return one.zero ? { ...feature, default: { kind: 'zero' } } : feature;
    }
  }
}

/** The case as a catalog: set `train` takes `agg:f0` ... and then `tab:value`, all over the source `events`. */
export function catalogFor(one: OracleCase): { catalog: Catalog; set: TrainingSet } {
  const features = one.features.map(featureOf);
  const set: TrainingSet = {
    name: 'train',
    spineSql: 'SELECT * FROM spine_rows',
    timestamp: 'ts',
    label: null,
    features: [
      ...features.map(({ name }) => ({ view: 'agg', feature: name, column: name })),
      { view: 'tab', feature: 'value', column: 'value' },
    ],
    export: null,
  };
  const catalog = catalogOf({
    sources: ['events'],
    joinKeys: keyNames(one).map((name) => ({ name, type: 'int64' as const })),
    views: [
      aView('agg', 'aggregate', 'events', features),
      aView('tab', 'table', 'events', [aFeature('value', 'int64', { kind: 'column', column: 'x' })], {
        ttl: one.table.ttl,
        createdTimestamp: one.table.useMade ? 'made' : null,
      }),
    ],
    sets: [set],
  });
  return { catalog, set };
}

export function keyNames(one: OracleCase): string[] {
  return Array.from({ length: one.keys }, (_, index) => `k${index}`);
}

/** Statements that make the case's source and spine. `events` may stand for other events of the same shape. */
export function dataSql(one: OracleCase): string {
  const keys = keyNames(one);
  const bigints = keys.map((key) => `${key} BIGINT`).join(', ');
  const events = one.events.map((event) =>
    tuple([...event.keys, event.at, event.made, event.x, event.tag, BigInt(event.order)]),
  );
  const spine = one.spine.map((row) => tuple([...row.keys, row.t]));
  return [
    `CREATE OR REPLACE TABLE _plumb.raw_events (${bigints}, happened BIGINT, made BIGINT, x BIGINT, tag VARCHAR, n BIGINT)`,
    ...(events.length > 0 ? [`INSERT INTO _plumb.raw_events VALUES ${events.join(', ')}`] : []),
    `CREATE OR REPLACE TABLE _plumb.source_events AS SELECT ${keys.join(', ')}, make_timestamp(happened) AS ts,
       make_timestamp(made) AS made, x, tag, n AS __order FROM _plumb.raw_events`,
    `CREATE OR REPLACE TABLE _plumb.raw_spine (${bigints}, t BIGINT)`,
    ...(spine.length > 0 ? [`INSERT INTO _plumb.raw_spine VALUES ${spine.join(', ')}`] : []),
    `CREATE OR REPLACE TABLE main.spine_rows AS SELECT ${keys.join(', ')}, make_timestamp(t) AS ts FROM _plumb.raw_spine`,
  ].join(';\n');
}

function tuple(values: readonly SqlValue[]): string {
  return `(${values.map(literal).join(', ')})`;
}
