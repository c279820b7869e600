import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';

const MICROS = 1_000_000n;

/** Floor division, so that the sub-second part of an instant before 1970 is positive. */
export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

/**
 * Writes an instant (microseconds UTC) as google.protobuf.Timestamp: field 1 seconds, field 2 nanoseconds, each
 * left out when zero; the epoch is therefore no bytes at all.
 */
export function writeEventTimestamp(out: ByteWriter, micros: bigint): void {
  const seconds = floorDivide(micros, MICROS);
  const nanos = (micros - seconds * MICROS) * 1000n;
  if (seconds !== 0n) {
    out.byte(0x08);
    out.varint(seconds);
  }
  if (nanos !== 0n) {
    out.byte(0x10);
    out.varint(nanos);
  }
}

export function encodeEventTimestamp(micros: bigint): Uint8Array {
  const out = new ByteWriter(16);
  writeEventTimestamp(out, micros);
  return out.take();
}

/** A stored event time in nanoseconds UTC; null when the bytes are no Timestamp. */
export function decodeEventTimestamp(bytes: Uint8Array): bigint | null {
  try {
    const reader = new ByteReader(bytes);
    let seconds = 0n;
    let nanos = 0n;
    while (!reader.done) {
      const tag = reader.byte();
      if (tag === 0x08) seconds = reader.varint();
      else if (tag === 0x10) nanos = reader.varint();
      else return null;
    }
    return seconds * 1_000_000_000n + nanos;
  } catch {
    return null;
  }
}
