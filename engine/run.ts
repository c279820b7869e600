import type { ColumnInfo } from './database/database';
import { died } from './database/engine-client';
import { cancelled } from './database/engine-connection';
import { PlumblineError, toErrorRecord } from './errors';
import type { Analysis } from './notebook/analysis';
import type { CellBlock, Diagnostic, NotebookDocument } from './notebook/document';
import type { CellRun, LookupResult } from './results';
import type { RunHost, RunOptions } from './run-types';
import type { LookupRequest, TrainingSet } from './catalog/model';
import { CELL_RUNNERS } from './run/cell-runners';
import { lookUp } from './run/cells/lookup';
import { trainingResult } from './run/cells/training-set';
import { CellStopped, NO_ROWS, type CellOutcome, type RunContext } from './run/context';
import { bindDiagnostic, cellError, diagnosticError, errorDiagnostic } from './run/failure';
import { bindAudit } from './run/bind-audit';
import { serial } from './run/serial';
import { SourceRegistry } from './run/source-registry';
import { previewGraph, spineReads } from './run/spine-reads';
import { neededCells, runDependencies } from './run/topology';
import { usedColumns, type UsedColumns } from './run/used-columns';
import { bindCatalog } from './sql/bind';
import type { BindProblem } from './sql/bind-problem';
import { BindCache } from './sql/bind-cache';
import type { BuiltAudit } from './audit/audit';
import type { BuiltSkew } from './skew/skew';
import { KeptBuilds, type BuildInputs } from './training/kept-build';
import { countPending, type BuiltTrainingSet } from './training/training-set';

/** A finished cell, and what it was finished with: enough to know whether it would give the same again. */
interface Finished {
  /** Counts up with every finished cell: another number, other rows. */
  serial: number;
  /** Of the definitions and of the loaded rows that it rests on. */
  basis: string;
  mode: RunOptions['mode'];
  run: CellRun;
}

type OnCell = (run: CellRun) => void;

/**
 * Runs a notebook's cells against one database: what a cell needs runs first, what is already there is kept. Calls
 * are served one after the other. Nothing here throws for a cell that fails: the `CellRun` says so.
 */
export class Runner {
  private analysis: Analysis | null = null;
  private diagnostics: readonly Diagnostic[] = [];
  private blocks = new Map<string, { block: CellBlock; file: string }>();
  private mainFile = '';
  private used: UsedColumns = new Map();
  private readonly sources: SourceRegistry;
  private readonly trainingSets = new Map<string, BuiltTrainingSet>();
  private readonly skews = new Map<string, BuiltSkew>();
  private readonly audits = new Map<string, BuiltAudit>();
  private readonly bindCache = new BindCache();
  private readonly finished = new Map<string, Finished>();
  private serial = 0;
  private readonly builds = new KeptBuilds();
  private readonly inTurn = serial();
  /** Of the engine that runs now; aborted when it dies. */
  private life = new AbortController();

  constructor(private readonly host: RunHost) {
    this.sources = new SourceRegistry(host, (source) => this.bindCache.forget(source));
  }

  /** Takes the notebook as it now reads. `documents[0]` is the notebook, the rest what it includes. */
  load(analysis: Analysis, documents: readonly NotebookDocument[], diagnostics: readonly Diagnostic[]): void {
    this.analysis = analysis;
    this.diagnostics = diagnostics;
    this.used = usedColumns(analysis.catalog, analysis.dependencies);
    this.mainFile = documents[0]?.file ?? '';
    this.blocks = new Map();
    for (const document of [...documents].reverse())
      for (const block of document.blocks)
        if (block.type === 'cell') this.blocks.set(block.name, { block, file: document.file });
    const sets = [...this.blocks].filter(([, { block }]) => block.kind === 'training-set');
    this.builds.retain(new Set(sets.map(([name]) => name)));
  }

