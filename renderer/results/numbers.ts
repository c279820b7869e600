const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12,480`. */
export function countText(count: number): string {
  return WHOLE.format(count);
}

/** `31.4 %`; a share that is not zero never reads as `0.0 %`, one below the whole never as `100.0 %`. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return 'no rows';
  const percent = (100 * part) / whole;
  if (part > 0 && percent < 0.1) return '<0.1 %';
  if (part < whole && percent > 99.9) return '>99.9 %';
  return `${percent.toFixed(1)} %`;
}

/** Two decimals of a score; `n/a` where it is not defined. */
export function scoreText(score: number | null): string {
  return score === null ? 'n/a' : score.toFixed(2);
}

/** A number for an axis or a summary: at most four significant digits. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return WHOLE.format(value);
  return Number(value.toPrecision(4)).toString();
}
