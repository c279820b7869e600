import { hex } from './byte-writer';
import { compareCodePoints } from './entity-key';
import { decodeEventTimestamp } from './event-timestamp';
import { hashField, storedName } from './hash-field';
import type { FieldState, InspectedField, InspectedView, ViewOrigin } from './inspection';
import { isoNanos, jsonValue } from './json-value';
import type { OnlineView } from './job';
import { decodePrecomputedVector, precomputedService } from './precomputed-vector';
import type { StoredKeyPart } from './stored-key';
import { decodeValue } from './value-bytes';

/** A hash as it is stored. */
export type HashFields = readonly (readonly [field: Uint8Array, value: Uint8Array])[];

interface KnownView {
  name: string;
  origin: ViewOrigin;
  view: OnlineView | null;
  /** Field in hexadecimal -> feature. */
  features: Map<string, string>;
}

const TIME_PREFIX = '_ts:';
const decoder = new TextDecoder();

/** The notebook's views that are stored under these join keys; types are not compared. */
export function viewsOfKeys(
  views: readonly OnlineView[],
  keys: readonly Pick<StoredKeyPart, 'name'>[],
): OnlineView[] {
  const wanted = keys.map(({ name }) => name).join('\n');
  return views.filter(
    ({ joinKeys }) =>
      joinKeys
        .map(({ name }) => name)
        .sort(compareCodePoints)
        .join('\n') === wanted,
  );
}

function known(
  name: string,
  origin: ViewOrigin,
  view: OnlineView | null,
  features: readonly string[],
): KnownView {
  return {
    name,
    origin,
    view,
    features: new Map(features.map((feature) => [hex(hashField(name, feature)), feature])),
  };
}

/** What the notebook, or Feast itself, knows of a name that the hash has an event time of. */
function knownView(name: string, views: readonly OnlineView[]): KnownView {
  const names = (view: OnlineView) => view.features.map((feature) => feature.name);
  if (precomputedService(name) !== null) return known(name, 'precomputed', null, ['vector']);
  const own = views.find((view) => storedName(view) === name);
  if (own !== undefined) return known(name, 'notebook', own, names(own));
  const base = views.find((view) => view.view === name.replace(/_v\d+$/, ''));
  if (base !== undefined) return known(name, 'version', base, names(base));
  return known(name, 'foreign', null, []);
}

function fieldOf(name: string, state: FieldState, bytes: Uint8Array): InspectedField {
  try {
    const stored = decodeValue(bytes);
    if (stored.type === 'other') return { name, state, type: stored.name, value: stored.value };
    return { name, state, type: stored.type, value: jsonValue(stored) };
  } catch {
    return { name, state, type: 'unreadable', value: hex(bytes) };
  }
}

/** The values inside a precomputed vector, in the place of its bytes. */
function vectorFields(name: string, bytes: Uint8Array): InspectedField[] {
  try {
    const { value } = decodeValue(bytes);
    if (!(value instanceof Uint8Array)) return [fieldOf(name, 'known', bytes)];
    return decodePrecomputedVector(value).values.map((part) => ({
      name: part.name,
      state: 'known',
      type: part.value.type === 'other' ? part.value.name : part.value.type,
      value: part.value.type === 'other' ? part.value.value : jsonValue(part.value),
    }));
  } catch {
    return [fieldOf(name, 'known', bytes)];
  }
}

const fieldName = (field: Uint8Array): string =>
  field.length === 4 ? `0x${hex(field)}` : decoder.decode(field);

/** How old an event time (nanoseconds) is; `now` milliseconds since 1970. */
const ageOf = (nanos: bigint, now: number): number => now - Number(nanos / 1000n) / 1000;

/**
 * Sorts a hash by views: those that it has an event time of, and those of the notebook whose features it holds. `views`:
 * the notebook's views of the hash's join keys.
 */
export function decodeHash(
  fields: HashFields,
  views: readonly OnlineView[],
  now: number,
): { views: InspectedView[]; others: InspectedField[] } {
  const times = new Map<string, Uint8Array>();
  const values = new Map<string, { field: Uint8Array; value: Uint8Array }>();
  for (const [field, value] of fields) {
    const text = decoder.decode(field);
    if (text.startsWith(TIME_PREFIX)) times.set(text.slice(TIME_PREFIX.length), value);
    else values.set(hex(field), { field, value });
  }
  const all = [...times.keys()].map((name) => knownView(name, views));
  for (const view of views) if (!times.has(storedName(view))) all.push(knownView(storedName(view), views));
  const owned = new Set<string>();
  const found = all.flatMap((one): InspectedView[] => {
    const own: InspectedField[] = [];
    for (const [place, feature] of one.features) {
      const stored = values.get(place);
      if (stored === undefined) continue;
      owned.add(place);
      own.push(
        ...(one.origin === 'precomputed'
          ? vectorFields(feature, stored.value)
          : [fieldOf(feature, 'known', stored.value)]),
      );
    }
    const time = times.get(one.name);
    if (time === undefined && own.length === 0) return [];
    const nanos = time === undefined ? null : decodeEventTimestamp(time);
    return [
      {
        name: one.name,
        origin: one.origin,
        eventTime: nanos === null ? null : isoNanos(nanos),
        age_ms: nanos === null ? null : ageOf(nanos, now),
        ttl_ms: one.view === null || one.view.ttl === null ? null : Number(one.view.ttl) / 1000,
        fields: own,
      },
    ];
  });
  const state = all.some(({ origin }) => origin === 'foreign' || origin === 'version') ? 'unknown' : 'orphan';
  const others = [...values]
    .filter(([place]) => !owned.has(place))
    .map(([, { field, value }]) => fieldOf(fieldName(field), field.length === 4 ? state : 'unknown', value));
  return { views: found, others };
}

/** Whether a view is older than its ttl. */
export const isExpired = ({ age_ms: age, ttl_ms: ttl }: InspectedView): boolean =>
  age !== null && ttl !== null && ttl > 0 && age > ttl;

/** Bytes of a key with its hash, without what Redis itself adds. */
export const hashBytes = (key: Uint8Array, fields: HashFields): number =>
  fields.reduce((sum, [field, value]) => sum + field.length + value.length, key.length);
