import { queryRows } from '../../database/rows';
import { PlumblineError } from '../../errors';
import { literal } from '../../sql/literal';
import { quote } from '../../sql/quote';
import type { CellRunner, RunContext } from '../context';

/** Runs the cell's SELECT into a table of its name; an earlier result stands until the new one is whole. */
export const runQuery: CellRunner = async (context, name) => {
  const { database } = context.host;
  const { signal } = context.options;
  const query = context.catalog.queries.get(name);
  if (!query) throw new PlumblineError('catalog.unknown_query', `No query ${name}.`);
  const columns = await database.describe(query.sql, { signal });
  await dropViewNamed(context, name);
  await database.query(`CREATE OR REPLACE TABLE main.${quote(name)} AS\n${stripEnd(query.sql)}`, { signal });
  return { rows: await countRows(context, name), columns, relation: name, result: {} };
};

/** A SELECT without its closing semicolons, so that it can stand inside another statement. */
export function stripEnd(sql: string): string {
  return sql.replace(/[;\s]+$/u, '');
}

/** Rows of a relation in `main`. */
export async function countRows(context: RunContext, relation: string): Promise<number> {
  const sql = `SELECT count(*) AS rows FROM main.${quote(relation)}`;
  const [row] = await queryRows(context.host.database, sql, { signal: context.options.signal });
  return Number(row?.rows ?? 0);
}

/** A cell that was a view or a source before leaves a database view, which no table can replace. */
async function dropViewNamed(context: RunContext, name: string): Promise<void> {
  const views = await queryRows(
    context.host.database,
    `SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND view_name = ${literal(name)}`,
  );
  if (views.length > 0) await context.host.database.query(`DROP VIEW main.${quote(name)}`);
}
