import { computedValues } from '../../catalog/computed-values';
import type { LookupRequest } from '../../catalog/model';
import { PlumblineError } from '../../errors';
import type { LookupResult } from '../../results';
import type { CellRunner, RunContext } from '../context';
import { NO_ROWS } from '../context';
import { lookupJob } from '../lookup-job';
import { withMeans, withOnDemand } from '../lookup-values';
import { onlineHost } from './materialize';

/** Asks the store for the cell's entities and features. */
export const runLookup: CellRunner = async (context, name) => {
  const cell = context.catalog.lookups.get(name);
  if (!cell) throw new PlumblineError('notebook.unknown_cell', `No lookup cell ${name}.`);
  const result = await lookUp(context, cell);
  return { ...NO_ROWS, rows: result.rows.length, result };
};

/** Asks the store, and computes from its answer what is computed on demand. Errors: those of the host and the engine. */
export async function lookUp(context: RunContext, request: LookupRequest): Promise<LookupResult> {
  const job = lookupJob(context.catalog, request);
  const stored = await onlineHost(context, request.name).lookup(job, { signal: context.options.signal });
  const values = computedValues(context.catalog, request.features);
  const rows = await withOnDemand(context, request, values, withMeans(context, stored.rows));
  return { ...stored, rows, calls: request.calls, budget_ms: request.budgetMs };
}
