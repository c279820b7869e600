import { PlumblineError } from '../errors';
import type { Runner } from '../run';
import type { RunOptions } from '../run-types';

/** Runs views, with what they need, for a reader of their values. Error: the first of one that did not run. */
export async function runViews(
  runner: Pick<Runner, 'runAll'>,
  views: readonly string[],
  options: RunOptions,
): Promise<void> {
  const failed = (await runner.runAll(views, options)).find((run) => run.error !== null);
  if (failed?.error) throw new PlumblineError(failed.error.code, failed.error.message, failed.error);
}
