import type { ErrorCode } from '../errors';
import type { CellBlock, Diagnostic } from './document';
import { placeInText } from './lines';

export interface Finding {
  severity: Diagnostic['severity'];
  code: ErrorCode;
  message: string;
  hint?: string;
}

/** A finding in a cell's body, placed in the notebook file. Offsets count in the body. */
export function inBody(
  file: string,
  cell: CellBlock,
  finding: Finding,
  range: { start: number; end: number },
): Diagnostic {
  const from = placeInText(cell.body, range.start);
  const to = placeInText(cell.body, Math.max(range.end, range.start));
  const above = cell.bodyLine - 1;
  return {
    ...finding,
    file,
    cell: cell.name,
    line: above + from.line,
    column: from.column,
    endLine: above + to.line,
    endColumn: to.column,
  };
}

/** A finding on a stretch of one line of the file; columns from 1. */
export function onLine(
  file: string,
  cell: string | null,
  finding: Finding,
  line: number,
  column: number,
  endColumn: number,
): Diagnostic {
  return { ...finding, file, cell, line, column, endLine: line, endColumn };
}
