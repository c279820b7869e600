import { fromErrorRecord, PlumblineError } from '../errors';
import type { MaterializeResult } from '../results';

/** A write that did not finish, with what it did finish. */
export class WriteStopped extends PlumblineError {
  constructor(
    cause: PlumblineError,
    readonly result: MaterializeResult,
  ) {
    const written = result.added + result.changed + result.replaced;
    super(
      cause.code,
      `${cause.message} Written and acknowledged before that: ${written} of ${result.entities}.`,
      {
        cause,
        hint: cause.hint,
        retryable: cause.retryable,
      },
    );
  }
}

/**
 * The result, if everything that should have been written was, and reads back equal. Else throws `WriteStopped`
 * with the first failed batch's code, or with `online.verify_failed`.
 */
export function requireWritten(result: MaterializeResult): MaterializeResult {
  const failed = result.batches.find((batch) => batch.outcome === 'failed');
  if (failed?.error !== undefined) throw new WriteStopped(fromErrorRecord(failed.error), result);
  if (result.written && result.verified === false)
    throw new WriteStopped(
      new PlumblineError('online.verify_failed', 'What was read back is not what was written.', {
        hint: 'Values are missing, older, or others of the same event time: Redis may have restarted without its data, or something else changed these hashes. Run the dry run again.',
      }),
      result,
    );
  return result;
}
