import { PlumblineError, toErrorRecord, type ErrorRecord } from '../errors';
import type { OnProgress } from '../ports';
import type { MaterializeResult } from '../results';
import { dryRunResult, type ComparedPlan } from './dry-run';
import type { Journal, JournalWriter } from './journal';
import { Pace } from './pace';
import type { PlanBatch } from './plan';
import { PUT_SCRIPT, PutCommands } from './put-script';
import { READ_ALL, readBack, rowsToRead } from './read-back';
import { ReadingBeside } from './reading-beside';
import type { RedisCommand, RedisValue } from './redis-commands';
import { cancelled, type RedisLink, type SendResult } from './redis-link';
import { isWritten, outcomeAt, type Outcome } from './row-outcome';
import type { StoredRow } from './stored-rows';
import type { Written } from './view-reader';

type BatchResult = MaterializeResult['batches'][number];

export interface WriteOptions {
  /** Where acknowledged batches are noted; null = nowhere. */
  journal?: JournalWriter | null;
  /** The interrupted write that this one goes on with. */
  resumed?: Journal | null;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

const decoder = new TextDecoder();

/** The rows that the dry run promised to write; nothing else is ever sent. */
export function promisedRows(batch: PlanBatch, outcomes: Uint8Array | undefined): number[] {
  const rows: number[] = [];
  for (let row = 0; row < batch.rows; row++) if (isWritten(outcomeAt(outcomes, row))) rows.push(row);
  return rows;
}

/**
 * What became of a row: the promised outcome, unless the store had something as new or newer by then. `again`: it may
 * have been sent before, so that what is the very same is our own.
 */
function settle(promised: Outcome, letter: string | undefined, again: boolean): Outcome {
  switch (letter) {
    case 'w':
      return promised;
    case 's':
      return again ? promised : 'skipped_equal';
    case 'e':
    case 'c':
      return 'skipped_equal';
    case 'o':
      return 'skipped_older';
    default:
      throw new PlumblineError(
        'redis.refused',
        `Redis gave an unknown answer to the write script: ${letter}.`,
        {
          hint: 'Is something between Plumbline and Redis changing replies?',
        },
      );
  }
}

function lettersOf(replies: readonly RedisValue[], rows: number): string {
  const letters = replies.map((reply) => (reply instanceof Uint8Array ? decoder.decode(reply) : '')).join('');
  if (letters.length === rows) return letters;
  throw new PlumblineError(
    'redis.refused',
    'Redis gave an answer to the write script that is none of its own.',
    {
      hint: 'Is this a Redis server, and is something between Plumbline and it changing replies?',
    },
  );
}

class PlanWriter {
  readonly result: MaterializeResult;
  private readonly written: Written[] = [];
  private readonly outcomes: Uint8Array[];
  private beside: ReadingBeside | null = null;
  /** By view. */
  private readonly puts: PutCommands[];
  /** Batches that were sent and are not settled: the one that is waited for, and the one behind it. */
  private readonly underWay = new Map<number, Promise<SendResult>>();

  constructor(
    private readonly compared: ComparedPlan,
    private readonly link: RedisLink,
    private readonly options: WriteOptions,
  ) {
    this.outcomes = options.resumed?.outcomes ?? compared.outcomes;
    const { views, job } = compared.plan;
    this.puts = views.map(({ fields }) => new PutCommands(fields, job.expire ?? null));
    this.result = {
      ...dryRunResult(compared, 0),
      ...options.resumed?.head.counts,
      added: 0,
      changed: 0,
      replaced: 0,
      written: true,
    };
  }

  /** Counts the answers of a batch and keeps which of its rows the store now holds. */
  private take(index: number, batch: PlanBatch, rows: number[], letters: string, again: boolean): void {
    const settled = rows.map((row, i) => settle(outcomeAt(this.outcomes[index], row), letters[i], again));
    for (const outcome of settled) this.result[outcome]++;
    this.written.push({
      batch,
      rows: rows.filter((_, i) => isWritten(settled[i] ?? 'skipped_equal')),
      fresh: settled.every((outcome) => outcome === 'added'),
    });
  }

  private send(index: number, rows: readonly number[]): Promise<SendResult> {
    const known = this.underWay.get(index);
    if (known !== undefined) return known;
    const batch = this.compared.plan.batches[index]!;
    const seen = this.compared.seen[index] ?? new Map<number, StoredRow>();
    const commands: RedisCommand[] = [];
    const { keysPerCall } = this.link;
    for (let at = 0; at < rows.length; at += keysPerCall)
      commands.push(this.puts[batch.view]!.command(batch, rows.slice(at, at + keysPerCall), seen));
    const sending = this.link.send(commands, PUT_SCRIPT);
    // its failure is told when its turn comes
    sending.catch(() => undefined);
    this.underWay.set(index, sending);
    return sending;
  }

