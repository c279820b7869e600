import { exactNumber, exactText } from '../../engine/database/exact-text';
import { isNumber } from './type-names';

/** A value as a grid cell shows it. `exact` is the same value with nothing left out, as it is copied. */
export interface ShownValue {
  text: string;
  exact: string;
  isNull: boolean;
}

/** Four decimals, so that a column of fractions lines up; very large and very small numbers in powers of ten. */
function shownNumber(value: number, type: string): string {
  if (!Number.isFinite(value)) return exactNumber(value, type);
  if (!/^(FLOAT|DOUBLE)/i.test(type)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e12 || size < 0.0001)) return value.toExponential(4);
  return value.toFixed(4);
}

/** How a value of a DuckDB or feature type looks in a cell. Long text is cut by the cell, not here. */
export function showValue(value: unknown, type: string): ShownValue {
  if (value === null || value === undefined) return { text: 'NULL', exact: '', isNull: true };
  const exact = exactText(value, type);
  const text = typeof value === 'number' && isNumber(type) ? shownNumber(value, type) : exact;
  return { text: text.length > 1000 ? text.slice(0, 1000) + '…' : text, exact, isNull: false };
}
