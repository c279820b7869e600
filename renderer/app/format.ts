const count = new Intl.NumberFormat('en-US');

/** `12,480`. */
export function formatCount(value: number): string {
  return count.format(value);
}

/** `412 MB`, `3.1 GiB`: two units that people compare with their machine's memory. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1 << 30) return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  if (bytes >= 1 << 20) return `${Math.round(bytes / 2 ** 20)} MiB`;
  return `${Math.max(1, Math.round(bytes / 1024))} KiB`;
}

/** `38 ms`, `1.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
}

/** `31.4 %`; a share of nothing has no value. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

/** A metric with up to four significant digits; null as a dash. */
export function formatMetric(value: number | null): string {
  if (value === null) return '–';
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

/** `2 d 4 h`, `2 d`, from milliseconds. */
export function formatAge(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 60) return `${sign}${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${sign}${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${sign}${twoUnits(hours, 'h', minutes % 60, 'min')}`;
  return `${sign}${twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h')}`;
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
