import { titleOf, type GridColumn, type GridRow } from './types';
import { exactText } from '../../engine/database/exact-text';

export interface GridPosition {
  /** -1 is the header. */
  row: number;
  column: number;
}

/** A rectangle from where it was begun to the active cell. */
export interface GridSelection {
  anchor: GridPosition;
  active: GridPosition;
}

export interface GridRange {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
}

export function rangeOf({ anchor, active }: GridSelection): GridRange {
  return {
    firstRow: Math.max(0, Math.min(anchor.row, active.row)),
    lastRow: Math.max(anchor.row, active.row),
    firstColumn: Math.min(anchor.column, active.column),
    lastColumn: Math.max(anchor.column, active.column),
  };
}

export function inRange(range: GridRange, row: number, column: number): boolean {
  return (
    row >= range.firstRow && row <= range.lastRow && column >= range.firstColumn && column <= range.lastColumn
  );
}

export interface GridSize {
  rows: number;
  columns: number;
  /** Rows that fit on screen. */
  page: number;
}

export interface MoveKey {
  key: string;
  /** Ctrl, or Command on a Mac. */
  mod: boolean;
}

/** Where a key moves to; null for a key that does not move. Arrow with Mod goes to the edge. */
export function moveBy({ key, mod }: MoveKey, from: GridPosition, size: GridSize): GridPosition | null {
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  const row = (value: number) => Math.max(-1, Math.min(value, lastRow));
  const column = (value: number) => Math.max(0, Math.min(value, lastColumn));
  switch (key) {
    case 'ArrowUp':
      return { row: mod ? Math.min(0, lastRow) : row(from.row - 1), column: from.column };
    case 'ArrowDown':
      return { row: mod ? lastRow : row(from.row + 1), column: from.column };
    case 'ArrowLeft':
      return { row: from.row, column: mod ? 0 : column(from.column - 1) };
    case 'ArrowRight':
      return { row: from.row, column: mod ? lastColumn : column(from.column + 1) };
    case 'PageUp':
      return { row: Math.min(row(Math.max(0, from.row - size.page)), lastRow), column: from.column };
    case 'PageDown':
      return { row: row(from.row + size.page), column: from.column };
    case 'Home':
      return { row: mod ? Math.min(0, lastRow) : from.row, column: 0 };
    case 'End':
      return { row: mod ? lastRow : from.row, column: lastColumn };
    default:
      return null;
  }
}

function field(value: unknown, type: string): string {
  if (value === null || value === undefined) return '';
  const text = exactText(value, type);
  return text === '' || /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Rows as tab-separated text with a heading line, values exact. NULL is an empty field, the empty text is `""`;
 * text with tabs, line ends or quotes is quoted, as spreadsheets read it.
 */
export function toTsv(columns: readonly GridColumn[], rows: readonly GridRow[], heading: boolean): string {
  const lines = rows.map((row) => columns.map(({ name, type }) => field(row[name], type)).join('\t'));
  return (heading ? [columns.map(titleOf).join('\t'), ...lines] : lines).join('\n');
}