  /** Forgets every result and ends what runs with `engine.died`, because the engine has died and starts anew. */
  reset(): void {
    this.life.abort();
    this.life = new AbortController();
    this.sources.clear();
    this.bindCache.clear();
    this.trainingSets.clear();
    this.skews.clear();
    this.audits.clear();
    this.finished.clear();
    this.builds.clear();
  }

  /** Columns of each source whose files could be read, for completion. */
  sourceColumns(): ReadonlyMap<string, readonly ColumnInfo[]> {
    return this.sources.columns;
  }

  /** What a training set left for paging, export and explanation; undefined before its first run. */
  trainingSet(name: string): BuiltTrainingSet | undefined {
    return this.trainingSets.get(name);
  }

  /** What a skew check left for its charts; undefined before its first run. */
  skew(name: string): BuiltSkew | undefined {
    return this.skews.get(name);
  }

  /** What an audit left for its grid and its report; undefined before its first run. */
  audit(name: string): BuiltAudit | undefined {
    return this.audits.get(name);
  }

  /** Reads schemas, runs nothing of the user's, and gives what does not bind. */
  bind(signal?: AbortSignal): Promise<Diagnostic[]> {
    return this.inTurn(async () => {
      const { analysis } = this.loaded();
      const unreadable = await this.describeSources(signal);
      const problems = await bindCatalog(this.host.database, analysis.catalog, this.bindCache);
      for (const audit of analysis.catalog.audits.values())
        problems.push(...(await bindAudit(this.host.files, this.sources, analysis.catalog, audit, signal)));
      return [...unreadable, ...problems.map((problem) => bindDiagnostic(analysis, this.mainFile, problem))];
    });
  }

  /** Runs one cell and what it needs. */
  async run(cell: string, options: RunOptions): Promise<CellRun> {
    const runs = await this.runAll([cell], options);
    const run = runs.find((one) => one.name === cell);
    if (run) return run;
    throw new PlumblineError('notebook.unknown_cell', `No cell ${cell}.`);
  }

  /**
   * Runs the named cells and what they need, or every cell of the notebook; gives them in the order in which they ran.
   * Errors: `notebook.unknown_cell`.
   */
  runAll(
    cells: readonly string[] | null,
    options: RunOptions,
    onCell: OnCell = () => {},
  ): Promise<CellRun[]> {
    return this.inTurn(async () => {
      for (const cell of cells ?? [])
        if (!this.blocks.has(cell))
          throw new PlumblineError('notebook.unknown_cell', `No cell ${cell} in ${this.mainFile}.`, {
            hint: `It has ${[...this.blocks.keys()].join(', ')}.`,
          });
      const targets =
        cells ?? [...this.blocks].filter(([, { file }]) => file === this.mainFile).map(([name]) => name);
      const runs = new Map<string, CellRun>();
      const { signal: life } = this.life;
      const runOne = async (cell: string) => {
        const wanted = this.optionsFor(cell, targets, options);
        const kept = targets.includes(cell) ? undefined : await this.stillGood(cell, wanted);
        const run = kept ?? (await this.runCell(cell, runs, wanted, life));
        runs.set(cell, run);
        if (!kept) onCell(run);
      };
      const { analysis } = this.loaded();
      const { graph, passedOver } =
        options.mode === 'preview'
          ? previewGraph(analysis, this.needs())
          : { graph: this.needs(), passedOver: new Map<string, string[]>() };
      for (const cell of neededCells(targets, graph)) {
        for (const view of passedOver.get(cell) ?? [])
          if (!runs.has(view) && (await this.unbound(view)) !== undefined) await runOne(view);
        await runOne(cell);
      }
      return [...runs.values()];
    });
  }

