import type { Database } from './database/database';
import type { EnginePool } from './database/engine-pool';
import type { OnlineHost } from './online/job';
import type { OnProgress, ParquetReader, ParquetWriter, ReplayControl, WorkspaceFiles } from './ports';

/** Everything that running a notebook needs from its surroundings. */
export interface RunHost {
  database: Database;
  /** Engines for whole runs of large sets; null = the first one does all work. */
  pool: EnginePool | null;
  files: WorkspaceFiles;
  reader: ParquetReader;
  writer: ParquetWriter;
  /** Plumbline's own version, for manifests. */
  version: string;
  /** Where exports go when not into the notebook's own folder (`--out`); null = as the cell says. */
  exports: WorkspaceFiles | null;
  /** null where no Redis can be reached: materialize and lookup cells then fail with a typed error. */
  online: OnlineHost | null;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface RunOptions {
  /** `preview`: training sets on a sample of the spine; `whole`: everything, exports included. */
  mode: 'preview' | 'whole';
  /** Spine rows of a preview. */
  previewRows: number;
  /** Whether materialize and backfill cells may write; without it they say what they would write. */
  write: boolean;
  /** Whether a materialize cell's interrupted write of something else is given up. */
  dropJournal?: boolean;
  /** Whether a training set with `export:` writes its file. Only with mode `whole`. */
  exportFiles: boolean;
  /** Whether an export is held against the manifest that stands, instead of replacing it. */
  checkManifest?: boolean;
  /** Whether a preview takes over what the last one computed and the edit since left alone. */
  reuse?: boolean;
  /** Whether a preview gives its rows at once and leaves the counting to `Runner.count`. */
  countLater?: boolean;
  /** Who holds or slows down a replay; absent: it runs as fast as it can. */
  replay?: ReplayControl;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}
