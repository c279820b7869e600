const MICROS_PER_DAY = 86_400_000_000n;

/** An unscaled decimal as exact text: (150n, 2) is `1.50`. */
export function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Milliseconds since 1970 of a day as `2024-01-31`; years outside 0-9999 keep their sign and digits. */
export function dateText(milliseconds: number): string {
  return civilDate(BigInt(Math.floor(milliseconds / 86_400_000)));
}

/** Arrow's time units: 0 seconds, 1 milliseconds, 2 microseconds, 3 nanoseconds. `12:34:56.5`, as DuckDB prints. */
export function timeText(value: bigint, unit: number): string {
  return clock(value * 10n ** BigInt(9 - unit * 3));
}

/** Nanoseconds since 1970 as `2024-01-31 12:34:56.123456789`. */
export function nanosecondText(nanoseconds: bigint): string {
  const perDay = MICROS_PER_DAY * 1000n;
  const day = floorDivide(nanoseconds, perDay);
  return `${civilDate(day)} ${clock(nanoseconds - day * perDay)}`;
}

/** [months, days, nanoseconds] as `2 months 3 days 01:02:03`. */
export function intervalText(parts: ArrayLike<number | bigint>): string {
  const [months, days, nanos] = [Number(parts[0]), Number(parts[1]), BigInt(parts[2] ?? 0)];
  const words: string[] = [];
  const count = (amount: number, unit: string): void => {
    if (amount !== 0) words.push(`${amount} ${unit}${Math.abs(amount) === 1 ? '' : 's'}`);
  };
  count(Math.trunc(months / 12), 'year');
  count(months % 12, 'month');
  count(days, 'day');
  if (nanos !== 0n || words.length === 0)
    words.push((nanos < 0n ? '-' : '') + clock(nanos < 0n ? -nanos : nanos));
  return words.join(' ');
}

function clock(nanoseconds: bigint): string {
  const two = (value: bigint): string => value.toString().padStart(2, '0');
  const seconds = nanoseconds / 1_000_000_000n;
  const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  const text = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return fraction === '' ? text : `${text}.${fraction}`;
}

/**
 * Days since 1970 to a proleptic Gregorian date, for any year: JavaScript's Date ends at 275760. Algorithm
 * `civil_from_days`, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
function civilDate(days: bigint): string {
  const shifted = days + 719_468n;
  const era = floorDivide(shifted, 146_097n);
  const dayOfEra = shifted - era * 146_097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const monthIndex = (5n * dayOfYear + 2n) / 153n;
  const day = dayOfYear - (153n * monthIndex + 2n) / 5n + 1n;
  const month = monthIndex < 10n ? monthIndex + 3n : monthIndex - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  const pad = (value: bigint, width: number): string =>
    (value < 0n ? '-' : '') + (value < 0n ? -value : value).toString().padStart(width, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
