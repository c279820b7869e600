const UNITS: [unit: string, microseconds: bigint][] = [
  ['w', 604_800_000_000n],
  ['d', 86_400_000_000n],
  ['h', 3_600_000_000n],
  ['m', 60_000_000n],
  ['s', 1_000_000n],
];

/** A duration such as `90s 15m 1h 7d 4w`. */
export const DURATION_PATTERN = /^(\d{1,9})(s|m|h|d|w)$/;

/** Microseconds of a duration: a whole number and one unit of `s m h d w`. null when it is none. */
export function parseDuration(text: string): bigint | null {
  const match = DURATION_PATTERN.exec(text.trim());
  const size = UNITS.find(([unit]) => unit === match?.[2])?.[1];
  return match?.[1] === undefined || size === undefined ? null : BigInt(match[1]) * size;
}

/** The shortest text that `parseDuration` reads back; days are not turned into weeks: `7d` stays `7d`. */
export function printDuration(microseconds: bigint): string {
  for (const [unit, size] of UNITS)
    if (unit !== 'w' && microseconds % size === 0n && (microseconds !== 0n || unit === 's'))
      return `${microseconds / size}${unit}`;
  return `${Number(microseconds) / 1e6}s`;
}
