import { base64 } from './byte-writer';
import { floorDivide } from './event-timestamp';
import type { FeastScalar } from './feast-value';
import type { StoredValue } from './value-bytes';

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** The last second that a JavaScript date can show, in either direction. */
const MAX_DATE_SECONDS = 8_640_000_000_000n;

/** Whole seconds since 1970 as ISO 8601 UTC with microseconds; out of a date's range the number itself, as text. */
export function isoSeconds(seconds: bigint): string {
  if (seconds > MAX_DATE_SECONDS || seconds < -MAX_DATE_SECONDS) return seconds.toString();
  return new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, '.000000Z');
}

/** Nanoseconds since 1970 as ISO 8601 UTC with microseconds. */
export function isoNanos(nanos: bigint): string {
  const micros = floorDivide(nanos, 1000n);
  const seconds = floorDivide(micros, 1_000_000n);
  const rest = (micros - seconds * 1_000_000n).toString().padStart(6, '0');
  return isoSeconds(seconds).replace('.000000Z', `.${rest}Z`);
}

/** A scalar as JSON carries it; `isTime`: a bigint is seconds since 1970. */
export function jsonScalar(value: FeastScalar, isTime: boolean): unknown {
  if (typeof value === 'bigint') {
    if (isTime) return isoSeconds(value);
    return value > MAX_SAFE || value < -MAX_SAFE ? value.toString() : Number(value);
  }
  if (value instanceof Uint8Array) return base64(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}

/**
 * A stored value as JSON carries it: int64 beyond 2^53 as text, timestamps ISO 8601, bytes base64, infinities as
 * text. A type that Plumbline does not write becomes `{type, value}`.
 */
export function jsonValue(stored: StoredValue): unknown {
  if (stored.type === 'other') return { type: stored.name, value: stored.value };
  if (stored.value === null) return null;
  const isTime = stored.type.startsWith('timestamp');
  if (Array.isArray(stored.value)) return stored.value.map((item: FeastScalar) => jsonScalar(item, isTime));
  return jsonScalar(stored.value as FeastScalar, isTime);
}

/** A stored value as one line of text for people; null = NULL. */
export function textValue(stored: StoredValue): string | null {
  const value = jsonValue(stored);
  if (value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
