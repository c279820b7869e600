import type { ArrowBytes } from '../database/database';
import type { OnProgress } from '../ports';
import type { MaterializeResult } from '../results';
import { dryRun } from './dry-run';
import type { MaterializeJob } from './job';
import { planMaterialization } from './plan';
import type { RedisLink } from './redis-link';
import { requireWritten } from './require-written';
import { dryRunResult, writePlan } from './write-plan';

/**
 * Plan, dry run and, with `write`, the writing and the reading back, over one link. Rejects with `WriteStopped`
 * when a batch fails or the values do not read back equal; see `planMaterialization`, `dryRun` and `writePlan`.
 */
export async function materialize(
  job: MaterializeJob,
  rows: (view: string) => AsyncIterable<ArrowBytes>,
  link: RedisLink,
  options: { write: boolean; signal?: AbortSignal; onProgress?: OnProgress },
): Promise<MaterializeResult> {
  const started = performance.now();
  const plan = await planMaterialization(job, rows, options);
  const compared = await dryRun(plan, link, options);
  if (!options.write) return dryRunResult(compared, performance.now() - started);
  const result = await writePlan(compared, link, options);
  return requireWritten({ ...result, ms: performance.now() - started });
}
