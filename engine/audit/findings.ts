import { AUDIT_VERDICTS } from '../results';
import { freeNames } from '../sql/free-names';
import { literal } from '../sql/literal';
import { column, quote, relation } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { createTable } from '../sql/training-set';
import { trainingTable } from '../training/training-set';
import type { AuditPlan } from './audit-plan';
import { perReason, reasonWords, verdictOf } from './reasons';

export interface FindingsTable {
  /** A row per value that is not right: see `findingsSql`. */
  values: { schema: string; name: string };
  /** The same for people, a view. */
  shown: { schema: string; name: string };
}

/** Columns of `values` that hold the keys and the time: no key of a user can be in their way. */
export const keyColumn = (index: number): string => quote(`key_${index}`);

/**
 * The statements that lay all verdicts into one table, the worst first: `feature` (its place), `__row`,
 * `key_0` ..., `time`, `in_file`, `truth`, `verdict`, `reason`, `distance`, `naive`, `rank` (from 1, per feature and verdict).
 */
export function findingsSql(plan: AuditPlan, parts: readonly string[], table: FindingsTable): string[] {
  const all = parts.map((part, index) =>
    printSelect({ columns: [`${index} AS "feature"`, '*'], from: [part] }),
  );
  const judged = printSelect({
    columns: ['*', `${perReason('"reason"', verdictOf)} AS "verdict"`],
    from: [`${block(all.join('\nUNION ALL\n'))} AS part`],
  });
  const select = printSelect({
    columns: [
      'v.*',
      ...plan.keys.map((key, index) => `${column('t', key.name)} AS ${keyColumn(index)}`),
      `${column('t', plan.truth.timestamp)} AS "time"`,
      'row_number() OVER (PARTITION BY v."feature", v."verdict" ORDER BY v."distance" DESC NULLS LAST, abs(v."difference") DESC NULLS LAST, v."__row") AS "rank"',
    ],
    from: [
      `${block(judged)} AS v`,
      `JOIN ${relation(trainingTable(plan.truth.name))} AS t ON t."__row" = v."__row"`,
    ],
    orderBy: ['v."feature"', `list_position(${literal(AUDIT_VERDICTS)}, v."verdict")`, '"rank"'],
  });
  return [
    createTable(relation(table.values), select),
    `CREATE OR REPLACE VIEW ${relation(table.shown)} AS\n${shownSql(plan, table)}`,
  ];
}

function shownSql(plan: AuditPlan, { values }: FindingsTable): string {
  const { keys, truth, features } = plan;
  const names = freeNames(
    [...keys.map((key) => key.name), truth.timestamp],
    ['feature', 'row', 'in_file', 'truth', 'verdict', 'away', 'why'],
  );
  const feature = `CASE "feature" ${features.map((one, index) => `WHEN ${index} THEN ${literal(one.column)}`).join(' ')} END`;
  return printSelect({
    columns: [
      `${feature} AS ${names.feature}`,
      `"in_file" AS ${names.in_file}`,
      `"truth" AS ${names.truth}`,
      `replace("verdict", '_', ' ') AS ${names.verdict}`,
      `${distanceText('"distance"')} AS ${names.away}`,
      `${perReason('"reason"', reasonWords)} AS ${names.why}`,
      `"__row" AS ${names.row}`,
      ...keys.map((key, index) => `${keyColumn(index)} AS ${quote(key.name)}`),
      `"time" AS ${quote(truth.timestamp)}`,
    ],
    from: [relation(values)],
  });
}

/** Microseconds in words, in SQL: `1 us`, `2.5 s`, `3 h 20 min`, `4 d 1 h`. */
function distanceText(micros: string): string {
  const two = (large: bigint, largeUnit: string, small: bigint, smallUnit: string): string =>
    `${micros} // ${large} || ' ${largeUnit}' || CASE WHEN ${micros} % ${large} // ${small} = 0 THEN '' ELSE ' ' || ${micros} % ${large} // ${small} || ' ${smallUnit}' END`;
  const second = 1_000_000n;
  const hour = 3600n * second;
  return [
    'CASE',
    `WHEN ${micros} < ${second} THEN ${micros} || ' us'`,
    `WHEN ${micros} < ${60n * second} THEN ${micros} / ${second} || ' s'`,
    `WHEN ${micros} < ${hour} THEN ${two(60n * second, 'min', second, 's')}`,
    `WHEN ${micros} < ${48n * hour} THEN ${two(hour, 'h', 60n * second, 'min')}`,
    `ELSE ${two(24n * hour, 'd', hour, 'h')} END`,
  ].join(' ');
}
