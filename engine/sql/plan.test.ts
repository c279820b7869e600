import { describe, expect, it } from 'vitest';
import type { AggregationName, Feature, FeatureView } from '../catalog/model';
import { DAY, halfOpen } from '../catalog/window';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import type { SumKind } from './aggregate-state';
import { compileView, type CompiledView, type ViewFacts } from './compiled-view';
import { chooseAsOfPlan, chooseWindowPlans } from './plan';

const sparse: ViewFacts = { rows: 10_000_000, entities: 100_000, density: 100, span: 90n * DAY, grid: null };
const dense: ViewFacts = { rows: 3_000_000, entities: 300, density: 20_000, span: 90n * DAY, grid: null };
const scaled = { kind: 'scaled', bits: 0, small: true } as SumKind;

const over = (fn: AggregationName, days = 7n): Feature =>
  aFeature(fn, fn === 'count' ? 'int64' : 'float64', {
    kind: 'aggregation',
    window: halfOpen(days * DAY),
    aggregation: { fn, of: fn === 'count' ? '*' : 'amount', where: null },
  });

function compiled(
  view: FeatureView,
  facts: ViewFacts | null,
  sum = scaled,
  availableAt: string | null = null,
): CompiledView {
  const catalog = catalogOf({ views: [view], sources: [view.source] });
  const found = compileView(catalog, view.name);
  const features = found.features.map((feature) => ({
    ...feature,
    aggregations: feature.aggregations.map((one) => ({ ...one, sum })),
  }));
  return { ...found, features, facts, availability: availableAt };
}

describe('the plan for windows', () => {
  const points = { sql: '', count: 1_000_000 };
  const plansOf = (
    features: Feature[],
    facts: ViewFacts | null,
    sum = scaled,
    availableAt: string | null = null,
  ) => {
    const view = compiled(aView('v', 'aggregate', 'events', features), facts, sum, availableAt);
    const { passes, choice } = chooseWindowPlans(view, points);
    return { plans: passes.map(({ plan, features: of }) => `${plan} ${of.join(',')}`), choice };
  };

  it('joins pairs while windows hold few events', () => {
    const { plans, choice } = plansOf([over('count'), over('avg', 30n)], sparse);
    expect(plans).toEqual(['join 0,1']);
    expect(choice).toMatchObject({ plan: 'join', points: 1_000_000, perPoint: 33 });
    expect(choice.why).toContain('few');
  });

  it('takes tiles for dense entities, a pass for each window', () => {
    const { plans, choice } = plansOf([over('count'), over('sum'), over('max', 1n)], dense);
    expect(plans).toEqual(['tiles 0,1', 'tiles 2']);
    expect(choice.plan).toBe('tiles (1h)');
  });

  it('takes frames for what tiles cannot give, and pairs for what neither can', () => {
    const { plans } = plansOf([over('count'), over('last'), over('quantile')], dense);
    expect(plans).toEqual(['tiles 0', 'frames 1', 'join 2']);
  });

  it('keeps to pairs where order or availability decides', () => {
    expect(plansOf([over('sum')], dense, { kind: 'ordered' }).plans).toEqual(['join 0']);
    expect(plansOf([over('count')], dense, scaled, 'arrived').plans).toEqual(['join 0']);
    expect(plansOf([over('count')], null).plans).toEqual(['join 0']);
  });

  it('meets stretches of the time line only in a long history', () => {
    const view = (days: bigint) => compiled(aView('v', 'aggregate', 'events', [over('count', days)]), sparse);
    expect(chooseWindowPlans(view(7n), points).stretches).toBe(true);
    expect(chooseWindowPlans(view(60n), points).stretches).toBe(false);
  });
});

describe('the plan for feature tables', () => {
  const table = (facts: ViewFacts | null, availableAt: string | null = null) =>
    compiled(
      aView('t', 'table', 'daily', [aFeature('tier', 'string', { kind: 'column', column: 'tier' })]),
      facts,
      scaled,
      availableAt,
    );
  const planFor = (
    facts: ViewFacts | null,
    ttl: bigint | null,
    count?: number,
    availableAt: string | null = null,
  ) => chooseAsOfPlan(table(facts, availableAt), { sql: '', count }, ttl).plan;

  it('joins a range where a ttl bounds it, in stretches where the history is long', () => {
    expect(planFor(sparse, 30n * DAY)).toBe('range');
    expect(planFor({ ...sparse, density: 5_000, span: 900n * DAY }, DAY)).toBe('bucket');
  });

  it('sorts once without a ttl, unless the points are few', () => {
    expect(planFor(sparse, null)).toBe('asof');
    expect(planFor(sparse, null, 10_000)).toBe('range');
    expect(planFor(null, null, 10_000)).toBe('asof');
  });

  it('finds rows on a grid by equality, unless the ttl is shorter than its step', () => {
    const daily = { ...sparse, grid: DAY };
    expect(planFor(daily, 30n * DAY)).toBe('grid');
    expect(planFor(daily, null)).toBe('grid');
    expect(planFor(daily, DAY / 2n)).not.toBe('grid');
  });

  it('never sorts where rows become known later than they happen', () => {
    expect(planFor(sparse, null, 1_000_000, 'arrived')).toBe('range');
    const forced = chooseAsOfPlan(table(sparse, 'arrived'), { sql: '' }, null, { asOf: 'asof' });
    expect(forced.plan).toBe('range');
    expect(forced.choice.why).toContain('arrived');
  });
});
