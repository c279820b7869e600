import type { OracleAggregation, OracleEvent } from './definition';
import { passes } from './predicates';
import {
  distinctOf,
  entropyOf,
  extreme,
  meanOf,
  modeOf,
  plainSumOf,
  quantileOf,
  sumOf,
  varianceOf,
} from './statistics';
import { isExact } from './sum-rule';
import { plainZero, type OracleValue } from './value';

/**
 * One aggregation over the visible events of a window; `source` are all its source's events. Counts over nothing are 0, everything else NULL.
 * `approx_count_distinct` gives the exact number: what the sketch makes of it is for a database to say.
 */
export function aggregate(
  one: OracleAggregation,
  events: readonly OracleEvent[],
  source: readonly OracleEvent[],
): OracleValue {
  const rows = events.filter((event) => passes(one.where, event)).sort(byTime);
  const all = rows.map(({ payload }) => (one.of === '*' ? true : (payload[one.of] ?? null)));
  const known = all.filter((value) => value !== null);
  const numbers = known.filter((value) => typeof value === 'bigint' || typeof value === 'number');
  const sum = (): bigint | number => {
    if (isExact(source, one.of)) return sumOf(numbers);
    const inFile = [...rows].sort((left, right) => left.order - right.order);
    return plainSumOf(
      inFile.flatMap(({ payload }) =>
        typeof payload[one.of] === 'number' ? [payload[one.of] as number] : [],
      ),
    );
  };
  switch (one.fn) {
    case 'count':
      return BigInt(known.length);
    case 'count_distinct':
    case 'approx_count_distinct':
      return BigInt(distinctOf(known));
    case 'sum':
      return numbers.length === 0 ? null : sum();
    case 'avg':
      return numbers.length === 0 ? null : meanOf(numbers, sum());
    case 'min':
      return extreme(known, -1);
    case 'max':
      return extreme(known, 1);
    case 'variance':
      return varianceOf(numbers);
    case 'stddev': {
      const variance = varianceOf(numbers);
      return variance === null ? null : Math.sqrt(variance);
    }
    case 'first':
      return plainZero(all[0] ?? null);
    case 'last':
      return plainZero(all.at(-1) ?? null);
    case 'last_n':
      return all.length === 0 ? null : all.slice(-one.parameter!);
    case 'quantile':
      return quantileOf(numbers, one.parameter!);
    case 'mode':
      return known.length === 0 ? null : modeOf(known);
    case 'entropy':
      return entropyOf(known);
  }
}

/** By event time, then by place in the file. Only events with a time come here. */
function byTime(left: OracleEvent, right: OracleEvent): number {
  if (left.at === right.at) return left.order - right.order;
  return left.at! < right.at! ? -1 : 1;
}
