import type { FeatureType, ScalarType } from '../catalog/model';
import type { ArrowBytes } from '../database/database';
import type { OnProgress } from '../ports';
import type { LookupAnswer, MaterializeResult } from '../results';
import type { Receipt } from './receipt';

/** What the online store must know of a view: enough to encode and decode it, nothing of how it is computed. */
export interface OnlineView {
  view: string;
  /** Above 0 the view is stored as `view_vN`, as Feast does with versioned views. */
  version?: number;
  joinKeys: { name: string; type: ScalarType }[];
  features: { name: string; type: FeatureType; default: unknown }[];
  /** Microseconds as a decimal string (it crosses processes as JSON); null = unlimited. */
  ttl: string | null;
  /** Digest of the definition, for the receipt of a write. */
  definition?: string;
  /** Which rows the snapshot holds, microseconds UTC as decimal strings; for writes only. */
  range?: { start: string | null; end: string };
}

export interface MaterializeJob {
  /** The materialize cell's name. */
  cell: string;
  /** A connection's name in the user's profile. */
  redis: string;
  project: string;
  views: OnlineView[];
  /** `newer`: Feast's rule; `equal`: values of the same event time are replaced too. Absent = `newer`. */
  replace?: 'newer' | 'equal';
  /** Seconds until a hash that is written expires; null or absent = never. */
  expire?: number | null;
}

export interface LookupJob {
  redis: string;
  project: string;
  views: OnlineView[];
  /** int64 as decimal strings. */
  entities: Record<string, string>[];
  /** How often the whole lookup is timed. */
  repeat: number;
  /** The instant that ages are taken against, microseconds UTC as a decimal string; absent = now. */
  at?: string;
}

/** The event time column of a snapshot, BIGINT microseconds UTC, after the join keys and before the features. */
export const EVENT_TIME_COLUMN = '__event_ts';

export interface MaterializeOptions {
  write: boolean;
  /** Whether an interrupted write of something else is given up. */
  dropJournal?: boolean;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** Which cell's records are asked for. */
export interface RecordQuery {
  cell: string;
  redis: string;
  project: string;
}

/** What a workspace knows of a cell's writes. */
export interface OnlineRecords {
  /** View -> the end of its last verified write, microseconds UTC as a decimal string. */
  ends: Record<string, string>;
  /** The cell's latest receipt. */
  receipt: Receipt | null;
}

/** What a host that can reach a Redis offers: the command line in its own process, the app in main. */
export interface OnlineHost {
  /**
   * Compares the snapshot with the store and, with `write`, writes what is newer and reads it back.
   * `rows(view)` gives the snapshot as Arrow IPC streams: join keys, `__event_ts`, features in definition order.
   */
  materialize(
    job: MaterializeJob,
    rows: (view: string) => AsyncIterable<ArrowBytes>,
    options: MaterializeOptions,
  ): Promise<MaterializeResult>;
  lookup(job: LookupJob, options: { signal?: AbortSignal }): Promise<LookupAnswer>;
  /** Reads local files only. Errors: `redis.unknown_connection`, file.*. */
  records(query: RecordQuery): Promise<OnlineRecords>;
}
