import type { ColumnInfo, Database, MemoryUse } from '../../engine/database/database';
import type { Analysis } from '../../engine/notebook/analysis';
import type { Diagnostic, NotebookDocument } from '../../engine/notebook/document';
import type { Catalog, LookupRequest } from '../../engine/catalog/model';
import type { FeastExport, FeastExportOptions } from '../../engine/feast/export-repository';
import type { InspectJob, InspectResult } from '../../engine/online/inspection';
import type { DifferenceJob, DifferenceResult } from '../../engine/online/view-difference';
import type { OnProgress } from '../../engine/ports';
import type { CellRun, LookupResult } from '../../engine/results';
import type { RunOptions } from '../../engine/run-types';
import type { BuiltAudit } from '../../engine/audit/audit';
import type { BuiltSkew } from '../../engine/skew/skew';
import type { BuiltTrainingSet } from '../../engine/training/training-set';

/** How long work is followed and ended. */
export interface LongWork {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** Everything that the store asks of an engine: a `Runner` and its database. One per workspace and engine start. */
export interface EngineSession {
  /** Same port that the engine uses: the grid pages through it. */
  readonly database: Database;
  load(analysis: Analysis, documents: readonly NotebookDocument[], diagnostics: readonly Diagnostic[]): void;
  /** Reads the sources' schemas and binds every cell. Runs nothing of the user's. */
  bind(signal?: AbortSignal): Promise<Diagnostic[]>;
  sourceColumns(): ReadonlyMap<string, readonly ColumnInfo[]>;
  /** Runs cells and what they need; `onCell` hears of each one that ran. A cell that fails does not throw. */
  runAll(
    cells: readonly string[] | null,
    options: RunOptions,
    onCell: (run: CellRun) => void,
  ): Promise<CellRun[]>;
  /** Asks an online store for features of the notebook. Errors: those of the store. */
  lookup(request: LookupRequest, signal?: AbortSignal): Promise<LookupResult>;
  /** Looks at what a Redis holds. Errors: redis.*, `engine.cancelled`. */
  inspect(spec: InspectJob, options: LongWork): Promise<InspectResult>;
  /** Holds what a Redis has of a view against its values at `end`. Errors: redis.*, those of the view's run. */
  difference(
    catalog: Catalog,
    spec: DifferenceJob,
    end: bigint | 'max',
    options: LongWork,
  ): Promise<DifferenceResult>;
  /** Writes a Feast repository into a folder of the workspace. Errors: `export.*`, `file.*`, those of the views' runs. */
  exportFeast(catalog: Catalog, options: FeastExportOptions): Promise<FeastExport>;
  /** Counts what a preview left open, in the background; null when that is nothing, or of rows that are no more. */
  count(cell: string, signal?: AbortSignal): Promise<CellRun | null>;
  /** What a training set, skew check or audit left for paging and charts; undefined before its first run. */
  trainingSet(name: string): BuiltTrainingSet | undefined;
  skew(name: string): BuiltSkew | undefined;
  audit(name: string): BuiltAudit | undefined;
  info(): Promise<{ version: string; memory: MemoryUse }>;
  /** Forgets every result, after the engine was started anew. */
  reset(): void;
  close(): Promise<void>;
}
