import { PlumblineError } from '../errors';
import { equalBytes } from './byte-writer';
import { decodeEntityKey } from './entity-key';
import { decodeEventTimestamp } from './event-timestamp';
import type { StoredRow } from './stored-rows';
import { decodeValue } from './value-bytes';

export const OUTCOMES = ['added', 'changed', 'skipped_older', 'skipped_equal', 'replaced'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes that are written. */
export const isWritten = (outcome: Outcome): boolean =>
  outcome === 'added' || outcome === 'changed' || outcome === 'replaced';

export const outcomeAt = (outcomes: Uint8Array | undefined, row: number): Outcome =>
  OUTCOMES[outcomes?.[row] ?? 0] ?? 'added';

function unreadable(key: Uint8Array, what: string): never {
  const entity = decodeEntityKey(key)
    ?.keys.map(({ name, value }) => `${name} ${value}`)
    .join(', ');
  throw new PlumblineError('redis.refused', `The stored ${what} of ${entity ?? 'an entity'} is unreadable.`, {
    hint: 'Something other than a Feast-compatible writer wrote this hash. Use another project name.',
  });
}

/** A planned row held against what is stored. */
export interface JudgedRow {
  outcome: Outcome;
  /** Whether any stored byte is another one. */
  differs: boolean;
  /** Milliseconds by which what is stored is newer; 0 unless it is. */
  olderBy: number;
}

/**
 * Feast's rule: newer replaces; what is stored at or before 1970 never blocks. `values` and `stored`: event time first.
 * With `replaceEqual`, other values of the same event time are replaced too. Error: `redis.refused`.
 */
export function judgeRow(
  key: Uint8Array,
  values: readonly Uint8Array[],
  stored: StoredRow,
  replaceEqual: boolean,
): JudgedRow {
  const differs = values.some((value, i) => !sameValue(value, stored[i]));
  const storedTime = stored[0];
  if (storedTime === null || storedTime === undefined)
    return { outcome: stored.every((value) => value === null) ? 'added' : 'changed', differs, olderBy: 0 };
  const latest = decodeEventTimestamp(storedTime) ?? unreadable(key, 'event time');
  const ours = decodeEventTimestamp(values[0] ?? new Uint8Array(0)) ?? 0n;
  if (latest <= 0n || ours > latest) return { outcome: 'changed', differs, olderBy: 0 };
  if (ours < latest)
    return { outcome: 'skipped_older', differs, olderBy: Number((latest - ours) / 1000n) / 1000 };
  return { outcome: differs && replaceEqual ? 'replaced' : 'skipped_equal', differs, olderBy: 0 };
}

/** An absent field is not the same as an empty one: Feast writes NULL as an empty value. */
function sameValue(value: Uint8Array, stored: Uint8Array | null | undefined): boolean {
  return stored !== null && stored !== undefined && equalBytes(value, stored);
}

/** Whether a stored value is no NULL; bytes that nobody can read count as a value. */
export function holdsValue(bytes: Uint8Array | null | undefined): boolean {
  if (bytes === null || bytes === undefined || bytes.length === 0) return false;
  try {
    return decodeValue(bytes).value !== null;
  } catch {
    return true;
  }
}
