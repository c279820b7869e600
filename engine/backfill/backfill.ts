import { isoMicroseconds } from '../catalog/instant';
import { writeCheckedParquet, type ParquetHost } from '../database/checked-parquet';
import type { Database } from '../database/database';
import { canonicalJson, MANIFEST_KEY } from '../database/manifest-parts';
import { toPlumblineError, type PlumblineError } from '../errors';
import type { OnProgress } from '../ports';
import type { BackfillPartition, BackfillResult } from '../results';
import { gridRows, type GridLimits, type InstantRows } from './grid-rows';
import { JOURNAL_FILE, printManifest, readJournal, type JournalEntry } from './journal';
import type { BackfillPlan, PlannedView } from './plan';
import { standing } from './standing';

export interface BackfillHost extends ParquetHost {
  database: Database;
}

export interface BackfillOptions {
  /** The folder that is written to, relative to `files` of the host. */
  folder: string;
  /** Without it nothing is written: the result says what would be. */
  write: boolean;
  signal?: AbortSignal;
  onProgress?: OnProgress;
  limits?: GridLimits;
}

/** Why a backfill ended early, and how far it came. */
export class BackfillStopped extends Error {
  constructor(
    readonly result: BackfillResult,
    override readonly cause: PlumblineError,
  ) {
    super(cause.message, { cause });
  }
}

/**
 * Writes every file of a plan that is not there, or was made from something else, and the manifest after each of
 * them. Whenever it is ended, the folder holds whole files only, and a later run goes on where this one ended.
 * Errors: `export.mismatch` before anything is done, for a manifest that is not this backfill's; afterwards
 * `BackfillStopped` with the cause.
 */
export async function runBackfill(
  host: BackfillHost,
  plan: BackfillPlan,
  options: BackfillOptions,
): Promise<BackfillResult> {
  const { folder, onProgress = () => {} } = options;
  onProgress({ phase: 'comparing with what is there' });
  const journal = await readJournal(host.files, folder, plan.backfill.name);
  const { entries, strays } = await standing(host.files, plan, folder, journal?.entries ?? new Map());
  const run = new BackfillRun(host, plan, options, entries, strays, journal?.text ?? null);
  return options.write ? run.write() : run.result();
}

class BackfillRun {
  private readonly states: BackfillPartition[];
  private readonly places = new Map<string, number>();
  private rows = 0;
  /** The manifest as it stands in the folder. */
  private manifest: string | null;

  constructor(
    private readonly host: BackfillHost,
    private readonly plan: BackfillPlan,
    private readonly options: BackfillOptions,
    private readonly entries: Map<string, JournalEntry>,
    private readonly strays: readonly string[],
    manifest: string | null,
  ) {
    this.manifest = manifest;
    this.states = plan.views.flatMap(({ partitions }) =>
      partitions.map(({ view, at, file }): BackfillPartition => {
        const entry = entries.get(file);
        const known = { rows: entry?.rows ?? null, sha256: entry?.sha256 ?? null };
        return { view, at: isoMicroseconds(at), file, ...known, state: entry ? 'up_to_date' : 'to_do' };
      }),
    );
    this.states.forEach(({ file }, place) => this.places.set(file, place));
  }

  result(): BackfillResult {
    const { folder, write } = this.options;
    const count = this.strays.length;
    const warnings =
      count === 0
        ? []
        : [
            `${count} ${count === 1 ? 'file is' : 'files are'} not in the grid and would be read with the others: ` +
              `${this.strays.slice(0, 3).join(', ')}${count > 3 ? ' ...' : ''}. Delete what you do not want.`,
          ];
    return { out: folder, manifest: `${folder}/${JOURNAL_FILE}`, write, partitions: this.states, warnings };
  }

  async write(): Promise<BackfillResult> {
    try {
      for (const view of this.plan.views) {
        const missing = view.partitions.filter(({ file }) => !this.entries.has(file));
        const files = new Map(missing.map((partition) => [partition.at, partition.file]));
        if (files.size === 0) continue;
        this.report(`computing ${view.compiled.view.name}`);
        const { signal, limits } = this.options;
        for await (const instant of gridRows(this.host.database, view.compiled, [...files.keys()], {
          signal,
          limits,
        }))
          await this.writePartition(view, instant, files.get(instant.at)!);
      }
      await this.writeManifest();
    } catch (thrown) {
      const cause = toPlumblineError(thrown);
      // Files are made in the order of the plan: the run was at the first one that is not done.
      const at = this.states.find(({ state }) => state === 'to_do');
      if (at) this.set(at.file, { state: this.options.signal?.aborted ? 'cancelled' : 'failed' });
      throw new BackfillStopped(this.result(), cause);
    }
    return this.result();
  }

  private async writePartition(
    { columns, record, basis, compiled }: PlannedView,
    { at, rows, batches }: InstantRows,
    file: string,
  ): Promise<void> {
    const { folder, signal } = this.options;
    const path = `${folder}/${file}`;
    const instant = isoMicroseconds(at);
    this.report(`writing ${compiled.view.name}`);
    const { size, sha256 } = await writeCheckedParquet(this.host, {
      file: path,
      batches,
      rows,
      columns,
      compression: this.plan.backfill.compression,
      keyValues: { [MANIFEST_KEY]: canonicalJson({ ...record, at: instant, rows }) },
      signal,
    });
    this.entries.set(file, { file, view: compiled.view.name, at: instant, rows, size, sha256, basis });
    await this.writeManifest();
    this.rows += rows;
    this.set(file, { state: 'written', rows, sha256 });
    this.report(`writing ${compiled.view.name}`);
  }

  private async writeManifest(): Promise<void> {
    const text = printManifest(this.plan, this.entries);
    if (text === this.manifest) return;
    await this.host.files.write(`${this.options.folder}/${JOURNAL_FILE}`, new TextEncoder().encode(text));
    this.manifest = text;
  }

  /** States are replaced, never changed: what was told earlier stays as it was. */
  private set(file: string, fields: Partial<BackfillPartition>): void {
    const place = this.places.get(file);
    if (place !== undefined) this.states[place] = { ...this.states[place]!, ...fields };
  }

  private report(phase: string): void {
    this.options.onProgress?.({ phase, rows: this.rows, partitions: [...this.states] });
  }
}
