import { queryRows } from '../database/rows';
import type { Database, QueryOptions } from '../database/database';
import { freeNames } from '../sql/free-names';
import { literal } from '../sql/literal';
import { column, quote, relation } from '../sql/quote';
import { PAIR, SIDE, TIME } from './alignment';
import { difference, mismatch } from '../sql/compared-value';
import type { BuiltSkew } from './skew';

/** The mismatching rows of all features in long form; see `BuiltSkew.relation`. `time` names the time column. */
export function mismatchesSelect(
  skew: Pick<BuiltSkew, 'pairs' | 'features' | 'keys' | 'tolerance'>,
  time: string,
): string {
  const names = freeNames([...skew.keys, time], ['feature', 'left', 'right', 'difference']);
  const parts = skew.features.map((feature, index) =>
    [
      `SELECT ${index} AS "__feature", ${column('p', PAIR)}, ${literal(feature.column)} AS ${names.feature},`,
      [...skew.keys.map((key) => column('p', key)), `${column('p', TIME)} AS ${quote(time)}`].join(', '),
      `, CAST(${column('p', feature.left)} AS VARCHAR) AS ${names.left},`,
      `CAST(${column('p', feature.right)} AS VARCHAR) AS ${names.right},`,
      `${difference(feature)} AS ${names.difference}`,
      `FROM ${relation(skew.pairs)} AS p`,
      `WHERE ${column('p', SIDE)} = 'both' AND ${mismatch(feature, skew.tolerance)}`,
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
