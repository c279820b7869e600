import type { Aggregation } from '../catalog/model';
import { literal } from './literal';
import { enclose } from './select';

/** How an aggregation's sum is taken, so that every plan and every reader gets the same bits. */
export type SumKind =
  /** Whole numbers and decimals: exact as they are. */
  | { kind: 'whole' }
  /**
   * Floating point numbers times 2^bits are whole numbers that a HUGEINT holds (each alone a BIGINT where `small`):
   * their sum is exact in any order. `full`: no row of the source has NULL.
   */
  | { kind: 'scaled'; bits: number; small: boolean; full: boolean }
  /** Anything else: terms are added in file order. */
  | { kind: 'ordered' };

/** An aggregation with what is known of its input. */
export interface CompiledAggregation extends Aggregation {
  sum: SumKind;
  /** Whether the declared type is a floating point number: zeros then lose their sign where several could be chosen. */
  float: boolean;
}

/** One number (or list) that is kept per group. `event` aggregates events; `merge` states of parts of the group. */
export interface State {
  name: string;
  event: string;
  /** null: the states of two halves do not give that of the whole. */
  merge: 'sum' | 'min' | 'max' | null;
}

/** An aggregation as states, and the value that comes out of them. */
export interface AggregateStates {
  states: State[];
  finish: string;
  /** Whether the states depend on the order in which events come. */
  ordered: boolean;
}

/**
 * What an aggregation takes from an event, as an SQL expression over the source's columns: `of`, or the whole number that a
 * scaled sum adds up. null where it only counts events.
 */
export function eventValue({ fn, of, sum }: CompiledAggregation): string | null {
  if (of === '*') return null;
  if ((fn !== 'sum' && fn !== 'avg') || sum.kind !== 'scaled') return enclose(of);
  const type = sum.small ? 'BIGINT' : 'HUGEINT';
  return `CAST(CAST(${enclose(of)} AS DOUBLE) * ${power(sum.bits)} AS ${type})`;
}

/** Where an aggregation's states find what they need: columns of an event, and the test whether it counts. */
export interface EventInput {
  /** What is aggregated, as `eventValue` gives it. */
  value: string;
  /** `at`, microseconds, and the position in the source. */
  at: string;
  order: string;
  /** null = every event. */
  filter: string | null;
}

