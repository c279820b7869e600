import { PlumblineError, toErrorRecord, type ErrorRecord } from '../errors';
import type { OnProgress } from '../ports';
import type { MaterializeResult } from '../results';
import { equalBytes } from './byte-writer';
import { outcomeAt, type ComparedPlan, type Outcome } from './dry-run';
import { batchSlice, batchValues, type PlanBatch } from './plan';
import { PUT_SCRIPT, PUT_SCRIPT_SHA } from './put-script';
import type { RedisCommand, RedisValue } from './redis-commands';
import { throwIfCancelled, type RedisLink } from './redis-link';
import { readStored } from './stored-rows';

type Options = { signal?: AbortSignal; onProgress?: OnProgress };
type BatchResult = MaterializeResult['batches'][number];

/** Rows of one batch that the store now holds, for the reading back. */
interface Written {
  batch: PlanBatch;
  rows: number[];
}

const ANSWERS: Record<string, Outcome> = { already: 'skipped_equal', older: 'skipped_older' };
const decoder = new TextDecoder();

/** The rows that the dry run promised to write; nothing else is ever sent. */
function promisedRows(batch: PlanBatch, outcomes: Uint8Array | undefined): number[] {
  const rows: number[] = [];
  for (let row = 0; row < batch.rows; row++) {
    const outcome = outcomeAt(outcomes, row);
    if (outcome === 'added' || outcome === 'changed') rows.push(row);
  }
  return rows;
}

/** What became of a row: the promised outcome, unless the store had something as new or newer by then. */
function settle(promised: Outcome, answer: RedisValue | undefined, resent: boolean): Outcome {
  const word = answer instanceof Uint8Array ? decoder.decode(answer) : '';
  if (word === 'ok' || (word === 'already' && resent)) return promised;
  const outcome = ANSWERS[word];
  if (outcome !== undefined) return outcome;
  throw new PlumblineError('redis.refused', `Redis gave an unknown answer to the write script: ${word}.`, {
    hint: 'Is something between Plumbline and Redis changing replies?',
  });
}

class PlanWriter {
  readonly counts: MaterializeResult;
  private readonly written: Written[] = [];

  constructor(
    private readonly compared: ComparedPlan,
    private readonly link: RedisLink,
    private readonly options: Options,
  ) {
    const { counts, samples } = compared;
    this.counts = {
      ...counts,
      added: 0,
      changed: 0,
      written: true,
      ms: 0,
      verified: null,
      samples,
      batches: [],
    };
  }

  private async writeBatch(
    batch: PlanBatch,
    rows: number[],
    outcomes: Uint8Array | undefined,
  ): Promise<void> {
    const fields = this.compared.plan.views[batch.view]?.fields ?? [];
    const commands = rows.map((row): RedisCommand => {
      const pairs = batchValues(batch, row).flatMap((value, i) => [fields[i] ?? new Uint8Array(0), value]);
      return ['EVALSHA', PUT_SCRIPT_SHA, '1', batchSlice(batch, row, 0), ...pairs];
    });
    const { values, resent } = await this.link.send(commands, PUT_SCRIPT);
    const settled = rows.map((row, i) => settle(outcomeAt(outcomes, row), values[i], resent));
    for (const outcome of settled) this.counts[outcome]++;
    this.written.push({
      batch,
      rows: rows.filter((_, i) => settled[i] === 'added' || settled[i] === 'changed'),
    });
  }

  /** Batch by batch; after a failure nothing more is sent and one last entry counts the rows that were not. */
  async writeAll(): Promise<BatchResult[]> {
    const { plan, outcomes } = this.compared;
    const total = this.compared.counts.added + this.compared.counts.changed;
    const results: BatchResult[] = [];
    let done = 0;
    for (const [index, batch] of plan.batches.entries()) {
      const rows = promisedRows(batch, outcomes[index]);
      if (rows.length === 0) continue;
      try {
        throwIfCancelled(this.options.signal);
        await this.writeBatch(batch, rows, outcomes[index]);
        results.push({ rows: rows.length, outcome: 'ok' });
      } catch (thrown) {
        const error = toErrorRecord(thrown);
        if (error.code === 'engine.cancelled')
          return [...results, { rows: total - done, outcome: 'failed', error }];
        results.push({ rows: rows.length, outcome: 'failed', error });
        const rest = total - done - rows.length;
        if (rest > 0) results.push({ rows: rest, outcome: 'failed', error: notSent(error) });
        return results;
      }
      done += rows.length;
      this.options.onProgress?.({ phase: 'writing', rows: done, totalRows: total });
    }
    return results;
  }

  /** Whether every row that was written reads back byte for byte. */
  async verify(): Promise<boolean> {
    const total = this.written.reduce((sum, { rows }) => sum + rows.length, 0);
    let done = 0;
    for (const { batch, rows } of this.written) {
      const stored = await readStored(this.link, this.compared.plan, batch, rows);
      const equal = rows.every((row, i) =>
        batchValues(batch, row).every((value, slice) => {
          const found = stored[i]?.[slice];
          return found instanceof Uint8Array && equalBytes(value, found);
        }),
      );
      if (!equal) return false;
      done += rows.length;
      this.options.onProgress?.({ phase: 'reading back', rows: done, totalRows: total });
    }
    return true;
  }
}

const notSent = (error: ErrorRecord): ErrorRecord => ({
  code: error.code,
  message: `Not sent: the write stopped before these rows. ${error.message}`,
  ...(error.hint === undefined ? {} : { hint: error.hint }),
});

/**
 * Writes what a dry run promised, and reads all of it back. Never rejects for something that Redis did: the result
 * says per batch what was acknowledged, and `verified` is null when a batch failed. In a failed batch some rows may
 * have been written; writing again is safe. `requireWritten` turns such a result into an error.
 */
export async function writePlan(
  compared: ComparedPlan,
  link: RedisLink,
  options: Options = {},
): Promise<MaterializeResult> {
  const started = performance.now();
  const writer = new PlanWriter(compared, link, options);
  const result = writer.counts;
  result.batches = await writer.writeAll();
  if (result.batches.every((batch) => batch.outcome === 'ok')) {
    try {
      result.verified = await writer.verify();
    } catch (thrown) {
      result.batches.push({ rows: 0, outcome: 'failed', error: toErrorRecord(thrown) });
    }
  }
  result.ms = performance.now() - started;
  return result;
}

/** The dry run alone, as a result. */
export function dryRunResult(compared: ComparedPlan, ms: number): MaterializeResult {
  const { counts, samples } = compared;
  return { ...counts, written: false, ms, verified: null, samples, batches: [] };
}
