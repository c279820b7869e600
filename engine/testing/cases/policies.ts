import fc from 'fast-check';
import type { OracleAggregation, OracleFeature, OraclePolicy, OracleView } from '../oracle/definition';
import { hasExactValue } from './exactness';

/** Gives some of a view's features a mean for a default, and a column that tells where they were missing. */
export function withPolicies(view: OracleView): fc.Arbitrary<OracleView> {
  return fc
    .tuple(
      ...view.features.map((feature) =>
        fc.tuple(policyIn(view, feature), fc.constantFrom(false, false, true)),
      ),
    )
    .map((chosen) => ({
      ...view,
      features: view.features.map((feature, index) => {
        const [policy, indicator] = chosen[index]!;
        return { ...feature, policy, indicator };
      }),
    }));
}

function policyIn(view: OracleView, feature: OracleFeature): fc.Arbitrary<OraclePolicy> {
  const own = { weight: 3, arbitrary: fc.constant(feature.policy) };
  if (!hasOneMean(feature)) return own.arbitrary;
  const categories = view.features.filter(
    (other) => other !== feature && hasExactValue(other) && /^(string|bool|int32|int64)$/.test(other.type),
  );
  return fc.oneof(
    own,
    { weight: 1, arbitrary: fc.constant<OraclePolicy>({ kind: 'global_mean' }) },
    ...categories.map(({ name }) => ({
      weight: 1,
      arbitrary: fc.constant<OraclePolicy>({ kind: 'category_mean', category: name }),
    })),
  );
}

/** Whether the mean is one number however its terms are added: whole numbers, and floats that are of moderate size. */
function hasOneMean(feature: OracleFeature): boolean {
  const { type, definition } = feature;
  if (definition.kind === 'column')
    return /^int(32|64)$/.test(type) || (type === 'float64' && isPlain(definition.column));
  if (definition.kind !== 'aggregation' || !/^(int|float)(32|64)$/.test(type)) return false;
  const { fn, of }: OracleAggregation = definition.aggregation;
  if (/^int(32|64)$/.test(type) || fn === 'count' || fn === 'count_distinct') return true;
  return isPlain(of) && ['sum', 'min', 'max', 'first', 'last', 'mode'].includes(fn);
}

const isPlain = (column: string): boolean => column === 'm' || column === 'j';
