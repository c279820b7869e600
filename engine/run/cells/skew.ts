import { PlumblineError } from '../../errors';
import { compareSkew } from '../../skew/skew';
import type { CellRunner } from '../context';

/** Compares the whole training set, which ran before, with the log; leaves the mismatching rows as a relation. */
export const runSkew: CellRunner = async (context, name) => {
  const check = context.catalog.skews.get(name);
  if (!check) throw new PlumblineError('notebook.unknown_cell', `No skew cell ${name}.`);
  const { signal, onProgress } = context.options;
  const built = await compareSkew(context.host.database, context.catalog, check, { signal, onProgress });
  context.skews.set(name, built);
  return { rows: built.mismatches, columns: [], relation: null, result: built.result };
};
