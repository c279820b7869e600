import { type CompiledView, eventColumns, sameKeys } from './compiled-view';
import type { Points } from './points';
import { quote } from './quote';
import { block, enclose, printSelect } from './select';
import { valuesSql } from './view-values';
import { windowEdges } from './window-edges';

/** What became of a source row of the entity, seen from one spine row. */
export const REASONS = [
  'won',
  'counted',
  'lost_tie',
  'superseded',
  'filtered',
  'expired',
  'before_window',
  'at_t',
  'future',
  'no_time',
] as const;
export type Reason = (typeof REASONS)[number];

/** The value of one feature at one point, as every other reader computes it. Columns as in `valuesSql`. */
export function explainedValueSql(compiled: CompiledView, point: Points): string {
  return valuesSql(compiled, point, { keepKeys: false, ignoreTtl: false, keepExpired: true });
}

/**
 * The source rows of the point's entity: `__at`, `__order`, `__t`, `__reason`, for a ratio `__of` and `__over`, then
 * the source's columns. `compiled` holds one feature; `columns` are the source's own.
 */
export function explainRowsSql(compiled: CompiledView, point: Points, columns: readonly string[]): string {
  const [feature] = compiled.features;
  const { aggregations } = feature!;
  const tests = aggregations.map(({ where }) =>
    where === null ? 'true' : `coalesce(CAST(${enclose(where)} AS BOOLEAN), false)`,
  );
  const belongs = tests.length === 0 ? 'true' : tests.join(' OR ');
  const event = printSelect({
    columns: [
      ...eventColumns(compiled, [`(${belongs}) AS "__belongs"`]),
      ...(tests.length === 2 ? [`${tests[0]} AS "__of"`, `${tests[1]} AS "__over"`] : []),
      ...columns.map(quote),
    ],
    from: [compiled.source],
  });
  return printSelect({
    with: [
      { name: 'point', sql: point.sql },
      { name: 'event', sql: event, inline: true },
      { name: 'chosen', sql: explainedValueSql(compiled, point) },
    ],
    columns: [
      'e."__at"',
      'e."__order"',
      'p."__t"',
      `${reason(compiled)} AS "__reason"`,
      ...(tests.length === 2 ? ['e."__of"', 'e."__over"'] : []),
      ...columns.map((name) => `e.${quote(name)}`),
    ],
    from: [
      'point AS p',
      `JOIN event AS e ON ${sameKeys(compiled.keys, 'e', 'p')}`,
      'JOIN chosen AS c ON c."__row" = p."__row"',
    ],
  });
}

/** How many rows have each reason: `reason`, `rows`. */
export function explainCountsSql(rowsSql: string): string {
  return printSelect({
    columns: ['"__reason" AS reason', 'count(*) AS rows'],
    from: [`${block(rowsSql)} AS candidate`],
    groupBy: ['"__reason"'],
    orderBy: ['"__reason"'],
  });
}

/** The rows nearest to the point's time; the winner and those that tied with it come before all others. */
export function explainNearestSql(rowsSql: string, limit: number): string {
  return printSelect({
    columns: ['*'],
    from: [`${block(rowsSql)} AS candidate`],
    orderBy: [
      `CASE WHEN "__reason" IN ('won', 'lost_tie') THEN 0 ELSE 1 END`,
      'abs("__at" - "__t") NULLS LAST',
      `"__order"\nLIMIT ${limit}`,
    ],
  });
}

function reason(compiled: CompiledView): string {
  const { view, features } = compiled;
  const always = `WHEN e."__at" IS NULL OR p."__t" IS NULL THEN 'no_time' WHEN e."__at" > p."__t" THEN 'future'`;
  if (view.kind === 'table') {
    const tooOld = view.ttl === null ? 'false' : `e."__at" < p."__t" - ${view.ttl}`;
    return (
      `CASE ${always} WHEN ${tooOld} THEN 'expired' WHEN e."__order" = c."__won" THEN 'won' ` +
      `WHEN e."__at" = c."__at" THEN 'lost_tie' ELSE 'superseded' END`
    );
  }
  const { lo, hi } = windowEdges(features[0]!.window!, 'p."__t"');
  const last = features[0]!.aggregations[0]?.fn === 'last' && features[0]!.aggregations.length === 1;
  const won = last
    ? `WHEN (e."__at", e."__order") = (SELECT max((f."__at", f."__order")) FROM event AS f, point AS q WHERE ${sameKeys(compiled.keys, 'f', 'q')} AND f."__belongs" AND f."__at" < q."__t") THEN 'won' `
    : '';
  return (
    `CASE ${always} WHEN e."__at" >= ${hi} THEN 'at_t' WHEN e."__at" < ${lo} THEN 'before_window' ` +
    `WHEN NOT e."__belongs" THEN 'filtered' ${won}ELSE 'counted' END`
  );
}
