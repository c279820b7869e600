/**
 * Feast's bytes in Redis, written a second time and only for tests: it shares nothing with engine/online, so that a
 * mistake there has no twin here. Source of the format: feast-dev/feast v0.66.0, infra/key_encoding_utils.py,
 * infra/online_stores/{redis,helpers}.py and protos/feast/types/Value.proto.
 */

export type GoldenType = 'int32' | 'int64' | 'float32' | 'float64' | 'bool' | 'string';
export type GoldenValue = bigint | number | string | boolean | null;

/** One stored view of one entity. */
export interface GoldenRow {
  keys: { name: string; type: 'int32' | 'int64' | 'string'; value: bigint | string }[];
  /** Microseconds since 1970 in UTC. */
  eventTime: bigint;
  features: { name: string; type: GoldenType; value: GoldenValue }[];
}

/** Redis key -> field -> value, all in hexadecimal. */
export type GoldenHashes = Record<string, Record<string, string>>;

/** Adds one view's row to the hash of its entity. */
export function addGolden(into: GoldenHashes, project: string, view: string, row: GoldenRow): void {
  const key = goldenKey(project, row.keys).toString('hex');
  const fields = (into[key] ??= {});
  fields[Buffer.from(`_ts:${view}`).toString('hex')] = goldenTimestamp(row.eventTime).toString('hex');
  for (const { name, type, value } of row.features)
    fields[goldenField(`${view}:${name}`).toString('hex')] = goldenValue(type, value).toString('hex');
}

/** Entity key, serialization version 3, then the project's name. */
export function goldenKey(project: string, keys: GoldenRow['keys']): Buffer {
  const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const names = sorted.map(({ name }) => Buffer.concat([u32(2), sized(Buffer.from(name))]));
  const values = sorted.map(({ type, value }) => {
    if (type === 'string') return Buffer.concat([u32(2), sized(Buffer.from(String(value)))]);
    const payload = Buffer.alloc(type === 'int32' ? 4 : 8);
    if (type === 'int32') payload.writeInt32LE(Number(value));
    else payload.writeBigInt64LE(BigInt(value));
    return Buffer.concat([u32(type === 'int32' ? 3 : 4), sized(payload)]);
  });
  return Buffer.concat([u32(keys.length), ...names, ...values, Buffer.from(project)]);
}

/** The four bytes of murmur3_x86_32 with seed 0, least significant first. */
export function goldenField(text: string): Buffer {
  return u32(murmur3(Buffer.from(text)));
}

/** feast.types.Value; NULL and NaN are no bytes at all. */
export function goldenValue(type: GoldenType, value: GoldenValue): Buffer {
  if (value === null || Number.isNaN(value)) return Buffer.alloc(0);
  switch (type) {
    case 'string': {
      const text = Buffer.from(value as string);
      return Buffer.concat([tag(2, 2), varint(BigInt(text.length)), text]);
    }
    case 'int32':
      return Buffer.concat([tag(3, 0), varint(BigInt(value))]);
    case 'int64':
      return Buffer.concat([tag(4, 0), varint(BigInt(value))]);
    case 'float64': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value as number);
      return Buffer.concat([tag(5, 1), bytes]);
    }
    case 'float32': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(value as number);
      return Buffer.concat([tag(6, 5), bytes]);
    }
    case 'bool':
      return Buffer.concat([tag(7, 0), varint(value ? 1n : 0n)]);
  }
}

/** google.protobuf.Timestamp; parts that are zero are left out. */
export function goldenTimestamp(microseconds: bigint): Buffer {
  const rest = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = (microseconds - rest) / 1_000_000n;
  return Buffer.concat([
    seconds === 0n ? Buffer.alloc(0) : Buffer.concat([tag(1, 0), varint(seconds)]),
    rest === 0n ? Buffer.alloc(0) : Buffer.concat([tag(2, 0), varint(rest * 1000n)]),
  ]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function sized(bytes: Buffer): Buffer {
  return Buffer.concat([u32(bytes.length), bytes]);
}

function tag(field: number, wire: number): Buffer {
  return varint(BigInt((field << 3) | wire));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** In whole numbers of any size, cut to 32 bits after each step: slow, and with no sign to get wrong. */
function murmur3(data: Buffer): number {
  const cut = (value: bigint) => value & 0xffffffffn;
  const rotate = (value: bigint, by: bigint) => cut(value << by) | (value >> (32n - by));
  const scramble = (block: bigint) => cut(rotate(cut(block * 0xcc9e2d51n), 15n) * 0x1b873593n);
  const whole = data.length - (data.length % 4);
  let hash = 0n;
  for (let at = 0; at < whole; at += 4)
    hash = cut(rotate(hash ^ scramble(BigInt(data.readUInt32LE(at))), 13n) * 5n + 0xe6546b64n);
  const tail = data.subarray(whole);
  if (tail.length > 0) hash ^= scramble(BigInt(tail.readUIntLE(0, tail.length)));
  hash ^= BigInt(data.length);
  hash = cut((hash ^ (hash >> 16n)) * 0x85ebca6bn);
  hash = cut((hash ^ (hash >> 13n)) * 0xc2b2ae35n);
  return Number(hash ^ (hash >> 16n));
}
