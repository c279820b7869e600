const formatters = new Map<string, () => void>();

/** A live editor offers to lay out its text; gives the way to take the offer back. */
export function offerFormat(cellId: string, format: () => void): () => void {
  formatters.set(cellId, format);
  return () => {
    if (formatters.get(cellId) === format) formatters.delete(cellId);
  };
}

/** Lays out a cell's text, if an editor has it: the cells on screen do. */
export function formatCell(cellId: string): void {
  formatters.get(cellId)?.();
}
