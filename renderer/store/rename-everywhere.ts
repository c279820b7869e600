import { analyse, type Analysis } from '../../engine/notebook/analysis';
import type { NotebookDocument } from '../../engine/notebook/document';
import { renameWithReferences } from '../../engine/notebook/rename';

/** What a cell needs, under the names of after the renaming, as one text. */
function needs(analysis: Analysis, cell: string, from: string, to: string): string {
  return [...(analysis.dependencies.get(cell) ?? [])]
    .map((name) => (name === from ? to : name))
    .sort()
    .join(' ');
}

/**
 * Renames a cell and what refers to it, and checks by analysing that every cell needs the same cells as before. A
 * cell that would not keeps its text and is told as `broken`, as is one of an included file.
 */
export function renameEverywhere(
  document: NotebookDocument,
  included: readonly NotebookDocument[],
  id: string,
  to: string,
): { document: NotebookDocument; changed: string[]; broken: string[] } {
  const block = document.blocks.find((one) => one.id === id);
  if (block?.type !== 'cell') return { document, changed: [], broken: [] };
  const from = block.name;
  const before = analyse([document, ...included]);
  const differing = (result: NotebookDocument) => {
    const after = analyse([result, ...included]);
    return [...before.cells.keys()].filter(
      (cell) => needs(before, cell, from, to) !== needs(after, cell === from ? to : cell, from, to),
    );
  };
  const first = renameWithReferences(document, id, to);
  const doubtful = differing(first.document);
  if (doubtful.length === 0) return { ...first, broken: [] };
  const second = renameWithReferences(document, id, to, new Set(doubtful));
  return { ...second, broken: differing(second.document) };
}