  /** `following`: the batch that goes out behind it, so that the server has no pause; null = none. */
  private async writeBatch(
    index: number,
    batch: PlanBatch,
    rows: number[],
    following: { index: number; rows: readonly number[] } | null,
  ): Promise<void> {
    const sending = this.send(index, rows);
    if (following !== null) void this.send(following.index, following.rows);
    this.beside?.follow(this.written);
    const { values, resent } = await sending.finally(() => this.underWay.delete(index));
    const letters = lettersOf(values, rows.length);
    const again = resent || (this.options.resumed ?? null) !== null;
    this.take(index, batch, rows, letters, again);
    // an answer of the very same counts as written after a crash too
    this.options.journal?.acknowledge(index, again ? letters.replaceAll('s', 'w') : letters);
  }

  /** Batch by batch, two under way; after a failure nothing more is sent and one last entry counts the rows that were not. */
  async writeAll(): Promise<BatchResult[]> {
    const { plan } = this.compared;
    const promised = plan.batches.map((batch, index) => promisedRows(batch, this.outcomes[index]));
    const total = promised.reduce((sum, rows) => sum + rows.length, 0);
    const resumed = (this.options.resumed ?? null) !== null;
    if (!resumed && total > 0 && total <= READ_ALL) this.beside = new ReadingBeside(plan, this.link);
    try {
      return await this.writeBatches(promised, total);
    } finally {
      await this.beside?.settle();
    }
  }

  private async writeBatches(promised: readonly number[][], total: number): Promise<BatchResult[]> {
    const { signal } = this.options;
    const results: BatchResult[] = [];
    let [done, before, told] = [0, 0, 0];
    let stopped: ErrorRecord | null = null;
    const pace = new Pace('writing', total, this.options.onProgress);
    for (const [index, batch] of this.compared.plan.batches.entries()) {
      const rows = promised[index] ?? [];
      if (rows.length === 0) continue;
      const sent = this.underWay.has(index);
      if (signal?.aborted) stopped ??= toErrorRecord(cancelled());
      // what is under way behind a batch that failed is still waited for: it may well be written
      if (stopped !== null && !sent) break;
      told += rows.length;
      try {
        const letters = this.options.resumed?.acknowledged.get(index);
        if (letters?.length === rows.length) {
          this.take(index, batch, rows, letters, false);
          before += rows.length;
        } else {
          const next = stopped === null ? nextOf(promised, index) : -1;
          await this.writeBatch(index, batch, rows, next < 0 ? null : { index: next, rows: promised[next]! });
        }
        results.push({ rows: rows.length, outcome: 'ok' });
        done += rows.length;
        pace.tell(done, before);
      } catch (thrown) {
        const error = toErrorRecord(thrown);
        stopped ??= error;
        results.push({ rows: rows.length, outcome: 'failed', error: unanswered(error) });
      }
    }
    if (stopped !== null && told < total)
      results.push({ rows: total - told, outcome: 'failed', error: notSent(stopped) });
    return results;
  }

  /** Whether what was written reads back byte for byte, but for what another writer has made newer since. */
  async verify(): Promise<void> {
    const equalRows = (await this.beside?.equalRows(this.written)) ?? null;
    if (equalRows !== null) {
      this.result.read_back = equalRows;
      this.result.verified = true;
      return;
    }
    // a connection that broke may have come back to a server that lost what it had acknowledged
    const rows = rowsToRead(this.written, this.link.reopened > 0 || (this.options.resumed ?? null) !== null);
    const { read, overtaken, equal } = await readBack(this.compared.plan, rows, this.link, this.options);
    this.result.read_back = read;
    this.result.overtaken = overtaken;
    this.result.verified = equal;
  }
}

/** The next batch that has rows to send; -1 = none. */
function nextOf(promised: readonly (readonly number[])[], index: number): number {
  for (let at = index + 1; at < promised.length; at++) if ((promised[at]?.length ?? 0) > 0) return at;
  return -1;
}

const CANCELLED = 'engine.cancelled';

/** Of a batch that was sent when the write was stopped, and not answered by then. */
const unanswered = (error: ErrorRecord): ErrorRecord =>
  error.code === CANCELLED
    ? {
        code: error.code,
        message: 'Stopped before Redis answered: some of these rows may have been written.',
        hint: 'Write again: it goes on here, and what is written already is not written twice.',
      }
    : error;

const notSent = (error: ErrorRecord): ErrorRecord =>
  error.code === CANCELLED
    ? error
    : {
        code: error.code,
        message: `Not sent: the write stopped before these rows. ${error.message}`,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      };

/**
 * Writes what a dry run promised, and reads it back. Never rejects for something that Redis or the journal did: the
 * result says per batch what was acknowledged, and `verified` is null when a batch failed. In a failed batch some
 * rows may have been written; writing again is safe. `requireWritten` turns such a result into an error.
 */
export async function writePlan(
  compared: ComparedPlan,
  link: RedisLink,
  options: WriteOptions = {},
): Promise<MaterializeResult> {
  const started = performance.now();
  const writer = new PlanWriter(compared, link, options);
  const { result } = writer;
  result.batches = await writer.writeAll();
  if (result.batches.every((batch) => batch.outcome === 'ok')) {
    try {
      await options.journal?.settle();
      await writer.verify();
    } catch (thrown) {
      result.batches.push({ rows: 0, outcome: 'failed', error: toErrorRecord(thrown) });
    }
  }
  result.ms = performance.now() - started;
  return result;
}
