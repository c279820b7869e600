import type { JoinKey, ScalarType } from '../catalog/model';

/** The entities whose keys hash to `index` modulo `of`. */
export interface EntityChunk {
  of: number;
  index: number;
}

/**
 * SQL that is true for rows of a chunk's entities; `column` gives the SQL of a key column. Keys that match are in one
 * chunk on both sides of a join, whatever their types there; a NULL key is in one chunk too.
 */
export function inChunk(
  keys: readonly JoinKey[],
  chunk: EntityChunk,
  column: (name: string) => string,
): string {
  const values = keys.map(({ name, type }) => comparable(type, column(name)));
  return `hash(${values.join(', ')}) % ${chunk.of} = ${chunk.index}`;
}

/** The two halves of a chunk. */
export function halves({ of, index }: EntityChunk): [EntityChunk, EntityChunk] {
  return [
    { of: of * 2, index },
    { of: of * 2, index: index + of },
  ];
}

/** Equal values of different widths hash differently; a value beyond the common type hashes as NULL on both sides. */
function comparable(type: ScalarType, value: string): string {
  return `TRY_CAST(${value} AS ${COMMON[type]})`;
}

const COMMON: Record<ScalarType, string> = {
  int32: 'BIGINT',
  int64: 'BIGINT',
  float32: 'DOUBLE',
  float64: 'DOUBLE',
  bool: 'BOOLEAN',
  string: 'VARCHAR',
  bytes: 'BLOB',
  timestamp: 'TIMESTAMP',
};
