import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { partTable } from '../sql/training-set';
import type { TrainingPlan } from './training-plan';

/** A warning per feature table whose rows tie beyond what the view can decide. */
export async function tieWarnings(
  db: Database,
  set: string,
  plan: TrainingPlan,
  signal?: AbortSignal,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const { compiled, slot } of plan.parts) {
    if (compiled.view.kind !== 'table') continue;
    const sql = `SELECT count(*) AS n FROM ${partTable(set, slot)} WHERE "__tied"`;
    const [row] = await queryRows(db, sql, { signal });
    const rows = Number(row?.['n'] ?? 0);
    if (rows === 0) continue;
    const { name, timestamp, createdTimestamp, source } = compiled.view;
    const on = createdTimestamp === null ? timestamp : `${timestamp} and ${createdTimestamp}`;
    warnings.push(
      `${name}: ${rows} ${rows === 1 ? 'row takes its' : 'rows take their'} value from several rows of ${source} ` +
        `that tie on ${on}; the last one in file order was used.`,
    );
  }
  return warnings;
}
