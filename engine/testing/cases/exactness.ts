import type { OracleFeature, OracleFunction } from '../oracle/definition';

/** Functions that round more than once; everything else is compared bit for bit. */
export const ROUNDED: readonly OracleFunction[] = ['stddev', 'variance', 'entropy', 'quantile'];

/** Whether engine and oracle agree on a feature's value to the last bit, so that other values may be computed of it. */
export function hasExactValue({ definition }: OracleFeature): boolean {
  if (definition.kind !== 'aggregation') return true;
  const { fn } = definition.aggregation;
  return fn !== 'approx_count_distinct' && !ROUNDED.includes(fn);
}
