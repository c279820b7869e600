import type { Catalog } from '../catalog/model';
import type { ArrowBytes, Database } from '../database/database';
import type { Runner } from '../run';
import type { RunOptions } from '../run-types';
import { requireDisjoint } from '../sql/interval-overlap';
import { snapshotSql } from '../sql/snapshot';
import { prepareView } from '../sql/view-facts';
import { runViews } from './run-views';

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
  await runViews(runner, [view], options);
  const compiled = await prepareView(database, catalog, view, undefined, signal);
  await requireDisjoint(database, compiled, signal);
  const sql = snapshotSql(compiled, end, null);
  return () => database.stream(sql, { signal });
}
