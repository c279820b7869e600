import { queryRows } from '../database/rows';
import type { Database, QueryOptions } from '../database/database';
import { freeNames } from '../sql/free-names';
import { literal } from '../sql/literal';
import { column, quote, relation } from '../sql/quote';
import { PAIR, TIME } from './alignment';
import { featureOf } from './compared-feature';
import { comparedRows, type PairFilter } from './pair-filter';
import { difference, mismatch } from '../sql/compared-value';
import type { BuiltSkew } from './skew';

/** The mismatching rows in long form, see `BuiltSkew.relation`; of one feature, or of those that meet a filter. */
export function mismatchesSelect(
  skew: Omit<BuiltSkew, 'relation' | 'result' | 'mismatches'>,
  { feature: only, filter = [] }: { feature?: string; filter?: PairFilter } = {},
): string {
  const { time } = skew;
  const features = only === undefined ? skew.features : [featureOf(skew, only)];
  const names = freeNames([...skew.keys, time], ['feature', 'left', 'right', 'difference']);
  const parts = features.map((feature, index) =>
    [
      `SELECT ${index} AS "__feature", ${column('p', PAIR)}, ${literal(feature.column)} AS ${names.feature},`,
      [...skew.keys.map((key) => column('p', key)), `${column('p', TIME)} AS ${quote(time)}`].join(', '),
      `, CAST(${column('p', feature.left)} AS VARCHAR) AS ${names.left},`,
      `CAST(${column('p', feature.right)} AS VARCHAR) AS ${names.right},`,
      `${difference(feature)} AS ${names.difference}`,
      comparedRows(skew, filter, { where: [mismatch(feature, skew.tolerance)] }),
    ].join(' '),
  );
  const keys = [...skew.keys, time].map(quote);
  const columns = [names.feature, ...keys, names.left, names.right, names.difference];
  return [
    `SELECT ${columns.join(', ')}`,
    `FROM (${parts.join('\nUNION ALL ')})`,
    `ORDER BY "__feature", ${quote(PAIR)}`,
  ].join('\n');
}

/** A page of `skew.relation`, values as `decodeRows` gives them. */
export function skewMismatches(
  db: Database,
  skew: BuiltSkew,
  page: { limit: number; offset: number },
  options?: QueryOptions,
): Promise<Record<string, unknown>[]> {
  const sql = `SELECT * FROM ${relation(skew.relation)} LIMIT ${literal(page.limit)} OFFSET ${literal(page.offset)}`;
  return queryRows(db, sql, options);
}
