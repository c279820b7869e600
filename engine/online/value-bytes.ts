import type { FeatureType, ScalarType } from '../catalog/model';
import { ByteReader } from './byte-reader';
import { ByteWriter, fromUtf8, utf8 } from './byte-writer';
import {
  isListType,
  itemType,
  LIST_OFFSET,
  NOT_A_TIME,
  otherTypeName,
  typeOfField,
  VALUE_FIELDS,
  type FeastScalar,
  type FeastValue,
} from './feast-value';

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

const WIRE: Record<ScalarType, number> = {
  bytes: DELIMITED,
  string: DELIMITED,
  int32: VARINT,
  int64: VARINT,
  float64: FIXED64,
  float32: FIXED32,
  bool: VARINT,
  timestamp: VARINT,
};

function wrongValue(type: string, value: unknown): never {
  throw new TypeError(`${typeof value} given for an online value of type ${type}`);
}

/** The bare scalar, without its tag. */
function writeScalar(out: ByteWriter, type: ScalarType, value: FeastScalar): void {
  switch (type) {
    case 'int32':
    case 'int64':
    case 'timestamp':
      if (typeof value !== 'number' && typeof value !== 'bigint') return wrongValue(type, value);
      return out.varint(value);
    case 'bool':
      return out.byte(value === true ? 1 : 0);
    case 'float32':
    case 'float64':
      if (typeof value !== 'number') return wrongValue(type, value);
      return type === 'float32' ? out.float32(value) : out.float64(value);
    case 'string':
    case 'bytes': {
      const bytes = typeof value === 'string' ? utf8(value) : value;
      if (!(bytes instanceof Uint8Array)) return wrongValue(type, value);
      out.varint(bytes.length);
      return out.raw(bytes);
    }
  }
}

function writeItems(out: ByteWriter, type: ScalarType, values: readonly FeastScalar[]): void {
  if (values.length === 0) return;
  if (WIRE[type] === DELIMITED) {
    for (const value of values) {
      out.byte((1 << 3) | DELIMITED);
      writeScalar(out, type, value);
    }
    return;
  }
  const packed = new ByteWriter();
  for (const value of values) writeScalar(packed, type, value);
  out.byte((1 << 3) | DELIMITED);
  out.varint(packed.length);
  out.raw(packed.take());
}

/** Whether a value is stored as NULL, which is no bytes at all: NULL and NaN, as Feast's own writer does. */
export const isStoredNull = (value: FeastValue): value is null =>
  value === null || (typeof value === 'number' && Number.isNaN(value));

/**
 * Writes a value as a serialized feast.types.Value of the declared type. The set member is always written, even
 * when it is 0, false or empty; NULL and NaN are no bytes. Numbers are rounded to float32 where declared so.
 */
export function writeValue(out: ByteWriter, type: FeatureType, value: FeastValue): void {
  if (isStoredNull(value)) return;
  const scalar = itemType(type);
  if (!isListType(type)) {
    if (typeof value === 'object' && !(value instanceof Uint8Array)) return wrongValue(type, value);
    out.varint((VALUE_FIELDS[scalar] << 3) | WIRE[scalar]);
    return writeScalar(out, scalar, value);
  }
  if (!Array.isArray(value)) return wrongValue(type, value);
  const items = new ByteWriter();
  writeItems(items, scalar, value);
  out.varint(((VALUE_FIELDS[scalar] + LIST_OFFSET) << 3) | DELIMITED);
  out.varint(items.length);
  out.raw(items.take());
}

export function encodeValue(type: FeatureType, value: FeastValue): Uint8Array {
  const out = new ByteWriter();
  writeValue(out, type, value);
  return out.take();
}

/** A stored value with the type that its own bytes name; `value` null = NULL. */
export type StoredValue =
  | { type: FeatureType; value: FeastValue }
  | { type: 'null'; value: null }
  /** A type that Plumbline does not write: its name in Value.proto, and the bytes after the tag. */
  | { type: 'other'; name: string; value: Uint8Array };

function readScalar(reader: ByteReader, type: ScalarType): FeastScalar {
  switch (type) {
    case 'int32':
      return Number(BigInt.asIntN(32, reader.varint()));
    case 'int64':
    case 'timestamp':
      return reader.varint();
    case 'bool':
      return reader.varint() !== 0n;
    case 'float32':
      return reader.float32();
    case 'float64':
      return reader.float64();
    case 'string':
      return fromUtf8(reader.raw(reader.size()));
    case 'bytes':
      return reader.raw(reader.size()).slice();
  }
}

function readItems(bytes: Uint8Array, type: ScalarType): FeastScalar[] {
  const values: FeastScalar[] = [];
  const reader = new ByteReader(bytes);
  while (!reader.done) {
    const tag = reader.byte();
    if (tag === ((1 << 3) | DELIMITED) && WIRE[type] !== DELIMITED) {
      const packed = new ByteReader(reader.raw(reader.size()));
      while (!packed.done) values.push(readScalar(packed, type));
    } else if (tag === ((1 << 3) | WIRE[type])) values.push(readScalar(reader, type));
    else throw new RangeError('An unknown field in a list.');
  }
  return values;
}

/**
 * Reads a serialized feast.types.Value by its own tag. Empty bytes, the null member and a NULL timestamp as Feast
 * stores it are NULL. Throws a RangeError or TypeError on bytes that are no Value.
 */
export function decodeValue(bytes: Uint8Array): StoredValue {
  if (bytes.length === 0) return { type: 'null', value: null };
  const reader = new ByteReader(bytes);
  const tag = Number(reader.varint());
  const field = tag >> 3;
  const type = typeOfField(field);
  if (type === null)
    return field === 19
      ? { type: 'null', value: null }
      : { type: 'other', name: otherTypeName(field), value: reader.rest().slice() };
  const scalar = itemType(type);
  const list = isListType(type);
  if ((tag & 7) !== (list ? DELIMITED : WIRE[scalar]))
    throw new RangeError('A value with a wrong wire type.');
  const value = list ? readItems(reader.raw(reader.size()), scalar) : readScalar(reader, scalar);
  if (!reader.done) throw new RangeError('Bytes after the value.');
  return { type, value: scalar === 'timestamp' && value === NOT_A_TIME ? null : value };
}
