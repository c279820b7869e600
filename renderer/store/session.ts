import type { Database, MemoryUse } from '../../engine/database/database';
import type { Analysis } from '../../engine/notebook/analysis';
import type { Diagnostic, NotebookDocument } from '../../engine/notebook/document';
import type { OnProgress } from '../../engine/ports';
import type { CellRun } from '../../engine/results';

/** What is known of a source without loading it, from its files' footers. */
export interface SourceFacts {
  /** null until known, or where a format cannot tell without reading (CSV, JSON). */
  rows: number | null;
  columns: { name: string; type: string }[];
  files: number;
}

export interface SessionRunOptions {
  mode: 'preview' | 'whole';
  previewRows: number;
  write: boolean;
  signal: AbortSignal;
  onProgress: OnProgress;
}

/** Everything that the store asks of an engine. One per workspace and engine start. */
export interface EngineSession {
  /** Same port that the engine uses: the grid pages through it. */
  readonly database: Database;
  load(analysis: Analysis, documents: readonly NotebookDocument[]): void;
  /** Describes the sources. Reads file footers; runs nothing of the user's. */
  prepare(signal?: AbortSignal): Promise<Record<string, SourceFacts>>;
  /** Binds every cell against the described sources. */
  bind(): Promise<Diagnostic[]>;
  run(cell: string, options: SessionRunOptions): Promise<CellRun>;
  runAll(
    cells: readonly string[] | null,
    options: SessionRunOptions & { onCell(run: CellRun): void },
  ): Promise<CellRun[]>;
  info(): Promise<{ version: string; memory: MemoryUse }>;
  close(): Promise<void>;
}
