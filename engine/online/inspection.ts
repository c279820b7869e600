import type { OnlineView } from './job';

/** What an inspection of an online store looks for. It crosses processes as JSON. */
export interface InspectJob {
  /** A connection's name in the user's profile. */
  redis: string;
  /** null = every project. */
  project: string | null;
  /** The notebook's views: they give names to fields, which the store keeps as hashes only. */
  views: OnlineView[];
  /** Join key -> value as text: only entities that have these. Empty = all. */
  entity: Record<string, string>;
  /** Keys of the database that are looked at, at most. */
  limit: number;
  /** Entities that the result shows whole, at most. */
  shown: number;
}

/**
 * `orphan`: every view of the hash is known and none has the field, so that it is a feature that was removed or renamed.
 * `unknown`: it may belong to a view that the notebook does not define.
 */
export type FieldState = 'known' | 'orphan' | 'unknown';

export interface InspectedField {
  /** The feature's name, or the field in hexadecimal: `0x6160e3da`. */
  name: string;
  state: FieldState;
  /** As the bytes themselves say: `float64`, `map`, `null`; `unreadable` where they are no Feast value. */
  type: string;
  /** JSON-safe, as a lookup gives it. */
  value: unknown;
}

/** `notebook`: defined there; `version`: another version of one; `precomputed`: of a Feast service; `foreign`: none of these. */
export type ViewOrigin = 'notebook' | 'version' | 'precomputed' | 'foreign';

export interface InspectedView {
  /** As stored, with the `_vN` of a version. */
  name: string;
  origin: ViewOrigin;
  /** ISO 8601 UTC; null where the hash has no event time of the view. */
  eventTime: string | null;
  age_ms: number | null;
  /** null = unlimited or not known. */
  ttl_ms: number | null;
  fields: InspectedField[];
}

export interface InspectedEntity {
  project: string;
  /** Of the key's form: `v3`, `v2`, ... */
  keyVersion: string;
  keys: { name: string; type: string; value: string }[];
  /** Why lookups of the notebook do not find it; null when they do, or when no view has these keys. */
  notFound: string | null;
  /** Bytes of key, fields and values. */
  bytes: number;
  /** Bytes that Redis says the key takes; null where it did not say. */
  memory: number | null;
  views: InspectedView[];
  /** Fields of no view that is known. */
  others: InspectedField[];
}

export interface ViewSummary {
  name: string;
  origin: ViewOrigin;
  entities: number;
  /** Older than the ttl. */
  expired: number;
  /** Event times, ISO 8601 UTC. */
  oldest: string | null;
  newest: string | null;
}

export interface OtherFieldSummary {
  name: string;
  state: Exclude<FieldState, 'known'>;
  type: string;
  entities: number;
}

/** The entities of one project with the same join keys: they have one hash each. */
export interface StoreSummary {
  project: string;
  /** In the stored order. */
  joinKeys: { name: string; type: string }[];
  entities: number;
  bytes: number;
  memory: number | null;
  keyVersions: Record<string, number>;
  /** Entities that the notebook's lookups do not find, by reason. */
  notFound: Record<string, number>;
  views: ViewSummary[];
  others: OtherFieldSummary[];
}

export interface InspectResult {
  /** Keys in the database, and how many of them were looked at. */
  keys: number;
  looked: number;
  /** Whether every key was looked at. */
  complete: boolean;
  /** Keys that are not Feast's. */
  foreign: number;
  stores: StoreSummary[];
  entities: InspectedEntity[];
}
