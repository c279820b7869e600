/** What one part of a training set has to work through, by estimate. */
export interface PartSize {
  sourceRows: number;
  /** Of the columns that the part uses, as an engine holds them. */
  sourceBytes: number;
  spineRows: number;
  /** Whether the first engine holds the source. */
  loaded: boolean;
}

/** Rows of source and spine together up to which one engine is done before others have read their share. */
const SMALL_ROWS = 3_000_000;
/** The share of an engine's memory that a chunk's source may take; the join over it needs the rest. */
export const SOURCE_SHARE = 0.25;
/** Spine rows of a chunk at most: their values wait in memory until the chunk is complete. */
const CHUNK_SPINE_ROWS = 4_000_000;

/**
 * Into how many chunks a part is cut; 0 = it is computed in one piece on the first engine. `engineBytes`: the limit of
 * one engine of the pool. With one engine in the pool nothing is gained but memory.
 */
export function chunkCount(size: PartSize, engines: number, engineBytes: number): number {
  const bySource = Math.ceil(size.sourceBytes / (SOURCE_SHARE * engineBytes));
  const bySpine = Math.ceil(size.spineRows / CHUNK_SPINE_ROWS);
  const needed = Math.max(1, bySource, bySpine);
  const small = size.sourceRows + size.spineRows <= SMALL_ROWS;
  if (size.loaded && (small || (needed === 1 && engines < 2))) return 0;
  // Whole rounds: no engine waits while another works on the last chunk.
  return Math.ceil(needed / engines) * engines;
}
