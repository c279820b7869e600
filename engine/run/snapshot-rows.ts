import type { Catalog } from '../catalog/model';
import type { ArrowBytes, Database } from '../database/database';
import { PlumblineError } from '../errors';
import type { Runner } from '../run';
import type { RunOptions } from '../run-types';
import { requireDisjoint } from '../sql/interval-overlap';
import { snapshotSql } from '../sql/snapshot';
import { prepareView } from '../sql/view-facts';

/**
 * Runs a view and gives its values at `end` (microseconds, or `max`) as materializing would take them. Errors: those of the
 * view's run, `data.overlap`, `engine.*`.
 */
export async function snapshotRows(
  runner: Pick<Runner, 'runAll'>,
  database: Database,
  catalog: Catalog,
  view: string,
  end: bigint | 'max',
  options: RunOptions,
): Promise<() => AsyncIterable<ArrowBytes>> {
  const { signal } = options;
  const failed = (await runner.runAll([view], options)).find((run) => run.error !== null);
  if (failed?.error) throw new PlumblineError(failed.error.code, failed.error.message, failed.error);
  const compiled = await prepareView(database, catalog, view, undefined, signal);
  await requireDisjoint(database, compiled, signal);
  const sql = snapshotSql(compiled, end, null);
  return () => database.stream(sql, { signal });
}
