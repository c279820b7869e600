import type { ColumnInfo, Database, QueryOptions } from '../../engine/database/database';
import { queryRows } from '../../engine/database/rows';
import { literal } from '../../engine/sql/literal';
import { quote, relation } from '../../engine/sql/quote';
import { block } from '../../engine/sql/select';
import type { ColumnProfile, GridColumn, GridFilter, GridRow, GridSort, GridSource } from '../results/types';
import { isNumber } from '../results/type-names';
import { readProfile } from './column-profile';

export type RowsAt = { schema: string; name: string } | { select: string };

/** What stands behind FROM. */
function fromSql(at: RowsAt): string {
  return 'select' in at ? block(at.select) : relation(at);
}

export interface RelationPages {
  database: Database;
  /** Where the rows lie, or what gives them. */
  at: RowsAt;
  /** Changes whenever the rows do. */
  key: string;
  rows: number;
  /** Columns that are shown. */
  columns: readonly GridColumn[];
  /** Columns that come along unseen: statuses of feature values. */
  hidden?: readonly string[];
  /** The column that holds the rows' own order; null = the relation's. */
  order?: string | null;
  /** Rows that are computed while they are read: they wait their turn among the runs. */
  computed?: boolean;
}

const COMPARE = { equals: '=', differs: 'IS DISTINCT FROM', at_least: '>=', at_most: '<=' } as const;

/** One condition of the grid as SQL; what was typed is cast to the column's type and matches nothing if it cannot be. */
export function filterSql({ column, operator, value }: GridFilter, columns: readonly ColumnInfo[]): string {
  const name = quote(column);
  const type = columns.find((info) => info.name === column)?.type ?? 'VARCHAR';
  switch (operator) {
    case 'is_null':
      return `${name} IS NULL`;
    case 'is_not_null':
      return `${name} IS NOT NULL`;
    case 'contains':
      return `contains(lower(CAST(${name} AS VARCHAR)), lower(${literal(value)}))`;
    case 'equals':
    case 'differs':
    case 'at_least':
    case 'at_most':
      return isNumber(type)
        ? `CAST(${name} AS DOUBLE) ${COMPARE[operator]} TRY_CAST(${literal(value)} AS DOUBLE)`
        : `${name} ${COMPARE[operator]} TRY_CAST(${literal(value)} AS ${type})`;
  }
}

function whereSql(filter: readonly GridFilter[], columns: readonly ColumnInfo[]): string {
  if (filter.length === 0) return '';
  return ` WHERE ${filter.map((condition) => filterSql(condition, columns)).join(' AND ')}`;
}

function orderSql(sort: GridSort | null, order: string | null): string {
  const parts = [
    ...(sort === null ? [] : [`${quote(sort.column)} ${sort.descending ? 'DESC' : 'ASC'} NULLS LAST`]),
    ...(order === null ? [] : [quote(order)]),
  ];
  return parts.length === 0 ? '' : ` ORDER BY ${parts.join(', ')}`;
}

/** Pages of a relation, straight from the engine; nothing but the rows on screen is held. */
export function relationSource(pages: RelationPages): GridSource {
  const { database, at, key, rows, columns, hidden = [], order = null, computed = false } = pages;
  const from = fromSql(at);
  // Grid and cards ask for the same columns.
  const profiles = new Map<string, ColumnProfile>();
  // What somebody looks at does not wait for a run.
  const options = (signal?: AbortSignal): QueryOptions => ({
    priority: computed ? 'user' : 'screen',
    ...(signal === undefined ? {} : { signal }),
  });
  const selected = [...columns.map((info) => info.name), ...hidden].map(quote).join(', ');
  return {
    key,
    rows,
    columns,
    page(start, count, sort = null, filter = [], signal): Promise<GridRow[]> {
      const sql = `SELECT ${selected} FROM ${from}${whereSql(filter, columns)}${orderSql(sort, order)}`;
      return queryRows(database, `${sql} LIMIT ${count} OFFSET ${start}`, options(signal));
    },
    async count(filter, signal) {
      const sql = `SELECT count(*) AS n FROM ${from}${whereSql(filter, columns)}`;
      const [row] = await queryRows(database, sql, options(signal));
      return Number(row?.n ?? 0);
    },
    async profile(column, signal) {
      const known = profiles.get(column);
      if (known !== undefined) return known;
      const type = columns.find((info) => info.name === column)?.type ?? 'VARCHAR';
      const profile = await readProfile(database, from, { name: column, type }, signal);
      profiles.set(column, profile);
      return profile;
    },
  };
}
