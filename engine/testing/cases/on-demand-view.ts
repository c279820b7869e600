import fc from 'fast-check';
import type { FeatureType } from '../../catalog/model';
import type { OnDemandExpression, OracleFeature, OracleView } from '../oracle/definition';
import { hasExactValue } from './exactness';

const TYPES: Record<OnDemandExpression, FeatureType> = {
  sum: 'float64',
  first_known: 'float64',
  scaled: 'float64',
  is_missing: 'bool',
};

/** A view that reads features of the others, and the second of its own features the first; none where no number is. */
export function withOnDemand(views: readonly OracleView[]): fc.Arbitrary<OracleView[]> {
  const numbers = views.flatMap((view) =>
    view.features
      .filter((feature) => feature.type === 'float64' && hasExactValue(feature))
      .map(({ name }) => `${view.name}_${name}`),
  );
  if (numbers.length === 0) return fc.constant([...views]);
  const name = `v${views.length}`;
  const feature = (index: number, inputs: readonly string[]): fc.Arbitrary<OracleFeature> =>
    fc
      .record({
        expression: fc.constantFrom<OnDemandExpression>('sum', 'first_known', 'scaled', 'is_missing'),
        inputs: fc.tuple(fc.constantFrom(...inputs), fc.constantFrom(...inputs)),
        zero: fc.boolean(),
        indicator: fc.boolean(),
      })
      .map(({ expression, inputs: [left, right], zero, indicator }) => ({
        name: `f${index}`,
        type: TYPES[expression],
        definition: {
          kind: 'on_demand',
          expression,
          inputs: expression === 'sum' || expression === 'first_known' ? [left, right] : [left],
        },
        policy: { kind: zero && expression !== 'is_missing' ? 'zero' : 'none' },
        indicator,
      }));
  return feature(0, numbers).chain((first) => {
    const seen = first.type === 'float64' ? [...numbers, `${name}_f0`] : numbers;
    return feature(1, seen).map((second) => [
      ...views,
      { name, kind: 'on_demand', late: false, usesMade: false, ttl: null, features: [first, second] },
    ]);
  });
}
