import type { Aggregation } from '../catalog/model';

/**
 * Whether a counted row `e` is one of those that decided the value (the least, the latest, ...), for an aggregation or
 * either side of a ratio; null where every counted row has its part in the value. `takes` says of a row that lies in
 * the window whether each side takes it.
 */
export function decidesSql(aggregations: readonly Aggregation[], takes: readonly string[]): string | null {
  const tests = aggregations.flatMap((aggregation, side) => {
    const test = decidesSide(aggregation, side, `(e."__fate" = 'counted' AND ${takes[side]})`);
    return test === null ? [] : [test];
  });
  return tests.length === 0 ? null : tests.join(' OR ');
}

function decidesSide({ fn }: Aggregation, side: number, counts: string): string | null {
  const input = `e."__e${side}"`;
  switch (fn) {
    case 'min':
    case 'max':
      return `(${counts} AND ${input} = ${fn}(${input}) FILTER (WHERE ${counts}) OVER ())`;
    case 'last':
      return `(${counts} AND row_number() OVER (PARTITION BY ${counts} ORDER BY ${NEWEST_FIRST}) = 1)`;
    case 'count':
    case 'count_distinct':
    case 'sum':
    case 'avg':
      return null;
  }
}

const NEWEST_FIRST = 'e."__at" DESC, e."__order" DESC';
