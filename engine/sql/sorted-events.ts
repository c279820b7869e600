import { INTERNAL_SCHEMA, ORDER_COLUMN, sourceTable, type Database } from '../database/database';
import { queryRows } from '../database/rows';
import { ENGINE_BYTES, estimatedBytes } from '../database/source-size';
import { loadedColumns, rowsTable, SORTED_PREFIX, sortedTable } from '../database/source-tables';
import { toPlumblineError } from '../errors';
import { type CompiledView, keyExpression } from './compiled-view';
import { literal } from './literal';
import { chooseWindowPlans, type ForcedPlans } from './plan';
import type { Points } from './points';
import { quote, relation } from './quote';
import { printSelect } from './select';

/** The share of an engine's memory that sorted copies may take, all together; sorting takes about twice as much. */
const SORTED_SHARE = 0.15;
/** A source of fewer rows is in the processor's cache, in whatever order. */
const FEW_ROWS = 200_000;

/**
 * The view with its source's rows in the order of entity and time, where the windows of so many points are worth the
 * sorting: then the rows that meet, meet in the processor's cache. The copy stays in the engine until the source is
 * loaded again or another copy needs the room. A source that does not fit is read as it is. Errors: `engine.cancelled`.
 */
export async function withSortedEvents(
  db: Database,
  compiled: CompiledView,
  points: Points,
  options: { plans?: ForcedPlans; signal?: AbortSignal },
): Promise<CompiledView> {
  const { plans, signal } = options;
  if (compiled.view.kind !== 'aggregate' || !(plans?.sorted ?? worthSorting(compiled, points, plans)))
    return compiled;
  const columns = await loadedColumns(db, compiled.view.source, signal);
  const order = [
    ...compiled.keys.map((key) => keyExpression(key, quote(key.name))),
    quote(compiled.view.timestamp),
  ];
  const bytes = estimatedBytes(
    [...columns, { name: ORDER_COLUMN, type: 'BIGINT' }],
    compiled.facts?.rows ?? Infinity,
  );
  const budget = SORTED_SHARE * ENGINE_BYTES;
  if (bytes > budget && plans?.sorted !== true) return compiled;
  const place = sortedTable(compiled.view.source);
  const sorted = { ...compiled, sorted: relation(place) };
  const { load, copies } = await copiesBeside(db, compiled.view.source, signal);
  const note = JSON.stringify({ load, order, bytes });
  if (copies.some(({ name, comment }) => name === place.name && comment === note)) return sorted;
  // An older copy of the source goes first, and all where there is no room for another.
  const taken = copies.reduce((sum, copy) => sum + copy.bytes, 0);
  const gone = copies.filter(({ name }) => name === place.name || taken + bytes > budget);
  const select = printSelect({
    columns: [...columns.map(({ name }) => quote(name)), quote(ORDER_COLUMN)],
    from: [compiled.source],
    orderBy: order,
  });
  try {
    for (const { name } of gone)
      await db.query(`DROP TABLE IF EXISTS ${relation({ schema: INTERNAL_SCHEMA, name })}`, { signal });
    await db.query(`CREATE OR REPLACE TABLE ${relation(place)} AS\n${select}`, { signal });
    await db.query(`COMMENT ON TABLE ${relation(place)} IS ${literal(note)}`, { signal });
  } catch (thrown) {
    if (toPlumblineError(thrown).code !== 'engine.out_of_memory') throw thrown;
    return compiled;
  }
  return sorted;
}

/** Sorting costs by the source's rows, meeting them out of order by pairs. */
function worthSorting(compiled: CompiledView, points: Points, plans: ForcedPlans | undefined): boolean {
  const { facts } = compiled;
  if (facts === null || facts.rows < FEW_ROWS) return false;
  const { passes, choice } = chooseWindowPlans(compiled, points, plans);
  if (passes.every(({ plan }) => plan === 'frames')) return false;
  return (points.count ?? Infinity) * (choice.perPoint ?? 0) >= 2 * facts.rows;
}

interface SortedCopy {
  name: string;
  comment: string | null;
  bytes: number;
}

/** Which load of the source is in the engine, and the sorted copies of all sources. */
async function copiesBeside(
  db: Database,
  source: string,
  signal?: AbortSignal,
): Promise<{ load: string; copies: SortedCopy[] }> {
  const rows = await queryRows(
    db,
    `SELECT table_name AS name, table_oid AS oid, comment FROM duckdb_tables()
     WHERE schema_name = ${literal(INTERNAL_SCHEMA)} ORDER BY table_oid`,
    { signal },
  );
  const own = [rowsTable(source), sourceTable(source)].map(({ name }) => name);
  const load = rows.findLast(({ name }) => own.includes(String(name)))?.['oid'];
  const copies = rows
    .filter(({ name }) => String(name).startsWith(SORTED_PREFIX))
    .map(({ name, comment }) => ({
      name: String(name),
      comment: typeof comment === 'string' ? comment : null,
      bytes: typeof comment === 'string' ? Number((JSON.parse(comment) as { bytes: number }).bytes) : 0,
    }));
  return { load: String(load), copies };
}
