import type { Database, QueryOptions } from '../database/database';
import { queryRows } from '../database/rows';
import type { AuditDistance, AuditExample, AuditFeature, AuditReason, AuditResult } from '../results';
import { relation } from '../sql/quote';
import { printSelect } from '../sql/select';
import type { AuditPlan } from './audit-plan';
import { EXAMINED_ROWS } from './differing-rows';
import { keyColumn, type FindingsTable } from './findings';
import { verdictOf } from './reasons';

/** Examples of each verdict that a result carries per feature. */
const EXAMPLES = 3;

/** Counts, distances and examples of the findings. `examined` counts per feature the rows tried at other instants. */
export async function summarize(
  db: Database,
  plan: AuditPlan,
  { values }: FindingsTable,
  known: { rows: number; examined: readonly number[] },
  options: QueryOptions,
): Promise<AuditResult> {
  const { check, features } = plan;
  const from = [relation(values)];
  const [whole] = await queryRows(
    db,
    printSelect({ columns: ['count(DISTINCT "__row") AS "n"'], from }),
    options,
  );
  const counts = await queryRows(
    db,
    printSelect({
      columns: ['"feature"', '"reason"', 'count(*) AS "n"', 'count(*) FILTER ("naive") AS "naive"'],
      from,
      groupBy: ['"feature"', '"reason"'],
      orderBy: ['"n" DESC', '"reason"'],
    }),
    options,
  );
  const distances = await queryRows(
    db,
    printSelect({
      columns: [
        '"feature"',
        '"verdict"',
        'quantile_disc("distance", 0.5) AS "median"',
        'max("distance") AS "max"',
      ],
      from,
      where: ['"distance" IS NOT NULL'],
      groupBy: ['"feature"', '"verdict"'],
    }),
    options,
  );
  const examples = await readExamples(db, plan, values, options);
  const distance = (feature: number, verdict: string): AuditDistance | null => {
    const found = distances.find((row) => row['feature'] === feature && row['verdict'] === verdict);
    return found ? { median_us: Number(found['median']), max_us: Number(found['max']) } : null;
  };
  const notRight = Number(whole?.['n'] ?? 0);
  return {
    file: check.file,
    training_set: check.trainingSet,
    rows: known.rows,
    rows_not_right: notRight,
    percent_not_right: known.rows === 0 ? 0 : (100 * notRight) / known.rows,
    limit: check.limit,
    features: features.map((one, index): AuditFeature => {
      const own = counts.filter((row) => row['feature'] === index);
      const reasons = own.map((row) => ({ reason: row['reason'] as AuditReason, rows: Number(row['n']) }));
      const of = (verdict: string): number =>
        reasons.reduce((sum, { reason, rows }) => sum + (verdictOf(reason) === verdict ? rows : 0), 0);
      return {
        ref: `${one.ref.view}:${one.ref.feature}`,
        column: one.column,
        right: known.rows - reasons.reduce((sum, { rows }) => sum + rows, 0),
        future: of('future'),
        stale: of('stale'),
        wrong: of('wrong'),
        not_decidable: of('not_decidable'),
        ahead: distance(index, 'future'),
        age: distance(index, 'stale'),
        equals_naive: own.reduce((sum, row) => sum + Number(row['naive']), 0),
        examined: known.examined[index] ?? 0,
        reasons,
        examples: examples[index] ?? [],
      };
    }),
    warnings: warningsOf(plan, known),
  };
}

async function readExamples(
  db: Database,
  { keys, features }: AuditPlan,
  values: FindingsTable['values'],
  options: QueryOptions,
): Promise<AuditExample[][]> {
  const rows = await queryRows(
    db,
    printSelect({
      columns: [
        '"feature"',
        '"__row"',
        ...keys.map((_, index) => `CAST(${keyColumn(index)} AS VARCHAR) AS ${keyColumn(index)}`),
        'CAST("time" AS VARCHAR) AS "time"',
        '"in_file"',
        '"truth"',
        '"reason"',
        '"distance"',
      ],
      from: [relation(values)],
      where: [`"rank" <= ${EXAMPLES}`],
    }),
    options,
  );
  return features.map((_, feature) =>
    rows
      .filter((row) => row['feature'] === feature)
      .map((row) => ({
        row: Number(row['__row']),
        entity: Object.fromEntries(
          keys.map((key, index) => [key.name, row[`key_${index}`] as string | null]),
        ),
        time: row['time'] as string | null,
        in_file: row['in_file'] as string | null,
        truth: row['truth'] as string | null,
        verdict: verdictOf(row['reason'] as AuditReason),
        reason: row['reason'] as AuditReason,
        distance_us: row['distance'] === null ? null : Number(row['distance']),
      })),
  );
}

function warningsOf(
  plan: AuditPlan,
  { rows, examined }: { rows: number; examined: readonly number[] },
): string[] {
  const { check, absent, unread } = plan;
  const said: string[] = [];
  if (rows === 0) said.push(`${check.file} has no rows.`);
  if (absent.length > 0)
    said.push(`Not audited, because ${check.file} has no column for it: ${absent.join(', ')}.`);
  if (unread.length > 0) {
    const shown = unread.slice(0, 8).join(', ');
    said.push(
      `Columns of ${check.file} that are no feature of ${check.trainingSet}: ${shown}${unread.length > 8 ? ' and more' : ''}.`,
    );
  }
  if (examined.some((count) => count >= EXAMINED_ROWS))
    said.push(
      `Of each feature at most ${EXAMINED_ROWS.toLocaleString('en-US')} rows that differ were tried at other times, evenly spread.`,
    );
  return said;
}
