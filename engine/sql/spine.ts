import { INTERNAL_SCHEMA, type ColumnInfo, type TablePlace } from '../database/database';
import type { JoinKey } from '../catalog/model';
import { keyExpression } from './compiled-view';
import { withoutFinalSemicolon } from './expression';
import type { Points } from './points';
import { quote, relation } from './quote';
import { block, printSelect } from './select';

export interface SpineTable {
  /** As the user's SQL gave it. */
  raw: string;
  /** Numbered, perhaps sampled. */
  numbered: string;
}

export function spineTables(set: string): SpineTable {
  return {
    raw: relation({ schema: INTERNAL_SCHEMA, name: `spine_raw_${set}` }),
    numbered: relation(numberedSpine(set)),
  };
}

/** The place of `spineTables(set).numbered`, in parts. */
export function numberedSpine(set: string): TablePlace {
  return { schema: INTERNAL_SCHEMA, name: `spine_${set}` };
}

/** Stores the spine's rows in the order in which the user's SQL gives them. */
export function storeSpineSql(tables: SpineTable, spineSql: string): string {
  return `CREATE OR REPLACE TABLE ${tables.raw} AS ${block(withoutFinalSemicolon(spineSql))}`;
}

/**
 * Numbers the stored rows: `__row` from 0 without a gap, `__spine_row` the position in the whole spine, `__t` the
 * event time in microseconds UTC. `sample` = at most so many rows, evenly spread and always the same ones.
 */
export function numberSpineSql(
  tables: SpineTable,
  columns: readonly ColumnInfo[],
  timestamp: string,
  sample: number | null,
): string {
  const whole = sample === null;
  const of = `(SELECT count(*) FROM ${tables.raw})`;
  const select = printSelect({
    columns: [
      // A whole table has its numbers already, and numbering it would sort it.
      `${whole ? 'rowid' : 'row_number() OVER (ORDER BY rowid) - 1'} AS "__row"`,
      'rowid AS "__spine_row"',
      `${instantSql(columns, timestamp)} AS "__t"`,
      ...columns.map((column) => spineColumn(column)),
    ],
    from: [tables.raw],
    where: whole ? [] : [evenlySpread('rowid', of, sample)],
    orderBy: whole ? [] : ['rowid'],
  });
  return `CREATE OR REPLACE TABLE ${tables.numbered} AS\n${select}`;
}

/** True for at most `most` of `of` positions (from 0), evenly spread, the first one among them. */
export function evenlySpread(position: string, of: string, most: number): string {
  return `(${position} = 0 OR (${position} * ${most}) // ${of} <> ((${position} - 1) * ${most}) // ${of})`;
}

/** The spine's rows as points of a view; spine columns carry the join keys' names. */
export function spinePoints(numbered: string, keys: readonly JoinKey[]): Points {
  return {
    sql: printSelect({
      columns: [
        '"__row"',
        '"__t"',
        ...keys.map((key, index) => `${keyExpression(key, quote(key.name))} AS "__k${index}"`),
      ],
      from: [numbered],
    }),
  };
}

/** An instant with a zone becomes plain UTC, as everywhere in Plumbline: without time zone data it could not be read. */
function spineColumn({ name, type }: ColumnInfo): string {
  return type === 'TIMESTAMP WITH TIME ZONE'
    ? `CAST(${quote(name)} AS TIMESTAMP) AS ${quote(name)}`
    : quote(name);
}

/** The spine's event time as an SQL scalar in microseconds UTC. */
export function instantSql(columns: readonly ColumnInfo[], timestamp: string): string {
  const type = columns.find((column) => column.name === timestamp)?.type;
  const reference = quote(timestamp);
  return `epoch_us(${type === 'TIMESTAMP' || type === 'TIMESTAMP WITH TIME ZONE' ? reference : `CAST(${reference} AS TIMESTAMP)`})`;
}
