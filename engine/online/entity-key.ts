import type { JoinKey, ScalarType } from '../catalog/model';
import { PlumblineError } from '../errors';
import { ByteWriter, utf8 } from './byte-writer';
import { readVersion3 } from './stored-key';

/** Feast's ValueType numbers of the join key types that every Feast reader accepts. */
const KEY_TYPES = { string: 2, int32: 3, int64: 4 } as const;
export type KeyType = keyof typeof KEY_TYPES;

/** A join key's value: text for `string`, a whole number for the others. */
export type KeyValue = string | bigint;

export interface EntityKey {
  /** In the stored order: ascending by Unicode code point of the name. */
  keys: { name: string; type: KeyType; value: KeyValue }[];
  project: string;
}

/** The type as a join key type. Error `online.unsupported_type` for the five that Feast's readers do not share. */
export function keyType(name: string, type: ScalarType): KeyType {
  if (type in KEY_TYPES) return type as KeyType;
  throw new PlumblineError('online.unsupported_type', `The join key ${name} has type ${type}.`, {
    hint:
      'An online entity key is made of string, int32 or int64 columns: no other type is read by every Feast server. ' +
      'Declare the key as one of these.',
  });
}

/** Order of names by Unicode code point, which differs from JavaScript's own order beyond U+FFFF. */
export function compareCodePoints(left: string, right: string): number {
  const a = Array.from(left, (char) => char.codePointAt(0) ?? 0);
  const b = Array.from(right, (char) => char.codePointAt(0) ?? 0);
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const refuse = (name: string, type: KeyType, value: KeyValue): never => {
  throw new PlumblineError('online.unsupported_type', `${value} of join key ${name} does not fit ${type}.`, {
    hint: 'Declare the entity key with a type that holds all of its values.',
  });
};

function writeKeyValue(out: ByteWriter, name: string, type: KeyType, value: KeyValue): void {
  out.uint32(KEY_TYPES[type]);
  if (type === 'string') {
    const bytes = utf8(typeof value === 'string' ? value : refuse(name, type, value));
    out.uint32(bytes.length);
    out.raw(bytes);
    return;
  }
  const number = typeof value === 'bigint' ? value : refuse(name, type, value);
  const bits = type === 'int32' ? 32 : 64;
  if (BigInt.asIntN(bits, number) !== number) refuse(name, type, value);
  out.uint32(bits / 8);
  if (type === 'int32') out.uint32(Number(BigInt.asUintN(32, number)));
  else out.int64(number);
}

/** Writes the keys of one entity; values come in the join keys' declared order. */
export type KeyEncoder = (out: ByteWriter, values: readonly KeyValue[]) => void;

/**
 * Encoder of Redis keys for one set of join keys: Feast's entity key, serialization version 3, then the project.
 * Format: feast/infra/key_encoding_utils.py since 0.61 (lengths in bytes). Errors: `online.unsupported_type`.
 */
export function entityKeyEncoder(joinKeys: readonly JoinKey[], project: string): KeyEncoder {
  const sorted = joinKeys
    .map((key, position) => ({ name: key.name, type: keyType(key.name, key.type), position }))
    .sort((left, right) => compareCodePoints(left.name, right.name));
  const head = new ByteWriter();
  head.uint32(sorted.length);
  for (const { name } of sorted) {
    const bytes = utf8(name);
    head.uint32(KEY_TYPES.string);
    head.uint32(bytes.length);
    head.raw(bytes);
  }
  const prefix = head.take();
  const suffix = utf8(project);
  return (out, values) => {
    out.raw(prefix);
    for (const { name, type, position } of sorted) {
      const value = values[position];
      if (value === undefined)
        throw new PlumblineError('online.null_key', `The join key ${name} has no value.`, {
          hint: 'Every join key of the view needs a value.',
        });
      writeKeyValue(out, name, type, value);
    }
    out.raw(suffix);
  };
}

/** One Redis key; see `entityKeyEncoder`. */
export function encodeEntityKey(
  keys: readonly (JoinKey & { value: KeyValue })[],
  project: string,
): Uint8Array {
  const out = new ByteWriter();
  entityKeyEncoder(keys, project)(
    out,
    keys.map((key) => key.value),
  );
  return out.take();
}

/**
 * Takes a Redis key apart; null when it is not a version 3 key of supported types. The form is self-delimiting:
 * count, names, values, and what is left over is the project.
 */
export function decodeEntityKey(bytes: Uint8Array): EntityKey | null {
  const stored = readVersion3(bytes);
  if (stored === null) return null;
  const keys: EntityKey['keys'] = [];
  for (const { name, type, value } of stored.keys) {
    if (type === 'bytes' || type === 'timestamp' || value instanceof Uint8Array) return null;
    keys.push({ name, type, value });
  }
  return { keys, project: stored.project };
}
