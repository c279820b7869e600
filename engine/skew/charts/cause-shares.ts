import type { Attribution, CauseExample } from '../causes/attribution';
import type { Database, QueryOptions } from '../../database/database';
import { queryRows } from '../../database/rows';
import { literal } from '../../sql/literal';
import { column, relation } from '../../sql/quote';
import { PAIR, TIME } from '../alignment';
import type { BuiltSkew } from '../skew';

/** What each cause explains of the rows that differ, best first; `cause` is null for what no cause explains. */
export interface CauseShare {
  cause: string | null;
  /** 0 to 1. One row may be explained by several causes. */
  share: number;
  rows: number;
}

/** The causes of an attribution, and what its verdict leaves open. */
export function causeShares({ causes, remaining, examined }: Attribution): CauseShare[] {
  const shares: CauseShare[] = causes.map(({ cause, explains, rows }) => ({ cause, share: explains, rows }));
  if (remaining > 0)
    shares.push({ cause: null, share: remaining, rows: Math.round(remaining * examined.mismatches) });
  return shares;
}

/** A row that shows a cause: the entity and the time beside both values and the one that was computed. */
export interface Evidence extends CauseExample {
  /** Join keys by name, printed. */
  keys: Record<string, string | null>;
  /** Microseconds UTC; null = NULL. */
  time: bigint | null;
}

/** The example rows of a cause with their keys and times, in their order; those that are no longer there are left out. */
export async function evidenceOf(
  db: Database,
  skew: BuiltSkew,
  examples: readonly CauseExample[],
  options: QueryOptions = {},
): Promise<Evidence[]> {
  if (examples.length === 0) return [];
  const keys = skew.keys.map((key, at) => `CAST(${column('p', key)} AS VARCHAR) AS key_${at}`);
  const rows = examples.map(({ row }) => literal(row)).join(', ');
  const sql = [
    `SELECT ${[`${column('p', PAIR)} AS row`, `epoch_us(${column('p', TIME)}) AS time`, ...keys].join(', ')}`,
    `FROM ${relation(skew.pairs)} AS p WHERE ${column('p', PAIR)} IN (${rows})`,
  ].join('\n');
  const found = new Map(
    (await queryRows(db, sql, options)).map((row) => [BigInt(row['row'] as bigint), row]),
  );
  return examples.flatMap((example) => {
    const row = found.get(BigInt(example.row));
    if (row === undefined) return [];
    const own = skew.keys.map((key, at): [string, string | null] => [key, row[`key_${at}`] as string | null]);
    return [{ ...example, keys: Object.fromEntries(own), time: row['time'] as bigint | null }];
  });
}
