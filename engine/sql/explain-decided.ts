import { aggregateStates, type CompiledAggregation } from './aggregate-state';
import { block, printSelect } from './select';

/**
 * Whether a counted row `e` of `fated` is one of those that decided the value (the least, the latest, ...), for an
 * aggregation or either side of a ratio; null where every counted row has its part in the value. `takes` says of a row
 * that lies in the window whether each side takes it.
 */
export function decidesSql(
  aggregations: readonly CompiledAggregation[],
  takes: readonly string[],
): string | null {
  const tests = aggregations.flatMap((aggregation, side) => {
    const test = decidesSide(aggregation, `e."__e${side}"`, `(e."__fate" = 'counted' AND ${takes[side]!})`);
    return test === null ? [] : [test];
  });
  return tests.length === 0 ? null : tests.join(' OR ');
}

function decidesSide(aggregation: CompiledAggregation, input: string, counts: string): string | null {
  const place = (order: string): string => `row_number() OVER (PARTITION BY ${counts} ORDER BY ${order})`;
  switch (aggregation.fn) {
    case 'min':
    case 'max':
      return `(${counts} AND ${input} = ${aggregation.fn}(${input}) FILTER (WHERE ${counts}) OVER ())`;
    case 'first':
      return `(${counts} AND ${place('e."__at", e."__order"')} = 1)`;
    case 'last':
      return `(${counts} AND ${place(NEWEST_FIRST)} = 1)`;
    case 'last_n':
      return `(${counts} AND ${place(NEWEST_FIRST)} <= ${aggregation.parameter ?? 1})`;
    case 'quantile':
      return `(${counts} AND ${place(`${input}, ${NEWEST_FIRST}`)} - 1 IN (${quantilePlaces(aggregation, counts)}))`;
    case 'mode':
      return `(${counts} AND ${input} = ${block(modeSql(aggregation, input, counts))})`;
    default:
      return null;
  }
}

const NEWEST_FIRST = 'e."__at" DESC, e."__order" DESC';

/** From 0 among the sorted values: the two that DuckDB's quantile_cont lies between, the one that quantile_disc takes. */
function quantilePlaces({ parameter = 0.5, float }: CompiledAggregation, counts: string): string {
  const n = `count(*) FILTER (WHERE ${counts}) OVER ()`;
  const q = `CAST('${parameter}' AS DOUBLE)`;
  if (!float) return `greatest(1, ${n} - floor(${n} - ${q} * ${n})) - 1`;
  return `floor(${q} * (${n} - 1)), ceil(${q} * (${n} - 1))`;
}

/** The most frequent value, as every plan takes it. */
function modeSql(aggregation: CompiledAggregation, input: string, counts: string): string {
  const where = { value: input, at: 'e."__at"', order: 'e."__order"', filter: counts };
  const { states, finish } = aggregateStates(aggregation, where, '__mode');
  const state = printSelect({
    columns: states.map(({ name, event }) => `${event} AS "${name}"`),
    from: ['fated AS e'],
  });
  return printSelect({ columns: [finish], from: [`${block(state)} AS m`] });
}
