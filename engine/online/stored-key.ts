import { ByteReader } from './byte-reader';
import { fromUtf8, hex } from './byte-writer';

/** Feast's ValueType numbers of every type that its key writer has ever taken. */
const KEY_TYPES = { bytes: 1, string: 2, int32: 3, int64: 4, timestamp: 8 } as const;
export type StoredKeyType = keyof typeof KEY_TYPES;

/**
 * How Feast wrote the key (entity_key_serialization_version). `v1`: names without a length, int64 in 4 bytes. `v2`: the same
 * with 8 bytes; a key without an int64 is `v1 or v2`. `v3a` (0.40 to 0.43): lengths of names, no count. `v3b` (0.44 to
 * 0.60): a count, lengths in characters; only a name beyond ASCII tells it from `v3`, where lengths are in bytes.
 */
export type KeyVersion = 'v1' | 'v2' | 'v1 or v2' | 'v3a' | 'v3b' | 'v3';

export interface StoredKeyPart {
  name: string;
  type: StoredKeyType;
  /** timestamp: whole seconds since 1970. */
  value: string | bigint | Uint8Array;
}

export interface StoredKey {
  version: KeyVersion;
  /** In the stored order. */
  keys: StoredKeyPart[];
  project: string;
}

type Value = Pick<StoredKeyPart, 'type' | 'value'>;

/** The most join keys that a form without a count is tried with. */
const MOST_KEYS = 8;

/** Throws where the bytes are no value; `int64Bytes` is what the form writes an int64 with. */
function readKeyValue(reader: ByteReader, int64Bytes: readonly number[] = [8]): Value & { length: number } {
  const tag = reader.uint32();
  const length = reader.uint32();
  if (tag === KEY_TYPES.string) return { type: 'string', value: fromUtf8(reader.raw(length)), length };
  if (tag === KEY_TYPES.bytes) return { type: 'bytes', value: reader.raw(length).slice(), length };
  if (tag === KEY_TYPES.int32 && length === 4)
    return { type: 'int32', value: BigInt(reader.int32()), length };
  if (tag === KEY_TYPES.int64 && int64Bytes.includes(length))
    return { type: 'int64', value: length === 4 ? BigInt(reader.int32()) : reader.int64(), length };
  if (tag === KEY_TYPES.timestamp && length === 8)
    return { type: 'timestamp', value: reader.int64(), length };
  throw new RangeError('No value of an entity key.');
}

/** A name behind its type; how long it is, the form decides. */
function readName(reader: ByteReader, text: (reader: ByteReader) => string): string {
  if (reader.uint32() !== KEY_TYPES.string) throw new RangeError('No name of an entity key.');
  return text(reader);
}

const byBytes = (reader: ByteReader): string => fromUtf8(reader.raw(reader.uint32()));

function byCharacters(reader: ByteReader): string {
  const characters = reader.uint32();
  const start = reader.at;
  for (let read = 0; read < characters; read++) {
    const lead = reader.byte();
    reader.raw(lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3);
  }
  return fromUtf8(reader.since(start));
}

/** Names have no control characters, and the number that follows one is written little-endian: it begins with one. */
function toControl(reader: ByteReader): string {
  const start = reader.at;
  while (reader.peek() >= 0x20) reader.byte();
  if (reader.at === start) throw new RangeError('A name without a letter.');
  return fromUtf8(reader.since(start));
}

function readWith(
  bytes: Uint8Array,
  text: (reader: ByteReader) => string,
  count: number | 'stored',
  int64Bytes?: readonly number[],
) {
  const reader = new ByteReader(bytes);
  const keys = count === 'stored' ? reader.uint32() : count;
  if (keys === 0 || keys > bytes.length) throw new RangeError('No entity key.');
  const names = Array.from({ length: keys }, () => readName(reader, text));
  const values = names.map(() => readKeyValue(reader, int64Bytes));
  const parts = names.map((name, i): StoredKeyPart => ({ name, ...withoutLength(values[i]!) }));
  const int64 = values.filter(({ type }) => type === 'int64').map(({ length }) => length);
  return { keys: parts, project: fromUtf8(reader.rest()), int64 };
}

const withoutLength = ({ type, value }: Value): Value => ({ type, value });

/** Takes a key of the newest form apart, whatever the project's name; null when it is none. */
export function readVersion3(bytes: Uint8Array): StoredKey | null {
  return attempt(() => ({ version: 'v3', ...readWith(bytes, byBytes, 'stored') }));
}

function readWithoutCount(
  bytes: Uint8Array,
  text: (reader: ByteReader) => string,
  version: 'v3a' | 'v1',
): StoredKey | null {
  for (let count = 1; count <= MOST_KEYS; count++) {
    const found = attempt(() => readWith(bytes, text, count, version === 'v1' ? [4, 8] : [8]));
    if (found === null || !isProject(found.project)) continue;
    const { int64, ...key } = found;
    if (version === 'v3a') return { version, ...key };
    if (new Set(int64).size > 1) continue;
    return { version: int64.length === 0 ? 'v1 or v2' : int64[0] === 4 ? 'v1' : 'v2', ...key };
  }
  return null;
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** A project's name is what tells a key that was read rightly from one that was not. */
const isProject = (text: string): boolean => text !== '' && !/\p{Cc}/u.test(text);

/** Every form begins with the type of a name, behind a count or without: that alone tells most other keys apart. */
function beginsAsKey({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  if (byteLength < 8) return false;
  const view = new DataView(buffer, byteOffset, byteLength);
  return [0, 4].some((at) => view.getUint32(at, true) === KEY_TYPES.string);
}

/**
 * Takes a Redis key of any Feast version apart: join keys, values, and the project that is left over. Null when it is
 * no such key.
 */
export function decodeStoredKey(bytes: Uint8Array): StoredKey | null {
  if (!beginsAsKey(bytes)) return null;
  const newest = readVersion3(bytes);
  if (newest !== null && isProject(newest.project)) return plain(newest);
  const characters = attempt((): StoredKey => ({
    version: 'v3b',
    ...readWith(bytes, byCharacters, 'stored'),
  }));
  if (characters !== null && isProject(characters.project)) return plain(characters);
  const older = readWithoutCount(bytes, byCharacters, 'v3a') ?? readWithoutCount(bytes, toControl, 'v1');
  return older === null ? null : plain(older);
}

const plain = ({ version, keys, project }: StoredKey): StoredKey => ({ version, keys, project });

/** The value of a join key as text, as it is written in a notebook; bytes in hexadecimal. */
export const keyText = (value: StoredKeyPart['value']): string =>
  value instanceof Uint8Array ? `0x${hex(value)}` : String(value);
