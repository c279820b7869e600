import type { CellBlock, Diagnostic } from '../../engine/notebook/document';
import type { EditorDiagnostic } from '../editor/types';

/** A cell's findings, placed in its own text. One about the fence or the whole cell is put on the first line. */
export function editorDiagnostics(block: CellBlock, diagnostics: readonly Diagnostic[]): EditorDiagnostic[] {
  const lines = block.body.split('\n').length;
  return diagnostics
    .filter((diagnostic) => diagnostic.cell === block.name)
    .map(({ severity, message, hint, code, line, column, endLine, endColumn }) => {
      const inside = line >= block.bodyLine && line < block.bodyLine + lines;
      const common = { severity, message, code, ...(hint === undefined ? {} : { hint }) };
      if (!inside) return { ...common, line: 1, column: 1, endLine: 1, endColumn: 2 };
      const offset = block.bodyLine - 1;
      return { ...common, line: line - offset, column, endLine: endLine - offset, endColumn };
    });
}
