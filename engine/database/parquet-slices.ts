/** What one worker decodes at once: some row groups, or a range of rows of one. */
export interface ParquetSlice {
  rowGroups: number[];
  /** Rows to skip, and how many to give; counted over `rowGroups`. */
  offset: number;
  limit: number;
}

/** Rows of a row group that are decoded at once; a larger one is read in slices of this size. */
const MOST_ROWS = 1_048_576;
/** Values (rows times columns) that neighbouring row groups are gathered up to. */
const GATHERED_VALUES = 2_097_152;

/**
 * Cuts row groups into slices of useful size, in order: small neighbours go together, since each slice costs a
 * round trip and a statement; large ones are split. `chosen`: the row groups wanted, null = all. Empty ones give none.
 */
export function slicesOf(
  rowGroups: readonly { rows: number }[],
  chosen: readonly number[] | null,
  columns: number,
): ParquetSlice[] {
  const slices: ParquetSlice[] = [];
  const wanted = Math.floor(GATHERED_VALUES / Math.max(1, columns));
  let open: ParquetSlice | null = null;
  for (const group of chosen ?? rowGroups.keys()) {
    const rows = rowGroups[group]?.rows ?? 0;
    if (rows === 0) continue;
    if (open !== null && open.limit + rows <= wanted) {
      open.rowGroups.push(group);
      open.limit += rows;
      continue;
    }
    open = null;
    for (let offset = 0; offset < rows; offset += MOST_ROWS)
      slices.push({ rowGroups: [group], offset, limit: Math.min(MOST_ROWS, rows - offset) });
    if (rows < wanted) open = slices.at(-1)!;
  }
  return slices;
}
