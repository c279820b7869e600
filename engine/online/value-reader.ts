import type { ScalarType } from '../catalog/model';
import { ByteReader } from './byte-reader';
import { fromUtf8 } from './byte-writer';
import type { FeastScalar } from './feast-value';

/** Wire types of protobuf. */
export const VARINT = 0;
export const FIXED64 = 1;
export const DELIMITED = 2;
export const FIXED32 = 5;

export const WIRE: Record<ScalarType, number> = {
  bytes: DELIMITED,
  string: DELIMITED,
  int32: VARINT,
  int64: VARINT,
  float64: FIXED64,
  float32: FIXED32,
  bool: VARINT,
  timestamp: VARINT,
};

/** The bare scalar, without its tag. Throws a RangeError past the end, a TypeError on text that is not UTF-8. */
export function readScalar(reader: ByteReader, type: ScalarType): FeastScalar {
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

/** The items of a list or a set: field 1, packed or one by one. */
export function readItems(bytes: Uint8Array, type: ScalarType): FeastScalar[] {
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

/** One field of a message; the reader stands at its value. Whoever handles it must read the value. */
export type OnField = (field: number, wire: number, reader: ByteReader) => void;

/** Walks over the fields of a serialized message. Throws a RangeError where the bytes are none. */
export function readMessage(bytes: Uint8Array, onField: OnField): void {
  const reader = new ByteReader(bytes);
  while (!reader.done) {
    const tag = Number(reader.varint());
    onField(tag >> 3, tag & 7, reader);
  }
}

/** Passes over a field that is not known. */
export function skipField(wire: number, reader: ByteReader): void {
  if (wire === VARINT) reader.varint();
  else if (wire === FIXED64) reader.raw(8);
  else if (wire === FIXED32) reader.raw(4);
  else if (wire === DELIMITED) reader.raw(reader.size());
  else throw new RangeError('A field of an unknown wire type.');
}
