import { featureNamed } from '../catalog/feature-named';
import type { Catalog, JoinKey, TrainingSet } from '../catalog/model';
import type { ColumnInfo, Database } from '../database/database';
import { queryRows } from '../database/rows';
import { PlumblineError } from '../errors';
import { keyExpression } from '../sql/compiled-view';
import type { Points } from '../sql/points';
import { quote, relation } from '../sql/quote';
import { printSelect } from '../sql/select';
import { trainingTable } from './training-set';

/** One row of a built training set, as an explanation starts from it. */
export interface ExplainedRow {
  /** From 0, in the whole spine. */
  spineRow: number;
  spine: Record<string, unknown>;
  spineColumns: ColumnInfo[];
  /** The columns of the set's features, in its order. */
  featureColumns: string[];
  /** Every column of the table, Plumbline's own included. */
  built: Record<string, unknown>;
}

/** Errors: `usage` for a row that is not there. */
export async function explainedRow(
  db: Database,
  catalog: Catalog,
  set: TrainingSet,
  row: number,
  signal?: AbortSignal,
): Promise<ExplainedRow> {
  const table = relation(trainingTable(set.name));
  const [built] = Number.isSafeInteger(row)
    ? await queryRows(db, `SELECT * FROM ${table} WHERE "__row" = ${row}`, { signal })
    : [];
  if (!built)
    throw new PlumblineError('usage', `${set.name} has no row ${row}`, {
      hint: 'Rows count from 0, up to the number of rows less 1.',
    });
  const columns = await db.describe(`SELECT * FROM main.${quote(set.name)}`, { signal });
  // A built table begins with the spine's columns; each feature may be followed by its indicator.
  const featureColumns: string[] = [];
  const spineColumns = [...columns];
  for (const ref of [...set.features].reverse()) {
    if (featureNamed(catalog, ref)?.missingIndicator === true) spineColumns.pop();
    featureColumns.unshift(spineColumns.pop()?.name ?? ref.column);
  }
  const spine = Object.fromEntries(spineColumns.map(({ name }) => [name, built[name]]));
  return { spineRow: Number(built['__spine_row']), spine, spineColumns, featureColumns, built };
}

/** Join keys of a spine row with their values; DuckDB compares names without regard to case. */
export function entityOf(spine: Record<string, unknown>, keys: readonly JoinKey[]): Record<string, unknown> {
  const names = new Map(Object.keys(spine).map((name) => [name.toLowerCase(), name]));
  return Object.fromEntries(
    keys.map(({ name }) => [name, spine[names.get(name.toLowerCase()) ?? name] ?? null]),
  );
}

/** The spine row as a point of a view, out of the built table. */
export function pointOf(set: TrainingSet, row: number, keys: readonly JoinKey[]): Points {
  return {
    count: 1,
    sql: printSelect({
      columns: [
        '"__row"',
        `epoch_us(CAST(${quote(set.timestamp)} AS TIMESTAMP)) AS "__t"`,
        ...keys.map((key, index) => `${keyExpression(key, quote(key.name))} AS "__k${index}"`),
      ],
      from: [relation(trainingTable(set.name))],
      where: [`"__row" = ${row}`],
    }),
  };
}
