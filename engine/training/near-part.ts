import type { Database } from '../database/database';
import { INTERNAL_SCHEMA } from '../database/database';
import { countRows } from '../database/rows';
import { nearRowsSql } from '../sql/near-rows';
import { relation } from '../sql/quote';
import { spinePoints, spineTables } from '../sql/spine';
import { createTable, type TrainingPart } from '../sql/training-set';
import type { KeptBuild } from './kept-build';
import type { TrainingPlan } from './training-plan';

/** Sources of fewer rows are read as they are. */
const WORTH_FROM = 500_000;

export interface NearOptions {
  /** Names the numbered spine and the source's rows. */
  key: string;
  signal?: AbortSignal;
  /** Rows from which a source is cut down; for tests. */
  from?: number;
}

/**
 * A part that reads, instead of its whole source, the rows of the spine's entities: they are copied once and serve
 * every later edit. The part as it is where that saves less than half of the rows. Values are the same either way.
 */
export async function nearPart(
  db: Database,
  kept: KeptBuild,
  { set }: TrainingPlan,
  part: TrainingPart,
  { key, signal, from = WORTH_FROM }: NearOptions,
): Promise<TrainingPart> {
  const { compiled } = part;
  const names = compiled.keys.map((one) => one.name);
  const place = [set.name, compiled.view.source, ...names].join('.');
  const table = relation({ schema: INTERNAL_SCHEMA, name: `near_${place}` });
  const stageKey = JSON.stringify([key, compiled.keys, compiled.view.timestamp]);
  const smaller = await kept.stage(`near ${place}`, stageKey, async () => {
    const rows = await countRows(db, compiled.source, { signal });
    if (rows < from) return false;
    kept.owns(table);
    const points = spinePoints(spineTables(set.name).numbered, compiled.keys);
    await db.query(createTable(table, nearRowsSql(compiled, points)), { signal });
    if ((await countRows(db, table, { signal })) * 2 <= rows) return true;
    await db.query(`DROP TABLE ${table}`);
    return false;
  });
  return smaller ? { ...part, compiled: { ...compiled, source: table } } : part;
}
