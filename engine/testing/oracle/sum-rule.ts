import type { OracleEvent } from './definition';
import { unitsOf } from './rounding';

/** What the whole numbers hold that sums of scaled floats are taken in. */
const BITS = 126;

const known = new WeakMap<readonly OracleEvent[], Map<string, boolean>>();

/**
 * Whether sums over a column are exact: whole numbers always; floats where all of the source's are finite and, taken as
 * whole numbers of one power of two, as many of the greatest as there are values fit into 126 bits.
 */
export function isExact(source: readonly OracleEvent[], column: string): boolean {
  const answers = known.get(source) ?? new Map<string, boolean>();
  known.set(source, answers);
  const answer = answers.get(column) ?? fits(source, column);
  answers.set(column, answer);
  return answer;
}

function fits(source: readonly OracleEvent[], column: string): boolean {
  const values = source.flatMap(({ payload }) =>
    typeof payload[column] === 'number' ? [payload[column]] : [],
  );
  if (values.length === 0) return true;
  if (!values.every(Number.isFinite)) return false;
  const sizes = values.filter((value) => value !== 0).map(exponentOf);
  if (sizes.length === 0) return true;
  const fraction = values.every(Number.isInteger) ? 0 : Math.max(0, 52 - Math.min(...sizes));
  const needed = Math.max(...sizes) + 1 + fraction + Math.ceil(Math.log2(values.length));
  return needed <= BITS && fraction < 1000;
}

/** e with 2^e <= |value| < 2^(e+1). */
function exponentOf(value: number): number {
  const units = unitsOf(Math.abs(value));
  return units.toString(2).length - 1 - 1074;
}
