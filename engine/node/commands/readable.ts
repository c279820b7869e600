import { isoMicroseconds } from '../../catalog/instant';
import type { ColumnInfo } from '../../database/database';

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
