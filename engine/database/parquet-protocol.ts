import type { ErrorRecord } from '../errors';
import type { ParquetCompression, ParquetMetadata } from '../ports';

/**
 * Messages between a host and the worker that reads and writes Parquet: one request at a time, one answer each.
 * `location` is what the worker opens: a file path in Node, an address in the browser.
 */
export type ParquetRequest =
  | { do: 'start'; wasm: string }
  | { do: 'metadata'; location: string }
  /** Of a whole file's bytes; `location` is its name in messages. */
  | { do: 'metadata-of'; location: string; bytes: Uint8Array }
  | {
      do: 'read';
      location: string;
      columns: string[] | null;
      rowGroups: number[];
      /** Rows to skip within the row groups, and how many to give. */
      offset: number;
      limit: number;
      /** Whether the file may have changed since it was opened. */
      reopen: boolean;
    }
  /** The schema of the named columns as an IPC stream without rows. */
  | { do: 'schema'; location: string; columns: string[] | null }
  | {
      do: 'begin';
      compression: ParquetCompression;
      keyValues: Record<string, string>;
      rowGroupRows: number;
    }
  | { do: 'append'; stream: Uint8Array }
  | { do: 'finish' }
  /** Drops what `begin` started. */
  | { do: 'abandon' };

export interface ParquetResults {
  start: null;
  metadata: ParquetMetadata;
  'metadata-of': ParquetMetadata;
  read: Uint8Array;
  schema: Uint8Array;
  begin: null;
  append: null;
  finish: { bytes: Uint8Array; rows: number };
  abandon: null;
}

export type ParquetAnswer =
  { id: number; ok: true; value: unknown } | { id: number; ok: false; error: ErrorRecord };
