import type { Database } from '../database/database';
import type { OnProgress } from '../ports';
import type { ForcedPlans } from '../sql/plan';
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
  for (const { phase, sql } of partStatements(plan, at, { points: sample, plans })) {
    onProgress({ phase });
    await db.query(sql, { signal });
  }
};
