import type { FeatureType, ScalarType } from '../catalog/model';
import { ByteReader } from './byte-reader';
import { base64, ByteWriter, utf8 } from './byte-writer';
import {
  isListType,
  itemType,
  LIST_OFFSET,
  NOT_A_TIME,
  NULL_FIELD,
  otherTypeName,
  typeOfField,
  VALUE_FIELDS,
  type FeastScalar,
  type FeastValue,
} from './feast-value';
import { jsonValue } from './json-value';
import { readOther, type PlainValue } from './other-value';
import { DELIMITED, readItems, readScalar, WIRE } from './value-reader';

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
  /** A type that Plumbline does not write: its name in Value.proto, and the value as JSON carries it. */
  | { type: 'other'; name: string; value: PlainValue };

/** Values inside values, deeper than anyone's data. */
const DEEPEST = 100;

/** What follows the tag of a member that Plumbline does not write. */
function readUnwritten(member: number, wire: number, reader: ByteReader, depth: number): PlainValue {
  if (wire !== DELIMITED) return { base64: base64(reader.rest()) };
  const payload = reader.raw(reader.size());
  if (!reader.done) throw new RangeError('Bytes after the value.');
  return readOther(member, payload, (bytes) => {
    const nested = readValue(bytes, depth + 1);
    return (nested.type === 'other' ? nested.value : jsonValue(nested)) as PlainValue;
  });
}

function readValue(bytes: Uint8Array, depth: number): StoredValue {
  if (bytes.length === 0) return { type: 'null', value: null };
  if (depth > DEEPEST) throw new RangeError('Values are nested too deeply.');
  const reader = new ByteReader(bytes);
  const tag = Number(reader.varint());
  const [member, wire] = [tag >> 3, tag & 7];
  const type = typeOfField(member);
  if (type === null)
    return member === NULL_FIELD
      ? { type: 'null', value: null }
      : { type: 'other', name: otherTypeName(member), value: readUnwritten(member, wire, reader, depth) };
  const scalar = itemType(type);
  const list = isListType(type);
  if (wire !== (list ? DELIMITED : WIRE[scalar])) throw new RangeError('A value with a wrong wire type.');
  const value = list ? readItems(reader.raw(reader.size()), scalar) : readScalar(reader, scalar);
  if (!reader.done) throw new RangeError('Bytes after the value.');
  return { type, value: scalar === 'timestamp' && value === NOT_A_TIME ? null : value };
}

/**
 * Reads a serialized feast.types.Value by its own tag. Empty bytes, the null member and a NULL timestamp as Feast
 * stores it are NULL. Throws a RangeError or TypeError on bytes that are no Value.
 */
export const decodeValue = (bytes: Uint8Array): StoredValue => readValue(bytes, 0);
