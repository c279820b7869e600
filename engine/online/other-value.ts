import { SCALAR_TYPES, type ScalarType } from '../catalog/model';
import { base64, fromUtf8 } from './byte-writer';
import { VALUE_FIELDS } from './feast-value';
import { isoSeconds, jsonScalar } from './json-value';
import { DELIMITED, readItems, readMessage, readScalar, skipField } from './value-reader';

/** A value of a member that Plumbline reads and never writes, as JSON carries it. */
export type PlainValue = null | boolean | number | string | PlainValue[] | { [key: string]: PlainValue };

/** Reads a value inside a value. */
export type ReadNested = (bytes: Uint8Array) => PlainValue;

/** Where the members of one form begin in feast/types/Value.proto, and which they are. */
const SETS = 21;
const TEXTS = [32, 36, 37, 44];
const TEXT_LISTS = [33, 38, 39, 40, 41, 45, 46];
const MAPS = [20, 34];
const MAP_LISTS = [21, 35];
const VALUE_LISTS = [42, 43];
const SCALAR_MAP = 47;
const ZONED_TIMESTAMP = 48;

/** MapKey.proto: the type of each member. */
const MAP_KEYS: Record<number, ScalarType> = {
  1: 'int32',
  2: 'int64',
  3: 'float32',
  4: 'float64',
  5: 'bool',
  6: 'timestamp',
  7: 'bytes',
  8: 'string',
  9: 'string',
  10: 'string',
};

const plainItems = (bytes: Uint8Array, type: ScalarType): PlainValue[] =>
  readItems(bytes, type).map((item) => jsonScalar(item, type === 'timestamp') as PlainValue);

/** The messages of a repeated field 1. */
function parts(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  readMessage(bytes, (field, wire, reader) => {
    if (field === 1 && wire === DELIMITED) found.push(reader.raw(reader.size()));
    else skipField(wire, reader);
  });
  return found;
}

/** The two fields of a map's entry; an absent one is no bytes. */
function entryOf(bytes: Uint8Array): [key: Uint8Array, value: Uint8Array] {
  const entry: [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];
  readMessage(bytes, (field, wire, reader) => {
    if ((field === 1 || field === 2) && wire === DELIMITED) entry[field - 1] = reader.raw(reader.size());
    else skipField(wire, reader);
  });
  return entry;
}

function readMap(bytes: Uint8Array, nested: ReadNested): PlainValue {
  return Object.fromEntries(
    parts(bytes).map((part) => {
      const [key, value] = entryOf(part);
      return [fromUtf8(key), nested(value)];
    }),
  );
}

function readMapKey(bytes: Uint8Array): PlainValue {
  let key: PlainValue = null;
  readMessage(bytes, (field, wire, reader) => {
    const type = MAP_KEYS[field];
    if (type === undefined) return skipField(wire, reader);
    key = jsonScalar(readScalar(reader, type), type === 'timestamp') as PlainValue;
  });
  return key;
}

function readZoned(bytes: Uint8Array): PlainValue {
  let seconds = 0n;
  let zone = '';
  readMessage(bytes, (field, wire, reader) => {
    if (field === 1) seconds = reader.varint();
    else if (field === 2) zone = fromUtf8(reader.raw(reader.size()));
    else skipField(wire, reader);
  });
  return { time: isoSeconds(seconds), zone };
}

/**
 * Reads the payload of a length-delimited member: sets, maps, lists of values, JSON, UUID, decimal, zoned timestamp. A
 * map with keys that are no text becomes a list of [key, value]; a member that nobody knows yet its bytes in base64.
 * Throws a RangeError or TypeError on bytes that do not fit.
 */
export function readOther(member: number, payload: Uint8Array, nested: ReadNested): PlainValue {
  const setOf = SCALAR_TYPES.find((type) => VALUE_FIELDS[type] === member - SETS);
  if (MAP_LISTS.includes(member)) return parts(payload).map((part) => readMap(part, nested));
  if (setOf !== undefined) return plainItems(payload, setOf);
  if (TEXTS.includes(member)) return fromUtf8(payload);
  if (TEXT_LISTS.includes(member)) return plainItems(payload, 'string');
  if (MAPS.includes(member)) return readMap(payload, nested);
  if (VALUE_LISTS.includes(member)) return parts(payload).map(nested);
  if (member === ZONED_TIMESTAMP) return readZoned(payload);
  if (member === SCALAR_MAP)
    return parts(payload).map((part) => {
      const [key, value] = entryOf(part);
      return [readMapKey(key), nested(value)];
    });
  return { base64: base64(payload) };
}
