import { baseType, isList } from '../../engine/database/column-type';

export { isList, isTimestamp } from '../../engine/database/column-type';

/** Short letters for DuckDB and feature types, as in the catalog tree: `f64`, `i64`, `str`, `s[]`, `ts`. */
const LETTERS: Record<string, string> = {
  TINYINT: 'i8',
  SMALLINT: 'i16',
  INTEGER: 'i32',
  INT32: 'i32',
  BIGINT: 'i64',
  INT64: 'i64',
  HUGEINT: 'i128',
  UTINYINT: 'u8',
  USMALLINT: 'u16',
  UINTEGER: 'u32',
  UBIGINT: 'u64',
  UHUGEINT: 'u128',
  FLOAT: 'f32',
  FLOAT32: 'f32',
  DOUBLE: 'f64',
  FLOAT64: 'f64',
  DECIMAL: 'dec',
  BOOLEAN: 'bool',
  BOOL: 'bool',
  VARCHAR: 'str',
  STRING: 'str',
  BLOB: 'bin',
  BYTES: 'bin',
  BIT: 'bits',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'ts',
  INTERVAL: 'ival',
  UUID: 'uuid',
  STRUCT: '{}',
  MAP: 'map',
  ENUM: 'enum',
  JSON: 'json',
};

const NUMBERS = new Set(
  Object.entries(LETTERS)
    .filter(([, letters]) => /^([iuf]\d+|dec)$/.test(letters))
    .map(([name]) => name),
);

export function isNumber(type: string): boolean {
  return !isList(type) && NUMBERS.has(baseType(type));
}

export function isText(type: string): boolean {
  return !isList(type) && (baseType(type) === 'VARCHAR' || baseType(type) === 'STRING');
}

export function typeLetters(type: string): string {
  if (isList(type)) {
    const element = typeLetters(type.trim().replace(/\[\d*\]$/, ''));
    return `${element[0] ?? ''}[]`;
  }
  return LETTERS[baseType(type)] ?? baseType(type).toLowerCase().slice(0, 4);
}