  /**
   * Counts what a preview of a training set left open, behind whatever else the engine has to do. Null when nothing is
   * open, or when the set was built anew meanwhile. Errors: `engine.*`.
   */
  async count(cell: string, signal?: AbortSignal): Promise<CellRun | null> {
    const built = this.trainingSets.get(cell);
    if (built === undefined || built.pending.length === 0) return null;
    const { database } = this.host;
    const build = this.builds.find(cell);
    if (build === undefined) return null;
    const counted = await countPending(database, built, build, { signal, priority: 'background' });
    const done = this.finished.get(cell);
    if (counted === null || this.trainingSets.get(cell) !== built || done === undefined) return null;
    this.trainingSets.set(cell, counted);
    done.run = { ...done.run, result: trainingResult(counted, null) };
    return done.run;
  }

  /**
   * Asks an online store for features of the notebook that no cell asks for; on-demand ones are computed from its answer
   * as a lookup cell does. Errors: those of `lookUp`.
   */
  lookup(request: LookupRequest, options: RunOptions): Promise<LookupResult> {
    return this.inTurn(() => lookUp(this.context(options), request));
  }

  private context(options: RunOptions): RunContext {
    const { host, trainingSets, skews, audits } = this;
    const { catalog, dependencies } = this.loaded().analysis;
    return {
      host,
      catalog,
      options,
      sources: this.sources.loaded,
      trainingSets,
      skews,
      audits,
      builds: this.builds,
      inputsOf: (set) => this.inputsOf(set),
      dependencies,
    };
  }

  private loaded(): { analysis: Analysis } {
    if (this.analysis) return { analysis: this.analysis };
    throw new PlumblineError('internal', 'No notebook is loaded.');
  }

  /** A comparison needs the whole training set, and what runs only because another cell needs it writes no file. */
  private optionsFor(cell: string, targets: readonly string[], options: RunOptions): RunOptions {
    const kinds = targets.map((target) => this.blocks.get(target)?.block.kind);
    const mode = kinds.some((kind) => kind === 'skew' || kind === 'drift') ? 'whole' : options.mode;
    return targets.includes(cell)
      ? { ...options, mode }
      : { ...options, mode, write: false, exportFiles: false };
  }

  /** Cell -> the cells that must run before it. */
  private needs(): ReadonlyMap<string, readonly string[]> {
    const { dependencies, catalog } = this.loaded().analysis;
    return runDependencies(dependencies, catalog);
  }

  private basisOf(cell: string): string {
    const { fingerprints } = this.loaded().analysis;
    const loads = neededCells([cell], this.needs()).map((name) => this.sources.loadOf(name));
    return [fingerprints.get(cell) ?? '', ...loads].join(' ');
  }

  /** A source is named by its load; a query or a set, which SQL may read too, by its run. */
  private inputsOf(set: TrainingSet): BuildInputs {
    const { fingerprints } = this.loaded().analysis;
    const { loaded } = this.sources;
    const source = (name: string) =>
      JSON.stringify([this.sources.loadOf(name), loaded.get(name)?.loaded ?? []]);
    const rows = neededCells(spineReads(this.loaded().analysis, set), this.needs()).map((name) => {
      const kind = this.blocks.get(name)?.block.kind;
      const ran = kind === 'query' || kind === 'training-set' ? this.finished.get(name)?.serial : undefined;
      return [name, source(name), ran ?? fingerprints.get(name)];
    });
    return { spine: JSON.stringify(rows), source, isHere: (name) => loaded.get(name)?.large === false };
  }

  private async stillGood(cell: string, options: RunOptions): Promise<CellRun | undefined> {
    const done = this.finished.get(cell);
    if (!done || done.basis !== this.basisOf(cell) || done.run.status !== 'ok') return undefined;
    const source = this.loaded().analysis.catalog.sources.get(cell);
    if (source) {
      const held = await this.sources.isLoaded(source, this.used.get(cell) ?? null).catch(() => false);
      return held ? done.run : undefined;
    }
    return options.mode === 'whole' && done.mode !== 'whole' ? undefined : done.run;
  }

