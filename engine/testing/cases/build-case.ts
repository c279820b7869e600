import type { Catalog, TrainingSet } from '../../catalog/model';
import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { buildTrainingSet, type BuildOptions, type BuiltTrainingSet } from '../../training/training-set';
import { catalogFor } from './case-catalog';
import { shown } from './case-result';
import type { OracleCase } from './oracle-case';

type Row = Record<string, unknown>;

export interface BuiltCase {
  catalog: Catalog;
  set: TrainingSet;
  built: BuiltTrainingSet;
  /** The built table's rows in order, with its internal columns. */
  rows: Row[];
}

/** Builds a case's training set over tables that stand already; `spine` may narrow the spine's SQL. */
export async function buildCase(
  db: Database,
  one: OracleCase,
  options: Partial<BuildOptions> & { spine?: string } = {},
): Promise<BuiltCase> {
  const { spine, ...more } = options;
  const { catalog, set: whole } = catalogFor(one);
  const set = { ...whole, spineSql: spine ?? whole.spineSql };
  const built = await buildTrainingSet(db, catalog, set, { sample: null, ...more });
  const rows = await queryRows(db, `SELECT * FROM ${built.table} ORDER BY "__row"`);
  return { catalog, set, built, rows };
}

/** Per row: every feature's exact value and status. What the naive join says is left out: it may see the future. */
export function pointInTimeTexts({ set, rows }: BuiltCase): string[] {
  return rows.map((row) =>
    set.features
      .map(({ column }, index) => `${shown(row[column])} ${String(row[`__status_${index}`])}`)
      .join(' | '),
  );
}

/** Per row: every feature's exact value, status, naive value and leak. */
export function wholeTexts({ set, rows }: BuiltCase): string[] {
  return rows.map((row) =>
    set.features
      .map(({ column }, index) =>
        [row[column], row[`__status_${index}`], row[`__naive_${index}`], row[`__leaks_${index}`]]
          .map(shown)
          .join(' '),
      )
      .join(' | '),
  );
}

/** Rows that differ, in words. */
export function textDifferences(
  what: string,
  expected: readonly string[],
  actual: readonly string[],
): string[] {
  if (expected.length !== actual.length) return [`${what}: ${expected.length} rows became ${actual.length}`];
  return expected.flatMap((text, at) =>
    text === actual[at] ? [] : [`${what}: row ${at}\n  was    ${text}\n  became ${actual[at]}`],
  );
}
