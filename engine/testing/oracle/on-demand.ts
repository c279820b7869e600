import type { OnDemandExpression } from './definition';
import type { OracleValue } from './value';

/** The value of a scalar expression over other features' values, after their policies, and the spine's column `r`. */
export function onDemandValue(
  expression: OnDemandExpression,
  inputs: readonly OracleValue[],
  r: number | null,
): OracleValue {
  const [left = null, right = null] = inputs;
  switch (expression) {
    case 'sum':
      return left === null || right === null ? null : Number(left) + Number(right);
    case 'first_known':
      return left ?? right;
    case 'scaled':
      return left === null || r === null ? null : Number(left) * r;
    case 'is_missing':
      return left === null;
  }
}
