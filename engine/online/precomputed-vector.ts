import { decodeEventTimestamp } from './event-timestamp';
import { fromUtf8 } from './byte-writer';
import { decodeValue, type StoredValue } from './value-bytes';
import { DELIMITED, readMessage, skipField } from './value-reader';

/** What Feast stores for a FeatureService with `precompute_online=True`: the whole answer of the service, ready made. */
export interface PrecomputedVector {
  /** In the stored order. `name` as Feast writes it: `view__feature`. */
  values: { name: string; value: StoredValue }[];
  /** Event times of the views that it was made from, in nanoseconds UTC. */
  times: { view: string; time: bigint }[];
  /** When it was made, in nanoseconds UTC; what was written to the views since is not in it. */
  madeAt: bigint;
}

const PREFIX = '__precomputed__';

/** The service whose vectors are stored under a view's name; null when the name is that of a plain view. */
export const precomputedService = (view: string): string | null =>
  view.startsWith(PREFIX) ? view.slice(PREFIX.length) : null;

function timeOf(bytes: Uint8Array): bigint {
  const time = decodeEventTimestamp(bytes);
  if (time === null) throw new RangeError('No Timestamp.');
  return time;
}

function viewTime(bytes: Uint8Array): PrecomputedVector['times'][number] {
  const found = { view: '', time: 0n };
  readMessage(bytes, (field, wire, reader) => {
    if (wire !== DELIMITED) return skipField(wire, reader);
    const part = reader.raw(reader.size());
    if (field === 1) found.view = fromUtf8(part);
    if (field === 2) found.time = timeOf(part);
  });
  return found;
}

/** Reads a serialized feast.core.PrecomputedFeatureVector. Throws a RangeError or TypeError on bytes that are none. */
export function decodePrecomputedVector(bytes: Uint8Array): PrecomputedVector {
  const names: string[] = [];
  const values: StoredValue[] = [];
  const times: PrecomputedVector['times'] = [];
  let madeAt = 0n;
  readMessage(bytes, (field, wire, reader) => {
    if (wire !== DELIMITED) return skipField(wire, reader);
    const part = reader.raw(reader.size());
    if (field === 1) names.push(fromUtf8(part));
    if (field === 2) values.push(decodeValue(part));
    if (field === 3) times.push(viewTime(part));
    if (field === 4) madeAt = timeOf(part);
  });
  if (names.length !== values.length) throw new RangeError('A vector with more names than values, or fewer.');
  return { values: names.map((name, i) => ({ name, value: values[i]! })), times, madeAt };
}
