import { PlumblineError } from '../../errors';
import { measureDrift } from '../../skew/drift/drift';
import { driftFailure } from '../../skew/drift/drift-alarms';
import { sourceSide, trainingSide, type Side } from '../../skew/side';
import type { DriftCheck } from '../../catalog/model';
import { meansByRef } from '../../sql/mean';
import { CellStopped, NO_ROWS, type CellRunner, type RunContext } from '../context';

/**
 * Watches the rows of the check's training set, which ran before, or of its source. Above an alarm line the result stands,
 * and with `fail: true` the cell has failed.
 */
export const runDrift: CellRunner = async (context, name) => {
  const { catalog, options, sources, host } = context;
  const check = catalog.drifts.get(name);
  if (!check) throw new PlumblineError('notebook.unknown_cell', `No drift cell ${name}.`);
  const { signal, onProgress } = options;
  const side = await watchedSide(context, check);
  const large = new Set([...sources.values()].flatMap((one) => (one.large ? [one.source] : [])));
  const result = await measureDrift(host.database, { catalog, check, side }, { signal, onProgress, large });
  const outcome = { ...NO_ROWS, rows: result.alarms.length, result };
  const failure = driftFailure(check, result);
  if (failure) throw new CellStopped(outcome, failure);
  return outcome;
};

async function watchedSide(context: RunContext, { trainingSet, source }: DriftCheck): Promise<Side> {
  const { catalog, host, trainingSets } = context;
  const { signal } = context.options;
  if (source !== null) {
    const found = catalog.sources.get(source.name)!;
    return sourceSide(host.database, source.name, found, source.timestamp, { signal });
  }
  const built = trainingSets.get(trainingSet);
  if (!built)
    throw new PlumblineError('notebook.unknown_cell', `The training set ${trainingSet} did not run.`);
  const { set, means, plan } = built;
  const given = { catalog, set, means: meansByRef(means), columns: plan.columns };
  return trainingSide(host.database, set.name, given, { signal });
}
