import { type CompiledFeature, type CompiledView, sameKeys } from '../sql/compiled-view';
import { difference, mismatch, type Tolerance } from '../sql/compared-value';
import { withDefault } from '../sql/default-value';
import { literal } from '../sql/literal';
import { block, printSelect } from '../sql/select';
import type { AuditedFeature } from './audit-plan';
import { asInFile } from './differing-rows';

/** The tables that one feature's examination fills, quoted. */
export interface ExaminedTables {
  rows: string;
  changes: string;
  places: string;
  tries: string;
  points: string;
  values: string;
}

/**
 * The verdict on each differing row: `__row`, `in_file` and `truth` as text, `reason`, `distance` (microseconds, NULL
 * where no instant explains the value), `naive`, `difference`. An instant explains a value when the feature has a value
 * of its own there and it agrees; of several the nearest counts, of two equally near the later one.
 */
export function verdictsSql(
  compiled: CompiledView,
  audited: AuditedFeature,
  tables: ExaminedTables,
  options: { tolerance: Tolerance; nearest: number },
): string {
  const [feature] = compiled.features as [CompiledFeature];
  const disagree = (left: string): string =>
    mismatch({ kind: audited.kind, left, right: 'file' }, options.tolerance);
  const tried = printSelect({
    columns: [
      'q."__row"',
      'q."s" - r."__t" AS "shift"',
      'r."file"',
      `${asInFile(audited, withDefault(feature.feature, 'v."__v0"'))} AS "value"`,
    ],
    from: [
      `${tables.tries} AS q`,
      `JOIN ${tables.points} AS o ON ${sameKeys(compiled.keys, 'o', 'q')} AND o."__t" = q."s"`,
      `JOIN ${tables.values} AS v ON v."__row" = o."__row"`,
      `JOIN ${tables.rows} AS r ON r."__row" = q."__row"`,
    ],
    where: [`v."__s0" IN ('present', 'null')`],
  });
  const explained = printSelect({
    // The later of two equally near instants is the lesser number.
    columns: ['"__row"', 'min(2 * abs("shift") + CASE WHEN "shift" > 0 THEN 0 ELSE 1 END) AS "nearest"'],
    from: [`${block(tried)} AS p`],
    where: [`NOT ${disagree('value')}`],
    groupBy: ['"__row"'],
  });
  const reasoned = printSelect({
    columns: ['p.*', 'b."nearest" // 2 AS "distance"', `${reasonSql(feature, options.nearest)} AS "reason"`],
    from: [
      `${tables.rows} AS p`,
      `LEFT JOIN ${block(explained)} AS b ON b."__row" = p."__row"`,
      `LEFT JOIN ${tables.places} AS q ON q."__row" = p."__row"`,
    ],
  });
  return printSelect({
    columns: [
      '"__row"',
      'CAST("file" AS VARCHAR) AS "in_file"',
      'CAST("truth" AS VARCHAR) AS "truth"',
      '"reason"',
      '"distance"',
      '"naive"',
      `${difference({ kind: audited.kind, left: 'truth', right: 'file' })} AS "difference"`,
    ],
    from: [`${block(reasoned)} AS p`],
  });
}

function reasonSql(feature: CompiledFeature, nearest: number): string {
  const isWindow = feature.column === null;
  const cases: [when: string, reason: string][] = [
    ['p."barred" IS NOT NULL', 'p."barred"'],
    ['NOT p."examined"', literal('not_examined')],
    ...(isWindow ? [['b."nearest" = 2', literal('closed_window')] as [string, string]] : []),
    ['b."nearest" % 2 = 0 AND p."naive"', literal('naive')],
    ['b."nearest" % 2 = 0', literal(isWindow ? 'later_instant' : 'later_row')],
    [
      `b."nearest" IS NOT NULL AND p."status" = 'expired'`,
      literal(isWindow ? 'earlier_instant' : 'expired_row'),
    ],
    ['b."nearest" IS NOT NULL', literal(isWindow ? 'earlier_instant' : 'earlier_row')],
    [`q."n" > ${nearest} OR q."of" - q."n" > ${nearest}`, literal('cut')],
    [`p."file" IS NULL AND p."status" = 'present'`, literal('null')],
    ['p."file" IS NULL', literal('no_default')],
    ['p."default"', literal('default')],
  ];
  return `CASE ${cases.map(([when, then]) => `WHEN ${when} THEN ${then}`).join('\n  ')} ELSE ${literal('no_instant')} END`;
}
