import { literal } from '../sql/literal';
import { quote, relation } from '../sql/quote';
import type { ColumnInfo, Database, TablePlace } from './database';
import { INTERNAL_SCHEMA, ORDER_COLUMN, sourceTable } from './database';
import { queryRows } from './rows';
import { TOO_LARGE } from './sql-error';

/** The table that holds a source's rows in file order; `sourceTable` is a view over it. */
export function rowsTable(source: string): TablePlace {
  return { schema: INTERNAL_SCHEMA, name: `rows_${source}` };
}

/** Begins the names of sorted copies. */
export const SORTED_PREFIX = 'sorted_';

/** A copy of a source's rows in the order of a view's entities and time, with ORDER_COLUMN: see `withSortedEvents`. */
export function sortedTable(source: string): TablePlace {
  return { schema: INTERNAL_SCHEMA, name: `${SORTED_PREFIX}${source}` };
}

/** The statements that take a source out of the engine, whether it was loaded or only described. */
export function dropSourceSql(source: string): string[] {
  return [
    `DROP VIEW IF EXISTS ${relation({ schema: 'main', name: source })}`,
    `DROP VIEW IF EXISTS ${relation(sourceTable(source))}`,
    `DROP TABLE IF EXISTS ${relation(rowsTable(source))}`,
    `DROP TABLE IF EXISTS ${relation(sortedTable(source))}`,
  ];
}

/**
 * The columns whose values are in the engine; a source's other columns are known by name and type only. A relation
 * that was made without a load holds all of its own.
 */
export async function loadedColumns(
  db: Database,
  source: string,
  signal?: AbortSignal,
): Promise<ColumnInfo[]> {
  const columns = ({ schema, name }: TablePlace): Promise<Record<string, unknown>[]> =>
    queryRows(
      db,
      `SELECT column_name AS name, data_type AS type FROM duckdb_columns()
       WHERE schema_name = ${literal(schema)} AND table_name = ${literal(name)} ORDER BY column_index`,
      { signal },
    );
  const held = await columns(rowsTable(source));
  const found = held.length > 0 ? held : await columns(sourceTable(source));
  return found
    .map(({ name, type }) => ({ name: String(name), type: String(type) }))
    .filter(({ name }) => name !== ORDER_COLUMN);
}

export function createRowsSql(table: TablePlace, columns: readonly ColumnInfo[]): string {
  const definitions = columns.map(({ name, type }) => `${quote(name)} ${type}`);
  return `CREATE OR REPLACE TABLE ${relation(table)} (${definitions.join(', ')})`;
}

/**
 * Makes `loading` the source's rows and puts the views over it, all at once. Every column of `columns` binds; reading
 * one that `loading` does not hold fails with a sentence that says so, never with a wrong value.
 */
export async function publishSource(
  db: Database,
  source: string,
  loading: TablePlace,
  columns: readonly ColumnInfo[],
  held: readonly ColumnInfo[],
): Promise<void> {
  const names = new Set(held.map(({ name }) => name));
  const list = columns.map(({ name, type }) =>
    names.has(name)
      ? quote(name)
      : `CAST(error(${literal(notLoaded(source, name))}) AS ${type}) AS ${quote(name)}`,
  );
  await replaceViews(db, source, loading, {
    inside: [...list, `rowid AS ${quote(ORDER_COLUMN)}`],
    outside: list,
    from: relation(rowsTable(source)),
  });
}

async function replaceViews(
  db: Database,
  source: string,
  loading: TablePlace,
  views: { inside: string[]; outside: string[]; from: string },
): Promise<void> {
  const rows = rowsTable(source);
  const inside = relation(sourceTable(source));
  const outside = relation({ schema: 'main', name: source });
  const statements = [
    'BEGIN',
    ...dropSourceSql(source),
    `ALTER TABLE ${relation(loading)} RENAME TO ${quote(rows.name)}`,
    `CREATE VIEW ${inside} AS SELECT ${views.inside.join(', ')} FROM ${views.from}`,
    `CREATE VIEW ${outside} AS SELECT ${views.outside.join(', ')} FROM ${views.from}`,
    'COMMIT',
  ];
  try {
    await db.query(statements.join('; '));
  } catch (thrown) {
    await db.query('ROLLBACK').catch(() => {});
    throw thrown;
  }
}

/**
 * Makes a source known by its columns alone: everything binds, and whatever reads it fails with `source.too_large`
 * instead of finding no rows.
 */
export async function publishTooLarge(
  db: Database,
  source: string,
  loading: TablePlace,
  columns: readonly ColumnInfo[],
  rows: number,
): Promise<void> {
  const list = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quote(name)}`);
  const refusal = `${TOO_LARGE}Source ${source} (${rows.toLocaleString('en-US')} rows) is too large for one engine.`;
  await replaceViews(db, source, loading, {
    inside: [...list, `CAST(NULL AS BIGINT) AS ${quote(ORDER_COLUMN)}`],
    outside: list,
    from: `range(1) WHERE CAST(error(${literal(refusal)}) AS BOOLEAN)`,
  });
}

function notLoaded(source: string, column: string): string {
  return `Column "${column}" of ${source} is not loaded: no cell names it. Name it in a cell, or select *.`;
}
