import { isoMicroseconds } from '../catalog/instant';
import type { ArrowBytes } from '../database/database';
import { PlumblineError } from '../errors';
import type { OnProgress } from '../ports';
import type { InterruptedWrite, MaterializeResult } from '../results';
import { dryRun, dryRunResult, type ComparedPlan } from './dry-run';
import type { MaterializeJob, MaterializeOptions } from './job';
import { acknowledgedRows, JournalWriter, readJournal, type Journal } from './journal';
import { readState, stateAfter, writeState } from './online-state';
import { planMaterialization } from './plan';
import { planDigest } from './plan-digest';
import { keepReceipt, readReceipts, type Receipt } from './receipt';
import type { RecordFiles } from './record-files';
import { recordPlace } from './record-place';
import type { RedisLink } from './redis-link';
import { requireWritten } from './require-written';
import { requireWritableTarget } from './writable-target';
import { promisedRows, writePlan } from './write-plan';

/** Where a materialization takes place, besides the store itself. */
export interface MaterializeSite {
  /** The store in words, never with a password: what the workspace keeps its records under. */
  target: string;
  records: RecordFiles;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A dry run that can be written. */
export interface PreparedWrite {
  compared: ComparedPlan;
  /** Of the plan and its target. */
  digest: string;
  result: MaterializeResult;
}

type Reporting = { signal?: AbortSignal; onProgress?: OnProgress };

/** Plan and dry run. Errors: those of `planMaterialization` and `dryRun`; file.* for unreadable records. */
export async function prepareWrite(
  job: MaterializeJob,
  rows: (view: string) => AsyncIterable<ArrowBytes>,
  link: RedisLink,
  site: MaterializeSite,
  options: Reporting,
): Promise<PreparedWrite> {
  const started = performance.now();
  const place = recordPlace(job.project, site.target);
  const state = await readState(site.records, place.state, job.project, site.target);
  const plan = await planMaterialization(job, rows, options);
  const digest = await planDigest(plan, site.target);
  const compared = await dryRun(plan, link, state, options);
  const [receipt = null] = await readReceipts(site.records, place.receipts(job.cell));
  const journal = await readJournal(site.records, place.journal(job.cell)).catch((thrown: unknown) => {
    if (thrown instanceof PlumblineError && thrown.code === 'online.write_interrupted') return null;
    throw thrown;
  });
  const interrupted = journal && interruptedWrite(journal, digest);
  return {
    compared,
    digest,
    result: { ...dryRunResult(compared, performance.now() - started), interrupted, receipt },
  };
}

/** null where the next write simply begins anew. */
function interruptedWrite(journal: Journal, digest: string): InterruptedWrite | null {
  const { startedAt, rows } = journal.head;
  const acknowledged = acknowledgedRows(journal);
  const same_plan = journal.head.digest === digest;
  return acknowledged === 0 && !same_plan ? null : { startedAt, rows, acknowledged, same_plan };
}

/**
 * Refuses what `performWrite` would refuse, so that nobody is asked in vain; writes nothing. Errors:
 * `online.write_interrupted`, `online.write_running`, those of `requireWritableTarget`; file.*.
 */
export async function requireWritable(
  { compared, digest }: PreparedWrite,
  link: RedisLink,
  site: MaterializeSite,
  options: { dropJournal?: boolean },
): Promise<void> {
  const { project, cell } = compared.plan.job;
  const place = recordPlace(project, site.target);
  const release = await site.records.lock(place.lock(cell));
  await release();
  if (!options.dropJournal) resumable(await readJournal(site.records, place.journal(cell)), digest, cell);
  await requireWritableTarget(link);
}

/**
 * Writes a prepared plan and reads it back, under a journal; goes on with the cell's interrupted write when the plan is
 * the same. Afterwards the workspace holds receipt and state, and the journal is gone. Errors: `WriteStopped`
 * when a batch fails or the values do not read back equal; `online.write_interrupted` when the interrupted write was of
 * something else and `dropJournal` is not set; `online.write_running`; file.*.
 */
export async function performWrite(
  prepared: PreparedWrite,
  link: RedisLink,
  site: MaterializeSite,
  options: Reporting & { dropJournal?: boolean },
): Promise<MaterializeResult> {
  const { job } = prepared.compared.plan;
  const place = recordPlace(job.project, site.target);
  const release = await site.records.lock(place.lock(job.cell));
  try {
    const resumed = options.dropJournal
      ? null
      : resumable(await readJournal(site.records, place.journal(job.cell)), prepared.digest, job.cell);
    const head = resumed?.head ?? newHead(prepared, site);
    const journal = await JournalWriter.open(
      site.records,
      place.journal(job.cell),
      resumed ?? { head, outcomes: prepared.compared.outcomes, acknowledged: new Map() },
    );
    const { signal, onProgress } = options;
    let result: MaterializeResult;
    try {
      result = await writePlan(prepared.compared, link, { journal, resumed, signal, onProgress });
    } finally {
      // what it could not note was told by settle
      await journal.close().catch(() => undefined);
    }
    if (result.verified === null) {
      // even a batch that failed may have been written: the journal stays, so that its rows are known as ours
      return requireWritten(result);
    }
    result.receipt = receiptOf(prepared, result, { ...head, resumed: resumed !== null, site });
    await keepReceipt(site.records, place.receipts(job.cell), result.receipt);
    if (result.verified) {
      const state = await readState(site.records, place.state, job.project, site.target);
      await writeState(site.records, place.state, stateAfter(state, job, head.run));
    }
    await site.records.remove(place.journal(job.cell));
    return requireWritten(result);
  } finally {
    await release();
  }
}

/** The journal, if a plan with this digest may go on with it; null when there is nothing to go on with. */
function resumable(journal: Journal | null, digest: string, cell: string): Journal | null {
  if (journal === null || journal.head.digest === digest) return journal;
  const acknowledged = acknowledgedRows(journal);
  if (acknowledged === 0) return null;
  const { rows, startedAt } = journal.head;
  throw new PlumblineError(
    'online.write_interrupted',
    `An earlier write of ${cell} (${startedAt}) stopped after ${acknowledged} of ${rows} rows, and what would be written now is something else.`,
    {
      hint: 'Restore definitions and data as they were to go on with it, or give it up: --drop-journal on the command line, “Give up the interrupted write” in the cell. What it wrote stays, and is compared anew.',
    },
  );
}

function newHead({ compared, digest }: PreparedWrite, site: MaterializeSite): Journal['head'] {
  const startedAt = new Date(site.now()).toISOString();
  const random = crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
  const run = `${startedAt.replace(/[-:.]/g, '')}-${random.toString(16).padStart(4, '0')}`;
  const rows = compared.plan.batches.reduce(
    (sum, batch, index) => sum + promisedRows(batch, compared.outcomes[index]).length,
    0,
  );
  const { skipped_older, skipped_equal, equal_differs, null_overwrites, bytes } = compared.counts;
  const counts = { skipped_older, skipped_equal, equal_differs, null_overwrites, bytes };
  return { run, startedAt, digest, rows, counts };
}

const isoMicros = (micros: string | null = null): string | null =>
  micros === null ? null : isoMicroseconds(BigInt(micros));

function receiptOf(
  { compared, digest }: PreparedWrite,
  result: MaterializeResult,
  { run, startedAt, resumed, site }: Journal['head'] & { resumed: boolean; site: MaterializeSite },
): Receipt {
  const { job } = compared.plan;
  const { entities, added, changed, replaced, skipped_older, skipped_equal, null_overwrites, bytes } = result;
  return {
    run,
    cell: job.cell,
    project: job.project,
    target: site.target,
    startedAt,
    finishedAt: new Date(site.now()).toISOString(),
    resumed,
    digest,
    views: job.views.map(({ view, definition = '', range }) => ({
      view,
      definition,
      start: isoMicros(range?.start),
      end: isoMicros(range?.end),
    })),
    ...{ entities, added, changed, replaced, skipped_older, skipped_equal, null_overwrites, bytes },
    read_back: result.read_back,
    overtaken: result.overtaken,
    verified: result.verified === true,
    expire: job.expire ?? null,
  };
}

/** Plan, dry run and, with `write`, the writing and the reading back, over one link. See the two above. */
export async function materialize(
  job: MaterializeJob,
  rows: (view: string) => AsyncIterable<ArrowBytes>,
  link: RedisLink,
  site: MaterializeSite,
  options: MaterializeOptions,
): Promise<MaterializeResult> {
  const started = performance.now();
  const prepared = await prepareWrite(job, rows, link, site, options);
  if (!options.write) return prepared.result;
  const result = await performWrite(prepared, link, site, options);
  return { ...result, ms: performance.now() - started };
}
