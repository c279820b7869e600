import { SCALAR_TYPES, type FeatureType, type ScalarType } from '../catalog/model';

/**
 * A value as the online store holds it. int32, float32, float64: number; int64: bigint; timestamp: bigint, whole
 * seconds since 1970 (Feast keeps no fraction); bytes: Uint8Array.
 */
export type FeastScalar = number | bigint | boolean | string | Uint8Array;
export type FeastValue = FeastScalar | readonly FeastScalar[] | null;

/** Member numbers of the oneof in feast/types/Value.proto; a list's number is its item's plus ten. */
export const VALUE_FIELDS: Record<ScalarType, number> = {
  bytes: 1,
  string: 2,
  int32: 3,
  int64: 4,
  float64: 5,
  float32: 6,
  bool: 7,
  timestamp: 8,
};
export const LIST_OFFSET = 10;
/** The member that stands for NULL. */
export const NULL_FIELD = 19;

/** What numpy calls NaT: Feast writes it for a NULL timestamp that came from Arrow. */
export const NOT_A_TIME = -(2n ** 63n);

/** The members of the oneof that Plumbline reads and never writes, from Value.proto. */
const OTHER_FIELDS: Record<number, string> = {
  20: 'map',
  21: 'map_list',
  22: 'bytes_set',
  23: 'string_set',
  24: 'int32_set',
  25: 'int64_set',
  26: 'double_set',
  27: 'float_set',
  28: 'bool_set',
  29: 'unix_timestamp_set',
  32: 'json',
  33: 'json_list',
  34: 'struct',
  35: 'struct_list',
  36: 'uuid',
  37: 'time_uuid',
  38: 'uuid_list',
  39: 'time_uuid_list',
  40: 'uuid_set',
  41: 'time_uuid_set',
  42: 'value_list',
  43: 'value_set',
  44: 'decimal',
  45: 'decimal_list',
  46: 'decimal_set',
  47: 'scalar_map',
  48: 'zoned_timestamp',
};

export const otherTypeName = (field: number): string => OTHER_FIELDS[field] ?? `field ${field}`;

/** The type stored under a member number, or null when it is none that Plumbline writes. */
export function typeOfField(field: number): FeatureType | null {
  const list = field > LIST_OFFSET;
  const scalar = SCALAR_TYPES.find((type) => VALUE_FIELDS[type] === (list ? field - LIST_OFFSET : field));
  if (scalar === undefined) return null;
  return list ? `${scalar}[]` : scalar;
}

export const isListType = (type: FeatureType): boolean => type.endsWith('[]');

/** The type of a list's items, or the scalar type itself. */
export function itemType(type: FeatureType): ScalarType {
  const name = isListType(type) ? type.slice(0, -2) : type;
  const scalar = SCALAR_TYPES.find((candidate) => candidate === name);
  if (scalar === undefined) throw new TypeError(`${type} is no feature type`);
  return scalar;
}
