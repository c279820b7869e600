import { isTimestamp } from './column-type';

const MICROSECONDS_PER_DAY = 86_400_000_000n;

/** Microseconds since 1970 UTC as `2025-03-15 14:30:00`; a part of a second in whole milliseconds, or else microseconds. */
export function timestampText(microseconds: bigint): string {
  const inDay = ((microseconds % MICROSECONDS_PER_DAY) + MICROSECONDS_PER_DAY) % MICROSECONDS_PER_DAY;
  const days = (microseconds - inDay) / MICROSECONDS_PER_DAY;
  const date = new Date(Number(days) * 86_400_000);
  // Beyond what a Date can hold, DuckDB still has instants: infinity is stored as the largest of them.
  if (Number.isNaN(date.getTime())) return microseconds > 0n ? 'infinity' : '-infinity';
  const year = date.getUTCFullYear();
  const pad = (value: number | bigint, width = 2) => String(value).padStart(width, '0');
  const day = `${year < 0 ? '-' + pad(-year, 4) : pad(year, 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  const seconds = inDay / 1_000_000n;
  const fraction = inDay % 1_000_000n;
  const clock = `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}`;
  return `${day} ${clock}` + (fraction === 0n ? '' : `.${pad(fraction, 6).replace(/000$/, '')}`);
}

/** The shortest text that reads back as the same number; `float32` values in their own precision. */
export function exactNumber(value: number, type: string): string {
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
  if (!/^FLOAT(32)?$/i.test(type)) return String(value);
  for (let digits = 6; digits <= 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(value);
}

function bytesText(bytes: Uint8Array): string {
  return '0x' + [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Values inside lists and structs, written as DuckDB writes literals. */
function nestedText(value: unknown, type: string): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'bigint' && isTimestamp(type)) return `'${timestampText(value)}'`;
  return exactText(value, type);
}

/** Element type of `DOUBLE[]`; what is inside a struct is told by the values alone. */
function elementType(type: string): string {
  return /\[\d*\]$/.test(type) ? type.replace(/\[\d*\]$/, '') : '';
}

/** The value with nothing left out. NULL is the empty text here; whoever prints it tells it apart. */
export function exactText(value: unknown, type: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return isTimestamp(type) ? timestampText(value) : value.toString();
  if (typeof value === 'number') return exactNumber(value, type);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof Uint8Array) return bytesText(value);
  if (Array.isArray(value)) return `[${value.map((item) => nestedText(item, elementType(type))).join(', ')}]`;
  if (typeof value === 'object') {
    const fields = Object.entries(value).map(([name, item]) => `'${name}': ${nestedText(item, '')}`);
    return `{${fields.join(', ')}}`;
  }
  return '';
}
