import type { Database } from '../database/database';
import { countRows } from '../database/rows';
import type { OnProgress } from '../ports';
import type { ForcedPlans } from '../sql/plan';
import { withSortedEvents } from '../sql/sorted-events';
import { spineTables } from '../sql/spine';
import type { TrainingPart } from '../sql/training-set';
import { partStatements, type TrainingPlan } from './training-plan';

/** One view's share of a training set, to be computed when the numbered spine is there. */
export interface PartJob {
  plan: TrainingPlan;
  /** Position in `plan.parts`. */
  at: number;
  /** Spine rows that the preview takes at most; null = the whole spine. */
  sample: number | null;
  /** Plans to take instead of the planner's. */
  plans?: ForcedPlans;
  signal?: AbortSignal;
  onProgress: OnProgress;
}

/**
 * Fills `partTable(set, slot)` of the part (a row per row of the numbered spine, as `partSql` gives them) and `naiveTable(set, slot)`
 * (a row per entity of the spine, as `partNaiveSql` gives them) in `db`, in place of what stood there. Tables that
 * it left behind after an error are dropped by the build. Errors: `sql.*`, `engine.*`.
 */
export type PartBuilder = (db: Database, job: PartJob) => Promise<void>;

/** Computes a part in one piece on the database that holds the spine. */
export const buildPartHere: PartBuilder = async (db, { plan, at, sample, plans, signal, onProgress }) => {
  const { name } = plan.set;
  onProgress({ phase: `computing ${plan.parts[at]!.compiled.view.name}` });
  const points = sample ?? (await countRows(db, spineTables(name).numbered, { signal }));
  const ready = await readyPart(db, plan.parts[at]!, points, { plans, signal });
  const parts = plan.parts.map((part, index) => (index === at ? ready : part));
  for (const { phase, sql } of partStatements({ ...plan, parts }, at, { points: sample, plans })) {
    onProgress({ phase });
    await db.query(sql, { signal });
  }
};

/** The part as the database that computes it for so many points reads it best. */
export async function readyPart(
  db: Database,
  part: TrainingPart,
  points: number,
  options: { plans?: ForcedPlans; signal?: AbortSignal },
): Promise<TrainingPart> {
  return {
    ...part,
    compiled: await withSortedEvents(db, part.compiled, { sql: '', count: points }, options),
  };
}
