import type { ColumnInfo } from './database';

/** Bytes that one engine may use: the limit that DuckDB-WASM sets itself. */
export const ENGINE_BYTES = 3.1 * 1024 ** 3;

/** The share of the first engine that loaded sources may take; spines, results and joins need the rest. */
const SOURCES_SHARE = 0.25;

/** Bytes left for a source in the first engine, which may use `engineBytes`, when others take `taken`. */
export function sourceBudget(taken: number, engineBytes: number): number {
  return Math.max(0, SOURCES_SHARE * engineBytes - taken);
}

/** Bytes of one value in the engine's own tables, by DuckDB type. */
const WIDTHS: Record<string, number> = {
  BOOLEAN: 1,
  TINYINT: 1,
  UTINYINT: 1,
  SMALLINT: 2,
  USMALLINT: 2,
  INTEGER: 4,
  UINTEGER: 4,
  FLOAT: 4,
  DATE: 4,
  BIGINT: 8,
  UBIGINT: 8,
  DOUBLE: 8,
  TIME: 8,
  TIMESTAMP: 8,
};

/** A string has 16 bytes in place and its text beside; a decimal or UUID 16; a list more. */
const OTHER_WIDTH = 32;

function widthOf(type: string): number {
  return WIDTHS[type] ?? (type.startsWith('ENUM(') ? 1 : OTHER_WIDTH);
}

/** Bytes that rows of these columns take in an engine, by estimate: texts and lists count as 32 bytes a value. */
export function estimatedBytes(columns: readonly ColumnInfo[], rows: number): number {
  const width = columns.reduce((sum, { type }) => sum + widthOf(type), 0);
  return width * rows;
}
