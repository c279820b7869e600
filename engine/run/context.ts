import type { Catalog, TrainingSet } from '../catalog/model';
import type { ColumnInfo } from '../database/database';
import type { PlumblineError } from '../errors';
import type { LoadedSource } from '../database/source-loader';
import type { BuildInputs, KeptBuilds } from '../training/kept-build';
import type { BuiltTrainingSet } from '../training/training-set';
import type { BuiltAudit } from '../audit/audit';
import type { BuiltSkew } from '../skew/skew';
import type { CellRun } from '../results';
import type { RunHost, RunOptions } from '../run-types';

/** What running one cell can see: the host, the catalog, and what earlier cells of this session left. */
export interface RunContext {
  host: RunHost;
  catalog: Catalog;
  options: RunOptions;
  sources: ReadonlyMap<string, LoadedSource>;
  trainingSets: Map<string, BuiltTrainingSet>;
  skews: Map<string, BuiltSkew>;
  audits: Map<string, BuiltAudit>;
  /** What previews left for the next one to go on from. */
  builds: KeptBuilds;
  /** What the rows behind a training set are, as they stand now. */
  inputsOf(set: TrainingSet): BuildInputs;
  /** Cell -> the cells that it names. */
  dependencies: ReadonlyMap<string, readonly string[]>;
}

/** What a cell gave, before timing and state are added. */
export interface CellOutcome {
  rows: number | null;
  columns: ColumnInfo[];
  relation: string | null;
  result: CellRun['result'];
}

export const NO_ROWS: CellOutcome = { rows: null, columns: [], relation: null, result: {} };

/** Ends a cell's run as failed with what it gave all the same. */
export class CellStopped extends Error {
  constructor(
    readonly outcome: CellOutcome,
    override readonly cause: PlumblineError,
  ) {
    super(cause.message, { cause });
  }
}

/** Runs one cell of a kind; its dependencies have run. */
export type CellRunner = (context: RunContext, name: string) => Promise<CellOutcome>;
