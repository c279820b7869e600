import type { ColumnInfo } from '../../database/database';

/** Microseconds UTC as `2025-03-16T00:00:00.000000Z`. */
export function isoMicroseconds(instant: bigint): string {
  const micros = ((instant % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = Number((instant - micros) / 1_000_000n);
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${whole}.${micros.toString().padStart(6, '0')}Z`;
}

/** A decoded row with its times as ISO text; `columns` say which values are times. */
export function readableRow(
  row: Record<string, unknown>,
  columns: readonly ColumnInfo[],
): Record<string, unknown> {
  const times = new Set(columns.filter(({ type }) => type.startsWith('TIMESTAMP')).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      times.has(name) && typeof value === 'bigint' ? isoMicroseconds(value) : value,
    ]),
  );
}
