import type { Database } from '../database/database';
import { INTERNAL_SCHEMA } from '../database/database';
import { countRows } from '../database/rows';
import { loadedColumns } from '../database/source-tables';
import type { CompiledView } from '../sql/compiled-view';
import { boundOf, nearRowsSql, recentRowsSql } from '../sql/near-rows';
import { relation } from '../sql/quote';
import { spinePoints, spineTables } from '../sql/spine';
import { createTable, type TrainingPart } from '../sql/training-set';
import type { KeptBuild } from './kept-build';
import type { TrainingPlan } from './training-plan';

/** Sources of fewer rows are read as they are. */
const WORTH_FROM = 500_000;

export interface NearOptions {
  /** Names the numbered spine and the source's rows and loaded columns. */
  key: string;
  signal?: AbortSignal;
  /** Rows from which a source is cut down; for tests. */
  from?: number;
}

/**
 * A part that reads, instead of its whole source, a copy of the rows that matter to the spine: those of its entities, and
 * of these the ones that a window or ttl of about that length can reach. Copies are made once and serve every later
 * edit; one that saves less than half of the rows is not used. Values are the same either way.
 */
export async function nearPart(
  db: Database,
  kept: KeptBuild,
  { set }: TrainingPlan,
  part: TrainingPart,
  { key, signal, from = WORTH_FROM }: NearOptions,
): Promise<TrainingPart> {
  const { view, keys } = part.compiled;
  const points = spinePoints(spineTables(set.name).numbered, keys);
  const place = ['near', set.name, view.source, view.timestamp, ...keys.map((one) => one.name)];
  const copy = async (
    name: string,
    compiled: CompiledView,
    rowsSql: (columns: string[]) => string,
  ): Promise<CompiledView> => {
    const table = relation({ schema: INTERNAL_SCHEMA, name });
    const smaller = await kept.stage(name, JSON.stringify([key, keys, rowsSql([])]), async () => {
      const rows = await countRows(db, compiled.source, { signal });
      if (rows < from) return false;
      kept.ownsCopy(table, name);
      const columns = (await loadedColumns(db, view.source, signal)).map((column) => column.name);
      await db.query(createTable(table, rowsSql(columns)), { signal });
      if ((await countRows(db, table, { signal })) * 2 <= rows) return true;
      await db.query(`DROP TABLE ${table}`);
      return false;
    });
    return smaller ? { ...compiled, source: table } : compiled;
  };
  const near = await copy(place.join('.'), part.compiled, (names) =>
    nearRowsSql(part.compiled, points, names),
  );
  const bound = boundOf(near);
  if (near === part.compiled) return part;
  if (bound === null) return { ...part, compiled: near };
  const recent = await copy([...place, String(bound)].join('.'), near, () =>
    recentRowsSql(near, points, bound),
  );
  return { ...part, compiled: recent };
}
