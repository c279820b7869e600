import { PlumblineError } from '../../errors';
import type { CellRunner } from '../context';

/** A source has been loaded before its cell runs; the cell shows the columns that came in: none when it is too large. */
export const runSource: CellRunner = (context, name) => {
  const loaded = context.sources.get(name);
  if (!loaded) throw new PlumblineError('internal', `Source ${name} was not loaded before its cell ran.`);
  const columns = loaded.columns.filter((column) => loaded.loaded.includes(column.name));
  return Promise.resolve({ rows: loaded.rows, columns, relation: loaded.large ? null : name, result: {} });
};
