import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { partTable, type TrainingPart } from '../sql/training-set';
import type { TrainingPlan } from './training-plan';

/**
 * A warning per feature table whose rows tie beyond what the view can decide; `tied` counts the rows of a part, given by
 * its position, that take their value from such a tie.
 */
export async function tieWarnings(
  { parts }: TrainingPlan,
  tied: (part: TrainingPart, at: number) => Promise<number>,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const [at, part] of parts.entries()) {
    const { view } = part.compiled;
    if (view.kind !== 'table') continue;
    const rows = await tied(part, at);
    if (rows === 0) continue;
    const { name, timestamp, createdTimestamp, source } = view;
    const on = createdTimestamp === null ? timestamp : `${timestamp} and ${createdTimestamp}`;
    warnings.push(
      `${name}: ${rows} ${rows === 1 ? 'row takes its' : 'rows take their'} value from several rows of ${source} ` +
        `that tie on ${on}; the last one in file order was used.`,
    );
  }
  return warnings;
}

/** Rows of a computed part whose value came from several source rows that tie. */
export async function tiedRows(
  db: Database,
  set: string,
  { slot }: TrainingPart,
  signal?: AbortSignal,
): Promise<number> {
  const sql = `SELECT count(*) AS n FROM ${partTable(set, slot)} WHERE "__tied"`;
  const [row] = await queryRows(db, sql, { signal });
  return Number(row?.['n'] ?? 0);
}
