/** The word that a DuckDB or feature type begins with: `DECIMAL(18,3)` is `DECIMAL`, `TIMESTAMP_NS` is `TIMESTAMP`. */
export function baseType(type: string): string {
  return /^[A-Z0-9]+/.exec(type.trim().toUpperCase())?.[0] ?? '';
}

export function isList(type: string): boolean {
  return /\[\d*\]$/.test(type.trim());
}

export function isTimestamp(type: string): boolean {
  return !isList(type) && baseType(type) === 'TIMESTAMP';
}
