import type { FeatureType, ScalarType } from '../catalog/model';

const DUCK_TYPES: Record<ScalarType, string> = {
  int32: 'INTEGER',
  int64: 'BIGINT',
  float32: 'FLOAT',
  float64: 'DOUBLE',
  bool: 'BOOLEAN',
  string: 'VARCHAR',
  bytes: 'BLOB',
  timestamp: 'TIMESTAMP',
};

/** The DuckDB type that a declared type is stored as: `float64[]` is `DOUBLE[]`. */
export function duckType(type: FeatureType): string {
  if (!type.endsWith('[]')) return DUCK_TYPES[type as ScalarType];
  return `${DUCK_TYPES[type.slice(0, -2) as ScalarType]}[]`;
}
