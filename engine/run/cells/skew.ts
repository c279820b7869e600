import { PlumblineError } from '../../errors';
import { pastLimits } from '../../skew/limits';
import { compareSkew } from '../../skew/skew';
import { CellStopped, NO_ROWS, type CellRunner } from '../context';
import { openSides } from '../skew/open-sides';

/**
 * Compares both sides of the check, whose training set ran before; leaves the mismatching rows as a relation. Above a limit of
 * `fail_if` the result stands and the cell has failed.
 */
export const runSkew: CellRunner = async (context, name) => {
  const { catalog, options } = context;
  const check = catalog.skews.get(name);
  const built = check && context.trainingSets.get(check.trainingSet);
  if (!check || !built) throw new PlumblineError('notebook.unknown_cell', `No skew cell ${name}.`);
  const { signal, onProgress } = options;
  const { left, right, close } = await openSides(context, check, built);
  const compared = await compareSkew(
    context.host.database,
    { catalog, set: built.set, check, left, right },
    { signal, onProgress },
  ).finally(close);
  context.skews.set(name, compared);
  const outcome = { ...NO_ROWS, rows: compared.mismatches, result: compared.result };
  const failure = pastLimits(check, compared.result);
  if (failure) throw new CellStopped(outcome, failure);
  return outcome;
};
