import fc from 'fast-check';
import type { OracleFeature, OracleView } from '../oracle/definition';
import { columnFeature, windowFeature, anyWindow } from './features';
import { DAY, HOUR } from './instants';
import { withOnDemand } from './on-demand-view';
import { withPolicies } from './policies';

type Unnamed = Omit<OracleFeature, 'name'>;

function named(features: readonly Unnamed[]): OracleFeature[] {
  return features.map((feature, index) => ({ ...feature, name: `f${index}` }));
}

/** Sources without available_at are the ones that every plan can serve. */
const late = fc.constantFrom(false, false, true);

/** A view of windows. */
export const aggregateView: fc.Arbitrary<Omit<OracleView, 'name'>> = fc
  .array(anyWindow, { minLength: 1, maxLength: 3 })
  .chain((windows) =>
    fc.record({
      kind: fc.constant('aggregate' as const),
      late,
      usesMade: fc.constant(false),
      ttl: fc.constantFrom(null, DAY),
      // Few windows and several features, so that features share passes.
      features: fc
        .array(windowFeature(fc.constantFrom(...windows)), { minLength: 1, maxLength: 6 })
        .map(named),
    }),
  );

const table: fc.Arbitrary<Omit<OracleView, 'name'>> = fc.record({
  kind: fc.constant('table' as const),
  late,
  usesMade: fc.boolean(),
  ttl: fc.constantFrom(null, HOUR, 2n * HOUR, DAY),
  features: fc.array(columnFeature, { minLength: 1, maxLength: 4 }).map(named),
});

/** Rows that hold from their time until the column `until` says. */
const dimension: fc.Arbitrary<Omit<OracleView, 'name'>> = fc.record({
  kind: fc.constant('dimension' as const),
  late,
  usesMade: fc.constant(false),
  ttl: fc.constant(null),
  features: fc.array(columnFeature, { minLength: 1, maxLength: 3 }).map(named),
});

/** Views over the same data, whose values hang on nothing else. */
export const plainViews: fc.Arbitrary<OracleView[]> = fc
  .tuple(
    aggregateView,
    table,
    fc.array(
      fc.oneof(
        { weight: 2, arbitrary: aggregateView },
        { weight: 2, arbitrary: dimension },
        { weight: 1, arbitrary: table },
      ),
      { maxLength: 2 },
    ),
  )
  .map(([first, second, others]) =>
    [first, second, ...others].map((view, index) => ({ ...view, name: `v${index}` })),
  );

/** The same with means, indicators and features on demand: what one build computes. */
export const someViews: fc.Arbitrary<OracleView[]> = plainViews
  .chain((views) => fc.tuple(...views.map(withPolicies)))
  .chain(withOnDemand);
