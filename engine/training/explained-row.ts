import { featureNamed } from '../catalog/feature-named';
import type { Catalog, JoinKey, NamedFeature, TrainingSet } from '../catalog/model';
import type { ColumnInfo, Database } from '../database/database';
import { queryRows } from '../database/rows';
import { PlumblineError } from '../errors';
import { keyExpression } from '../sql/compiled-view';
import { wantsMean } from '../sql/mean';
import type { Points } from '../sql/points';
import { quote, relation } from '../sql/quote';
import { printSelect } from '../sql/select';
import type { ExplainContext, ExplainedValue } from './explanation';
import { trainingTable } from './training-set';

/** One row of a built training set, as an explanation starts from it. */
export interface ExplainedRow {
  /** From 0, in the whole spine. */
  spineRow: number;
  spine: Record<string, unknown>;
  spineColumns: ColumnInfo[];
  /** Per feature of the set what the table holds of it; the indicator is null where there is none. */
  built: { value: unknown; naive: unknown; indicator: ExplainedValue['indicator'] }[];
}

/** Errors: `usage` for a row that is not there. */
export async function explainedRow(
  db: Database,
  catalog: Catalog,
  set: TrainingSet,
  row: number,
  signal?: AbortSignal,
): Promise<ExplainedRow> {
  const [built] = Number.isSafeInteger(row)
    ? await queryRows(db, `SELECT * FROM ${tableOf(set)} WHERE "__row" = ${row}`, { signal })
    : [];
  if (!built)
    throw new PlumblineError('usage', `${set.name} has no row ${row}`, {
      hint: 'Rows count from 0, up to the number of rows less 1.',
    });
  // The spine's columns, then each feature's, perhaps followed by its indicator.
  const spineColumns = await db.describe(`SELECT * FROM main.${quote(set.name)}`, { signal });
  const features: ExplainedRow['built'] = [];
  for (let index = set.features.length - 1; index >= 0; index--) {
    const wanted = featureNamed(catalog, set.features[index]!)?.missingIndicator === true;
    const last = wanted ? spineColumns.pop() : undefined;
    const indicator = last === undefined ? null : { column: last.name, value: built[last.name] === true };
    const value = built[spineColumns.pop()?.name ?? ''];
    features.unshift({ value, naive: built[`__naive_${index}`], indicator });
  }
  const spine = Object.fromEntries(spineColumns.map(({ name }) => [name, built[name]]));
  return { spineRow: Number(built['__spine_row']), spine, spineColumns, built: features };
}

/**
 * What both kinds of explanation say of a value; `facts` as in `explainFactsSql`. Where the default is a mean that nobody
 * passed on, the value is the one that stands in the table.
 */
export function commonFacts(
  { set, row, spineRow, means }: ExplainContext,
  ref: { view: string; feature: string },
  feature: NamedFeature,
  facts: Record<string, unknown>,
): ExplainedValue & { naive: { value: unknown; leaks: boolean } } {
  const name = `${ref.view}:${ref.feature}`;
  const index = set.features.findIndex((one) => one.view === ref.view && one.feature === ref.feature);
  const taken = means.get(name);
  const { spine, spineColumns, built } = spineRow;
  const here = built[index];
  const told = taken !== undefined || !wantsMean(feature) || here === undefined;
  const value = told ? facts['value'] : here.value;
  return {
    set: set.name,
    row,
    spineRow: spineRow.spineRow,
    ref: name,
    type: feature.type,
    spine,
    spineColumns,
    t: facts['t'] as bigint | null,
    value,
    raw: facts['raw'],
    status: facts['status'] as ExplainedValue['status'],
    policy: feature.default,
    defaulted: facts['raw'] === null && value !== null,
    mean: taken === undefined ? null : { taken, category: facts['category'] ?? null },
    indicator: here?.indicator ?? null,
    naive: { value: told ? facts['naive'] : here.naive, leaks: facts['leaks'] === true },
  };
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
  const keyColumns = keys.map((key, index) => `${keyExpression(key, quote(key.name))} AS "__k${index}"`);
  return { count: 1, sql: spineRowSql(set, row, ['"__row"', `${timeOf(set)} AS "__t"`, ...keyColumns]) };
}

/** `columns` of one row of the built table. */
export function spineRowSql(set: TrainingSet, row: number, columns: readonly string[]): string {
  return printSelect({ columns, from: [tableOf(set)], where: [`"__row" = ${row}`] });
}

/** The spine's event time, microseconds. */
export function timeOf(set: TrainingSet): string {
  return `epoch_us(CAST(${quote(set.timestamp)} AS TIMESTAMP))`;
}

function tableOf(set: TrainingSet): string {
  return relation(trainingTable(set.name));
}
