import { indent } from './scan';

/** One SELECT, by clause; `printSelect` prints the clauses in SQL's order, one item a line. */
export interface Select {
  with?: readonly CommonTable[];
  columns: readonly string[];
  distinct?: boolean;
  /** First relation, then joins, each complete: `LEFT JOIN "x" AS "y" ON ...`. */
  from: readonly string[];
  where?: readonly string[];
  groupBy?: readonly string[];
  orderBy?: readonly string[];
}

export interface CommonTable {
  name: string;
  sql: string;
  /** True keeps DuckDB from computing it apart: its columns and filters are then pushed into the scan. */
  inline?: boolean;
  /** True has it computed once, however often it is named: for row numbers that must be the same everywhere. */
  once?: boolean;
}

export function printSelect(select: Select): string {
  const lines: string[] = [];
  if (select.with && select.with.length > 0)
    lines.push(`WITH\n${select.with.map((table) => indent(printTable(table))).join(',\n')}`);
  lines.push(`SELECT${select.distinct ? ' DISTINCT' : ''}`);
  lines.push(select.columns.map((item) => indent(item)).join(',\n'));
  lines.push(`FROM ${select.from.join('\n')}`);
  if (select.where && select.where.length > 0) lines.push(`WHERE ${select.where.join('\n  AND ')}`);
  if (select.groupBy && select.groupBy.length > 0) lines.push(`GROUP BY ${select.groupBy.join(', ')}`);
  if (select.orderBy && select.orderBy.length > 0) lines.push(`ORDER BY ${select.orderBy.join(', ')}`);
  return lines.join('\n');
}

/** `sql` in brackets on lines of its own, so that a trailing `--` comment cannot swallow the closing one. */
export function block(sql: string): string {
  return `(\n${indent(sql)}\n)`;
}

/** A user's scalar expression in brackets: on one line where that is safe. */
export function enclose(expression: string): string {
  return expression.includes('\n') || expression.includes('--') ? block(expression) : `(${expression})`;
}

function printTable(table: CommonTable): string {
  const how = table.once ? 'MATERIALIZED ' : table.inline ? 'NOT MATERIALIZED ' : '';
  return `${table.name} AS ${how}${block(table.sql)}`;
}
