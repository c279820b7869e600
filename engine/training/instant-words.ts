const UNITS: [unit: string, microseconds: bigint][] = [
  ['d', 86_400_000_000n],
  ['h', 3_600_000_000n],
  ['m', 60_000_000n],
  ['s', 1_000_000n],
  ['ms', 1_000n],
  ['µs', 1n],
];

/** How long for people, in its two largest units: `3d 4h`, `90d`, `1s 500ms`; `0s` for nothing. */
function spanText(microseconds: bigint): string {
  const span = microseconds < 0n ? -microseconds : microseconds;
  const largest = UNITS.findIndex(([, size]) => span >= size);
  if (largest === -1) return '0s';
  const [[unit, size], next] = [UNITS[largest]!, UNITS[largest + 1]];
  const rest = next === undefined ? 0n : (span % size) / next[1];
  return `${span / size}${unit}${rest === 0n ? '' : ` ${rest}${next![0]}`}`;
}

/** Where an instant lies, seen from t: `3d 4h before t`, `exactly at t`. Microseconds. */
export function placeText(at: bigint, t: bigint): string {
  if (at === t) return 'exactly at t';
  return `${spanText(at - t)} ${at < t ? 'before' : 'after'} t`;
}
