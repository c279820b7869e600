import { sourceTable } from '../database/database';
import { castTo, type CompiledView, keyColumns, keyExpression } from '../sql/compiled-view';
import { mismatch, type ComparedPair } from '../sql/compared-value';
import { withDefault } from '../sql/default-value';
import type { AuditReason } from '../results';
import { duckType } from '../sql/duck-type';
import { literal } from '../sql/literal';
import { column, quote, relation } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { evenlySpread } from '../sql/spine';
import { trainingTable } from '../training/training-set';
import type { AuditedFeature, AuditPlan } from './audit-plan';

/** Rows of one feature that are computed at other instants, at most; evenly spread over those that differ. */
export const EXAMINED_ROWS = 2_000;

/** A value of the truth as the file's column can hold it: a column of FLOAT keeps 24 bits. */
export function asInFile(audited: AuditedFeature, value: string): string {
  const rounds = audited.type === 'FLOAT' && audited.feature.type === 'float64';
  return rounds ? `CAST(${value} AS FLOAT)` : value;
}

/** A feature of whole numbers has no NaN: where a file keeps it as DOUBLE, NaN stands for NULL. */
function fileValue(audited: AuditedFeature, value: string): string {
  const whole = audited.feature.type === 'int32' || audited.feature.type === 'int64';
  const floats = audited.type === 'FLOAT' || audited.type === 'DOUBLE';
  return whole && floats ? `CASE WHEN NOT isnan(${value}) THEN ${value} END` : value;
}

/** What the feature is where nothing is known of its entity. */
function valueOfNothing({ features: [feature] }: CompiledView): string {
  const { aggregations, feature: declared } = feature!;
  const counts = aggregations.length === 1 && /^(approx_)?count/.test(aggregations[0]!.fn);
  return withDefault(declared, castTo(declared, counts ? '0' : 'NULL'));
}

/** Why nothing can be tried for a row. */
function barredSql(keys: readonly string[]): string {
  const keyless = keys.map((key) => `${key} IS NULL`).join(' OR ');
  return `CASE WHEN ${keyless} THEN 'no_key' WHEN "__t" IS NULL THEN 'no_time' END`;
}

/**
 * The rows whose value is not the truth: `__row` (place in the file, from 0), `__t` (microseconds), the keys `__k0` ...,
 * `file`, `truth`, `status` of the truth, `naive` (whether the value is the naive join's), `default` (whether it is what
 * stands where nothing is known), `barred` (why nothing can be tried: `no_key`, `no_time`, `no_rule`, else NULL) and
 * `examined`. `truth` is the feature's place in the built set; where nothing can be tried at all, the reason stands for
 * `computed`.
 */
export function differingRowsSql(
  plan: AuditPlan,
  audited: AuditedFeature,
  computed: CompiledView | { barred: AuditReason },
  truth: { column: string; index: number },
): string {
  const barred = 'barred' in computed ? literal(computed.barred) : null;
  const compiled = 'barred' in computed ? null : computed;
  const joinKeys = compiled?.keys ?? [];
  const keys = keyColumns(joinKeys);
  const pairs = printSelect({
    columns: [
      't."__row"',
      `epoch_us(CAST(${column('t', plan.truth.timestamp)} AS TIMESTAMP)) AS "__t"`,
      ...joinKeys.map((key, at) => `${keyExpression(key, column('t', key.name))} AS ${keys[at]!}`),
      `${fileValue(audited, column('f', audited.column))} AS "file"`,
      `${asInFile(audited, column('t', truth.column))} AS "truth"`,
      `${asInFile(audited, column('t', `__naive_${truth.index}`))} AS "__naive"`,
      `${asInFile(audited, compiled ? valueOfNothing(compiled) : `CAST(NULL AS ${duckType(audited.feature.type)})`)} AS "__nothing"`,
      `${column('t', `__status_${truth.index}`)} AS "status"`,
    ],
    from: [
      `${relation(trainingTable(plan.truth.name))} AS t`,
      `JOIN ${relation(sourceTable(plan.source.name))} AS f ON f."__order" = t."__row"`,
    ],
  });
  const against = (left: string): string =>
    mismatch({ kind: audited.kind, left, right: 'file' } satisfies ComparedPair, plan.check.tolerance);
  const differing = printSelect({
    columns: [
      '* EXCLUDE ("__naive", "__nothing")',
      `NOT ${against('__naive')} AS "naive"`,
      `"__nothing" IS NOT NULL AND NOT ${against('__nothing')} AS "default"`,
      `${barred ?? barredSql(keys)} AS "barred"`,
    ],
    from: [`${block(pairs)} AS p`],
    where: [against('truth')],
  });
  const placed = printSelect({
    columns: [
      '*',
      'row_number() OVER (PARTITION BY "barred" IS NULL ORDER BY "__row") - 1 AS "__place"',
      'count(*) OVER (PARTITION BY "barred" IS NULL) AS "__of"',
    ],
    from: [`${block(differing)} AS differing`],
  });
  return printSelect({
    columns: [
      '* EXCLUDE ("__place", "__of")',
      `"barred" IS NULL AND ${evenlySpread('"__place"', '"__of"', EXAMINED_ROWS)} AS "examined"`,
    ],
    from: [`${block(placed)} AS placed`],
    orderBy: [quote('__row')],
  });
}
