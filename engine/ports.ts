import type { ArrowBytes } from './database/database';
import type { BackfillPartition, ReplayCounts } from './results';

/** A file of the workspace; `path` is relative to it, with forward slashes. */
export interface FileEntry {
  path: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970. */
  modified: number;
}

/** Files of the workspace. A path that leaves it is refused with `source.outside_workspace` unless granted. */
export interface WorkspaceFiles {
  /** Files that match a path or glob (`*`, `**`, `?`), sorted by path. Empty when nothing matches. */
  glob(pattern: string): Promise<FileEntry[]>;
  read(path: string): Promise<Uint8Array>;
  /** Lower-case hexadecimal SHA-256 of the whole file. */
  sha256(path: string): Promise<string>;
  /** Atomic: a temporary file beside the target, fsync, rename, fsync of the folder. Makes missing folders. */
  write(path: string, bytes: Uint8Array): Promise<{ size: number; sha256: string }>;
}

/** One column of a Parquet file, as Arrow sees it. */
export interface ParquetColumn {
  name: string;
  /** Arrow type in words, for messages: `timestamp[us, tz=UTC]`, `list<utf8>`. */
  type: string;
  /** Why the engine cannot hold it, in words (`intervals`); absent when it can. */
  unsupported?: string;
}

export interface ParquetMetadata {
  rows: number;
  rowGroups: { rows: number; bytes: number }[];
  columns: ParquetColumn[];
  keyValues: Record<string, string>;
  createdBy: string | null;
}

export interface ParquetReader {
  /** Reads the footer only. Errors: `source.corrupt`, `source.unreadable`. */
  metadata(path: string): Promise<ParquetMetadata>;
  /** The same of a file that is still in memory; `name` is for messages. */
  metadataOf(name: string, bytes: Uint8Array): Promise<ParquetMetadata>;
  /**
   * Row groups in order, each a complete Arrow IPC stream with the named columns (all when absent).
   * An empty file gives one stream with the schema and no rows.
   */
  read(
    path: string,
    options?: { columns?: string[]; rowGroups?: number[]; signal?: AbortSignal },
  ): AsyncIterable<ArrowBytes>;
}

export type ParquetCompression = 'zstd' | 'snappy' | 'gzip' | 'none';

export interface ParquetWriter {
  /** One file from Arrow IPC streams of one schema, in order; gives the file's bytes. */
  write(
    batches: AsyncIterable<ArrowBytes>,
    options: { compression: ParquetCompression; keyValues?: Record<string, string>; rowGroupRows?: number },
  ): Promise<{ bytes: Uint8Array; rows: number }>;
}

/** What long work tells while it goes on. */
export interface Progress {
  /** What is being done now, in words for people: `loading interactions`. */
  phase: string;
  rows?: number;
  totalRows?: number;
  /** Rows per second of this phase. */
  rate?: number;
  /** Until this phase ends, at that rate. */
  secondsLeft?: number;
  /** The files of a backfill as they stand now. */
  partitions?: readonly BackfillPartition[];
  /** How far a replay has come. */
  replay?: ReplayProgress;
}

export interface ReplayProgress {
  counts: ReplayCounts;
  speed: number | 'max';
  paused: boolean;
}

export type OnProgress = (progress: Progress) => void;

/** What somebody who looks on does with a replay while it runs. */
export interface ReplayControl {
  /** How many times as fast as the log was written; null = as its cell says. May change at any time. */
  readonly speed: number | 'max' | null;
  /** May change at any time. */
  readonly paused: boolean;
  /**
   * Resolves after so many milliseconds (null: not by itself), at once when `speed` or `paused` change, and when `signal`
   * aborts. Never rejects.
   */
  wait(milliseconds: number | null, signal?: AbortSignal): Promise<void>;
}
