const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;

/** Microseconds in words: `1 us`, `2.5 s`, `3 h 20 min`, `4 d 1 h`; the same words as `distanceText` gives in SQL. */
export function distanceWords(micros: number): string {
  if (micros < SECOND) return `${micros} us`;
  if (micros < 60 * SECOND) return `${micros / SECOND} s`;
  if (micros < HOUR) return two(micros, 60 * SECOND, 'min', SECOND, 's');
  if (micros < 48 * HOUR) return two(micros, HOUR, 'h', 60 * SECOND, 'min');
  return two(micros, 24 * HOUR, 'd', HOUR, 'h');
}

function two(micros: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((micros % large) / small);
  return `${Math.floor(micros / large)} ${largeUnit}${rest === 0 ? '' : ` ${rest} ${smallUnit}`}`;
}

/** A share of rows: `12.5 %`; a share of nothing is a dash. */
export function percentWords(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}