/** The states of one aggregation over events; `name` begins the states' names. */
export function aggregateStates(
  aggregation: CompiledAggregation,
  input: EventInput,
  name: string,
): AggregateStates {
  const { fn } = aggregation;
  const { value, filter } = input;
  const state = (suffix: string, call: string, merge: State['merge'], test = filter): State => ({
    name: `${name}${suffix}`,
    event: filtered(call, test),
    merge,
  });
  const one = (call: string, merge: State['merge'] = null, ordered = false): AggregateStates => ({
    states: [state('', call, merge)],
    finish: column(name),
    ordered,
  });
  const newest = `CAST(${input.at} AS HUGEINT) * ${2n ** 40n} + ${input.order}`;
  switch (fn) {
    case 'count': {
      const call = aggregation.of === '*' ? 'count(*)' : `count(${value})`;
      return { ...one(call, 'sum'), finish: `coalesce(${column(name)}, 0)` };
    }
    case 'count_distinct':
      return { ...one(`count(DISTINCT ${value})`), finish: `coalesce(${column(name)}, 0)` };
    case 'approx_count_distinct':
      return { ...one(`approx_count_distinct(${value})`), finish: `coalesce(${column(name)}, 0)` };
    case 'sum':
    case 'avg': {
      const total = `${name}_sum`;
      const states = [state('_sum', `sum(${value})`, 'sum')];
      const ordered = aggregation.sum.kind === 'ordered';
      if (fn === 'sum')
        return { states, finish: summed(aggregation.sum, column(total), aggregation.float), ordered };
      // Without NULLs all averages of a window share one count of its events.
      const full = aggregation.sum.kind === 'scaled' && aggregation.sum.full;
      states.push(state('_n', full ? 'count(*)' : `count(${value})`, 'sum'));
      const sum = summed(aggregation.sum, column(total), true);
      const mean = `CAST(${sum} AS DOUBLE) / nullif(${column(`${name}_n`)}, 0)`;
      return { states, finish: mean, ordered };
    }
    case 'min':
    case 'max':
      return one(`${fn}(${aggregation.float ? unsigned(value) : value})`, fn);
    case 'first':
      return one(`arg_min_null(${value}, ${newest})`);
    case 'last':
      return one(`arg_max_null(${value}, ${newest})`);
    case 'last_n': {
      const list = `list(${value} ORDER BY ${input.at}, ${input.order})`;
      return { ...one(list), finish: `${column(name)}[-${literal(aggregation.parameter ?? 1)}:]` };
    }
    case 'stddev':
    case 'variance': {
      const finite = both(filter, `isfinite(CAST(${value} AS DOUBLE))`);
      const call = `${fn === 'stddev' ? 'stddev_samp' : 'var_samp'}(CAST(${value} AS DOUBLE))`;
      const strange = both(filter, `NOT isfinite(CAST(${value} AS DOUBLE))`);
      return {
        states: [state('', call, null, finite), state('_strange', 'count(*)', null, strange)],
        finish: `CASE WHEN ${column(`${name}_strange`)} > 0 THEN CAST('NaN' AS DOUBLE) ELSE ${column(name)} END`,
        ordered: true,
      };
    }
    case 'quantile': {
      const call = aggregation.float ? `quantile_cont(CAST(${value} AS DOUBLE)` : `quantile_disc(${value}`;
      return one(`${call}, ${literal(aggregation.parameter ?? 0.5)})`);
    }
    case 'mode': {
      const pairs = `list_transform(map_entries(${column(name)}), lambda one: {'n': -one.value, 'v': one.key})`;
      const values = aggregation.float ? unsigned(value) : value;
      return { ...one(`histogram(${values})`), finish: `list_sort(${pairs})[1].v` };
    }
    case 'entropy': {
      const counts = `list_sort(map_values(${column(name)}))`;
      const share = `n / list_sum(map_values(${column(name)}))`;
      const terms = `list_transform(${counts}, lambda n: ${share} * log2(${share}))`;
      return { ...one(`histogram(${value})`), finish: `0 - list_sum(${terms})` };
    }
  }
}

/** A floating point number without the sign of a zero: which of two zeros is the least would depend on their order. */
function unsigned(value: string): string {
  return `CAST(${value} AS DOUBLE) + 0`;
}

/**
 * The sum as a value, a double where asked for. DuckDB rounds a negative HUGEINT twice on its way to a double: its sign
 * goes apart. A scaled sum is rounded once: to the nearest double, then the remainder is added, which corrects
 * the cast's own rounding.
 */
function summed(sum: SumKind, total: string, double: boolean): string {
  if (sum.kind === 'whole' && double) return `CAST(sign(${total}) AS DOUBLE) * CAST(abs(${total}) AS DOUBLE)`;
  if (sum.kind !== 'scaled') return total;
  const near = `CAST(${total} AS DOUBLE)`;
  const exact = `(${near} + CAST(${total} - CAST(${near} AS HUGEINT) AS DOUBLE))`;
  return sum.bits === 0 ? exact : `${exact} * ${power(-sum.bits)}`;
}

function power(bits: number): string {
  return `CAST('${2 ** bits}' AS DOUBLE)`;
}

function both(filter: string | null, test: string): string {
  return filter === null ? test : `(${filter}) AND ${test}`;
}

export function filtered(call: string, filter: string | null): string {
  return filter === null ? call : `${call} FILTER (WHERE ${filter})`;
}

function column(name: string): string {
  return `"${name}"`;
}
