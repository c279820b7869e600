import { type CompiledFeature, type CompiledView, sameKeys } from '../sql/compiled-view';
import { difference, mismatch, type Tolerance } from '../sql/compared-value';
import { withDefault } from '../sql/default-value';
import { literal } from '../sql/literal';
import { block, printSelect } from '../sql/select';
import type { AuditedFeature } from './audit-plan';
import { asInFile } from './differing-rows';

/** Where nothing is known a default stands, and tells nothing of the time. */
const OWN_VALUE = `v."__s0" IN ('present', 'null')`;

/** The tables that one feature's examination fills, quoted. */
export interface ExaminedTables {
  rows: string;
  changes: string;
  places: string;
  tries: string;
  points: string;
  values: string;
  /** Values at the rows' own times, rows counted before they could be known; only where the source tells. */
  early: string;
  /** The same with the window's upper edge closed; only where it is open. */
  closed: string;
}

/** A table of values at the rows' own times under another reading of the definition. */
export interface OtherReading {
  reads: 'late_rows' | 'closed_window';
  table: string;
}

/**
 * The verdict on each differing row: `__row`, `in_file` and `truth` as text, `reason`, `distance` (microseconds, NULL
 * where no instant explains the value), `naive`, `difference`. An instant explains a value when the feature has a value
 * of its own there and it agrees; of several the nearest counts, of two equally near the later one. `rank` is four times
 * the distance, plus 0: counts rows not yet known, 1: closed window, 2: later, 3: earlier.
 */
export function verdictsSql(
  compiled: CompiledView,
  audited: AuditedFeature,
  tables: ExaminedTables,
  readings: readonly OtherReading[],
  options: { tolerance: Tolerance; nearest: number },
): string {
  const [feature] = compiled.features as [CompiledFeature];
  const disagree = (left: string): string =>
    mismatch({ kind: audited.kind, left, right: 'file' }, options.tolerance);
  const values = ['r."file"', `${asInFile(audited, withDefault(feature.feature, 'v."__v0"'))} AS "value"`];
  const atOtherTimes = printSelect({
    columns: [
      'r."__row"',
      'CASE WHEN q."s" > r."__t" THEN 4 * (q."s" - r."__t") + 2 ELSE 4 * (r."__t" - q."s") + 3 END AS "rank"',
      ...values,
    ],
    from: [
      `${tables.tries} AS q`,
      `JOIN ${tables.points} AS o ON ${sameKeys(compiled.keys, 'o', 'q')} AND o."__t" = q."s"`,
      `JOIN ${tables.values} AS v ON v."__row" = o."__row"`,
      `JOIN ${tables.rows} AS r ON r."__row" = q."__row"`,
    ],
    where: [OWN_VALUE],
  });
  const seen = feature.column === null ? 'v."__last0"' : 'v."__seen"';
  const ranks = { late_rows: `4 * greatest(1, ${seen} - r."__t")`, closed_window: '5' };
  const readOtherwise = readings.map(({ reads, table }) =>
    printSelect({
      columns: ['r."__row"', `${ranks[reads]} AS "rank"`, ...values],
      from: [`${table} AS v`, `JOIN ${tables.rows} AS r ON r."__row" = v."__row"`],
      where: [OWN_VALUE],
    }),
  );
  const tried = [atOtherTimes, ...readOtherwise].join('\nUNION ALL\n');
  const explained = printSelect({
    columns: ['"__row"', 'min("rank") AS "nearest"'],
    from: [`${block(tried)} AS p`],
    where: [`NOT ${disagree('value')}`],
    groupBy: ['"__row"'],
  });
  const reasoned = printSelect({
    columns: ['p.*', 'b."nearest" // 4 AS "distance"', `${reasonSql(feature, options.nearest)} AS "reason"`],
    from: [
      `${tables.rows} AS p`,
      `LEFT JOIN ${block(explained)} AS b ON b."__row" = p."__row"`,
      `LEFT JOIN ${tables.places} AS q ON q."__row" = p."__row"`,
    ],
  });
  return printVerdicts(audited, reasoned);
}

/** The same for a feature of which nothing can be tried: the reason is what bars it. */
export function barredVerdictsSql(audited: AuditedFeature, rows: string): string {
  const columns = ['*', 'CAST(NULL AS BIGINT) AS "distance"', '"barred" AS "reason"'];
  return printVerdicts(audited, printSelect({ columns, from: [rows] }));
}

function printVerdicts(audited: AuditedFeature, reasoned: string): string {
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
  const what = isWindow ? 'instant' : 'row';
  const later: Case[] = [
    ...(isWindow ? [['b."nearest" IN (5, 6)', literal('closed_window')] as const] : []),
    ['b."nearest" % 4 = 0', literal('late_rows')],
    ['b."nearest" % 4 = 2 AND p."naive"', literal('naive')],
    ['b."nearest" % 4 = 2', literal(`later_${what}`)],
  ];
  const expired = `b."nearest" IS NOT NULL AND p."status" = 'expired'`;
  const earlier: Case[] = [
    ...(isWindow ? [] : [[expired, literal('expired_row')] as const]),
    ['b."nearest" IS NOT NULL', literal(`earlier_${what}`)],
  ];
  const never: Case[] = [
    [`p."file" IS NULL AND p."status" = 'present'`, literal('null')],
    ['p."file" IS NULL', literal('no_default')],
  ];
  const cut: Case = [`q."n" > ${nearest} OR q."of" - q."n" > ${nearest}`, literal('cut')];
  // Where a default stands for NULL the feature is NULL at no instant: none has to be tried.
  const settled = feature.feature.default.kind === 'none' ? [cut, ...never] : [...never, cut];
  const cases: Case[] = [
    ['p."barred" IS NOT NULL', 'p."barred"'],
    ['NOT p."examined"', literal('not_examined')],
    ...later,
    ...earlier,
    ...settled,
    ['p."default"', literal('default')],
  ];
  return `CASE ${cases.map(([when, then]) => `WHEN ${when} THEN ${then}`).join('\n  ')} ELSE ${literal('no_instant')} END`;
}

type Case = readonly [when: string, reason: string];