  private async runCell(
    name: string,
    runs: ReadonlyMap<string, CellRun>,
    options: RunOptions,
    life: AbortSignal,
  ): Promise<CellRun> {
    const found = this.blocks.get(name);
    if (!found) throw new PlumblineError('notebook.unknown_cell', `No cell ${name}.`);
    const { block, file } = found;
    const started = this.host.now();
    const broken = (this.needs().get(name) ?? []).find(
      (one) => runs.get(one)?.status !== 'ok' && runs.has(one),
    );
    const end = (status: CellRun['status'], outcome: CellOutcome, thrown: unknown): CellRun => ({
      name,
      kind: block.kind,
      status,
      ms: Math.round(this.host.now() - started),
      ...outcome,
      error: thrown === null ? null : toErrorRecord(cellError(thrown, block, file)),
    });
    if (broken !== undefined) return end('skipped', NO_ROWS, upstreamError(broken, runs.get(broken)));
    try {
      const signal = options.signal ? AbortSignal.any([options.signal, life]) : life;
      const outcome = await this.outcome(name, block, { ...options, signal });
      const run = end('ok', outcome, null);
      const serial = ++this.serial;
      this.finished.set(name, { serial, basis: this.basisOf(name), mode: options.mode, run });
      return run;
    } catch (thrown) {
      this.finished.delete(name);
      // What a call says once it was told to stop is not why the run ended.
      const reason = options.signal?.aborted ? cancelled() : life.aborted ? died('it was restarted') : thrown;
      if (!(thrown instanceof CellStopped)) return end('failed', NO_ROWS, reason);
      return end('failed', thrown.outcome, reason === thrown ? thrown.cause : reason);
    }
  }

  private async outcome(name: string, block: CellBlock, options: RunOptions): Promise<CellOutcome> {
    const { analysis } = this.loaded();
    const error = this.diagnostics.find((one) => one.cell === name && one.severity === 'error');
    if (error) throw diagnosticError(error);
    options.signal?.throwIfAborted();
    const source = block.kind === 'source' ? analysis.catalog.sources.get(name) : undefined;
    if (source)
      await this.sources.load(source, {
        columns: this.used.get(name) ?? null,
        signal: options.signal,
        onProgress: options.onProgress,
      });
    const runner = CELL_RUNNERS[block.kind];
    if (!runner) return NO_ROWS;
    await this.refuseUnbound(name, options.signal);
    return runner(this.context(options), name);
  }

  /** What does not bind fails at its own line, before any statement that was compiled from it. */
  private async refuseUnbound(name: string, signal?: AbortSignal): Promise<void> {
    const first = await this.unbound(name, signal);
    if (first) throw diagnosticError(bindDiagnostic(this.loaded().analysis, this.mainFile, first));
  }

  private async unbound(name: string, signal?: AbortSignal): Promise<BindProblem | undefined> {
    const { catalog } = this.loaded().analysis;
    const { database, files } = this.host;
    const audit = catalog.audits.get(name);
    const problems = audit
      ? await bindAudit(files, this.sources, catalog, audit, signal)
      : await bindCatalog(database, catalog, this.bindCache);
    return problems.find((problem) => problem.cell === name);
  }

  /** Makes sources known by their schemas; what cannot be read becomes a diagnostic. */
  private async describeSources(signal?: AbortSignal): Promise<Diagnostic[]> {
    const problems: Diagnostic[] = [];
    for (const source of this.loaded().analysis.catalog.sources.values()) {
      try {
        await this.sources.describe(source, { columns: this.used.get(source.name) ?? null, signal });
      } catch (thrown) {
        const found = this.blocks.get(source.name);
        if (!found || signal?.aborted) throw thrown;
        problems.push(errorDiagnostic(cellError(thrown, found.block, found.file)));
      }
    }
    return problems;
  }
}

function upstreamError(cell: string, run: CellRun | undefined): PlumblineError {
  return new PlumblineError(run?.error?.code ?? 'internal', `Not run: ${cell}, which it needs, failed.`, {
    hint: run?.error?.message,
  });
}
