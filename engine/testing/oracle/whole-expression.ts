import type { OracleEvent, WholeExpression } from './definition';
import type { OracleValue } from './value';

/** The value of an aggregate expression over the events of a window, none included. */
export function wholeValue(expression: WholeExpression, events: readonly OracleEvent[]): OracleValue {
  const known = events.flatMap(({ payload }) => (typeof payload['j'] === 'bigint' ? [payload['j']] : []));
  const sum = known.length === 0 ? null : known.reduce((total, j) => total + j, 0n);
  switch (expression) {
    case 'mean_of_all':
      return sum === null ? null : Number(sum) / events.length;
    case 'doubled_count':
      return 2n * BigInt(events.length);
    case 'span':
      return known.length === 0 ? null : greatest(known) - least(known);
    case 'share_of_flags':
      // 0 / 0 over nothing is NaN in SQL as it is here.
      return events.filter(({ payload }) => payload['b'] === true).length / events.length;
  }
}

const least = (values: readonly bigint[]): bigint => values.reduce((a, b) => (b < a ? b : a));
const greatest = (values: readonly bigint[]): bigint => values.reduce((a, b) => (b > a ? b : a));
