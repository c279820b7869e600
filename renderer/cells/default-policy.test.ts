import { expect, it } from 'vitest';
import { DAY, halfOpen } from '../../engine/catalog/window';
import { aFeature, aView, catalogOf } from '../../engine/testing/catalog-fixture';
import { defaultPolicies, policyNote } from './default-policy';

const window = halfOpen(7n * DAY);
const aggregate = (fn: 'count' | 'sum') =>
  ({ kind: 'aggregation', window, aggregation: { fn, of: '*', where: null } }) as const;

it('says what stands in for a missing value', () => {
  const features = [
    aFeature('n', 'int64', aggregate('count')),
    aFeature('total', 'float64', aggregate('sum')),
    { ...aFeature('filled', 'float64', aggregate('sum')), default: { kind: 'constant', value: 7 } as const },
    { ...aFeature('zero', 'float64', aggregate('sum')), default: { kind: 'zero' } as const },
  ];
  const policies = defaultPolicies(catalogOf({ views: [aView('v', 'aggregate', 's', features)] }));
  expect(Object.fromEntries(policies)).toEqual({
    'v:n': 'counted as 0',
    'v:total': 'stays NULL',
    'v:filled': 'default 7',
    'v:zero': 'default 0',
  });
  expect(policyNote('expired', policies.get('v:n'))).toBe('expired, counted as 0');
  expect(policyNote('missing', policies.get('v:total'))).toBe('no events');
  expect(policyNote('present', 'default 0')).toBeNull();
});

it('says which mean a build took, and what an on-demand feature does', () => {
  const score = {
    ...aFeature('score', 'float64', { kind: 'column', column: 'score' }),
    default: { kind: 'global_mean' } as const,
  };
  const asked = {
    name: 'asked',
    features: [
      {
        name: 'twice',
        type: 'float64' as const,
        expression: 'score * 2',
        inputs: [{ name: 'score', view: 'v', feature: 'score' }],
        parameters: [],
        default: { kind: 'zero' } as const,
        missingIndicator: false,
        description: '',
      },
    ],
    description: '',
    tags: {},
  };
  const catalog = catalogOf({ views: [aView('v', 'table', 's', [score])], onDemand: [asked] });
  expect(Object.fromEntries(defaultPolicies(catalog))).toEqual({
    'v:score': 'default the mean',
    'asked:twice': 'default 0',
  });
  const mean = { ref: 'v:score', before: null, mean: 2.5, rows: 4, by: null, categories: [] };
  expect(defaultPolicies(catalog, [mean]).get('v:score')).toBe('default the mean 2.5');
  expect(defaultPolicies(catalog, [{ ...mean, by: 'tier' }]).get('v:score')).toBe(
    'default the mean by tier, else 2.5',
  );
});
