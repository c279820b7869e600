import type { Catalog, FeatureView, TrainingSet } from '../catalog/model';
import type { ColumnInfo, Database } from '../database/database';
import { INTERNAL_SCHEMA } from '../database/database';
import { PlumblineError } from '../errors';
import { queryRows } from '../database/rows';
import type { OnProgress } from '../ports';
import type { FeatureSummary } from '../results';
import { requireDisjoint } from '../sql/interval-overlap';
import { meansByRef, type FeatureMean } from '../sql/mean';
import { quote, relation } from '../sql/quote';
import { spineTables } from '../sql/spine';
import type { ForcedPlans, PlanChoice } from '../sql/plan';
import { naiveTable, partPlan, partTable, shownColumns } from '../sql/training-set';
import { summarize } from './feature-summary';
import { meanStages, takeMeans } from './means';
import { buildPartHere, type PartBuilder } from './part-builder';
import {
  nextTable,
  planTrainingSet,
  resultStatement,
  spineStatements,
  trainingStatements,
  type TrainingPlan,
  type TrainingStatement,
} from './training-plan';
import { tieWarnings } from './ties';

/** A training set as it stands in the database: table `_plumb.training_<name>`, view `main.<name>`. */
export interface BuiltTrainingSet {
  set: TrainingSet;
  /** The views that it took values from, as they were defined then. */
  views: ReadonlyMap<string, FeatureView>;
  /** Rows of the table. */
  rows: number;
  /** Rows of the whole spine; more than `rows` in a sample. */
  spineRows: number;
  /** null: the whole spine; else the rows that were asked for. */
  sample: number | null;
  /** Columns of the public view: the spine's, then one per feature, with DuckDB types. */
  columns: ColumnInfo[];
  /** Per feature of the set, in its order. */
  features: FeatureSummary[];
  /** The means that stand in for NULL, as far as defaults name them. */
  means: FeatureMean[];
  /** Data warnings in words, with counts. */
  warnings: string[];
  /** The statements that computed it, by what they compute. */
  sqlTexts: { name: string; sql: string }[];
  /** How each view's values were computed, in the order of the plan's parts. */
  plans: PlanChoice[];
  /** `_plumb.training_<name>`, quoted. */
  table: string;
}

export interface BuildOptions {
  /** At most so many spine rows, evenly spread; null = the whole spine. */
  sample: number | null;
  /** Plans to take instead of the planner's, where they can serve: for tests and measurements. */
  plans?: ForcedPlans;
  /** How each view's part is computed; in one piece on the same database when absent. */
  buildPart?: PartBuilder;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** The table that holds a built training set. */
export function trainingTable(set: string): { schema: string; name: string } {
  return { schema: INTERNAL_SCHEMA, name: `training_${set}` };
}

/**
 * Computes a training set. Exactly the spine's rows, in its order. The former result stays readable until the new one
 * is complete and stays for good when this fails or is cancelled.
 * Errors: those of the definitions (`catalog.*`, `sql.*`) placed in the set's cell, `data.overlap`, `engine.cancelled`.
 */
export async function buildTrainingSet(
  db: Database,
  catalog: Catalog,
  set: TrainingSet,
  options: BuildOptions,
): Promise<BuiltTrainingSet> {
  const { signal, sample, plans, buildPart = buildPartHere, onProgress = () => {} } = options;
  const plan = await planTrainingSet(db, catalog, set, signal);
  const next = nextTable(set.name);
  const execute = async ({ phase, sql }: TrainingStatement) => {
    onProgress({ phase });
    await db.query(sql, { signal });
  };
  try {
    for (const { compiled } of plan.parts) await requireDisjoint(db, compiled, signal);
    for (const statement of spineStatements(plan, sample)) await execute(statement);
    const taken = await takeMeans(db, plan, { signal, onProgress });
    for (const at of plan.parts.keys()) await buildPart(db, { plan, at, sample, plans, signal, onProgress });
    await execute(resultStatement(plan, meansByRef(taken.means)));
    onProgress({ phase: `summing up ${set.name}` });
    const spineRows = await countRows(db, spineTables(set.name).raw, signal);
    const rows = await countRows(db, next, signal);
    const features = await summarize(db, next, plan, signal);
    const warnings = await tieWarnings(db, set.name, plan, signal);
    const columns = await resultColumns(db, next, plan, signal);
    await publish(db, set.name, columns, signal);
    const table = relation(trainingTable(set.name));
    const { means } = taken;
    const views = new Map(plan.parts.map(({ compiled }) => [compiled.view.name, compiled.view]));
    const sqlTexts = trainingStatements(plan, sample, taken, plans).map(({ name, sql }) => ({ name, sql }));
    const choices = plan.parts.map((part) => partPlan(set.name, part, { points: sample, plans }));
    return {
      set,
      views,
      rows,
      spineRows,
      sample,
      columns,
      features,
      means,
      warnings,
      sqlTexts,
      plans: choices,
      table,
    };
  } finally {
    await dropStages(db, set.name, plan);
  }
}

async function countRows(db: Database, table: string, signal?: AbortSignal): Promise<number> {
  const [row] = await queryRows(db, `SELECT count(*) AS n FROM ${table}`, { signal });
  return Number(row?.['n'] ?? 0);
}

async function resultColumns(
  db: Database,
  table: string,
  plan: TrainingPlan,
  signal?: AbortSignal,
): Promise<ColumnInfo[]> {
  return db.describe(`SELECT ${shownColumns(plan).map(quote).join(', ')} FROM ${table}`, { signal });
}

/** Swaps the new table in: all or nothing. */
async function publish(
  db: Database,
  set: string,
  columns: readonly ColumnInfo[],
  signal?: AbortSignal,
): Promise<void> {
  const table = trainingTable(set);
  const shown = columns.map((column) => quote(column.name)).join(', ');
  const statements = [
    'BEGIN',
    `DROP TABLE IF EXISTS ${relation(table)}`,
    `ALTER TABLE ${nextTable(set)} RENAME TO ${quote(table.name)}`,
    `CREATE OR REPLACE VIEW main.${quote(set)} AS SELECT ${shown} FROM ${relation(table)} ORDER BY "__row"`,
    'COMMIT',
  ];
  if (signal?.aborted) throw new PlumblineError('engine.cancelled', 'The run was cancelled.');
  try {
    for (const statement of statements) await db.query(statement);
  } catch (thrown) {
    await db.query('ROLLBACK');
    throw thrown;
  }
}

async function dropStages(db: Database, set: string, plan: TrainingPlan): Promise<void> {
  const spine = spineTables(set);
  const stages = [
    spine.raw,
    spine.numbered,
    nextTable(set),
    ...plan.parts.flatMap((_, at) => [partTable(set, at), naiveTable(set, at)]),
    ...meanStages(plan),
  ];
  await db.query(stages.map((table) => `DROP TABLE IF EXISTS ${table}`).join('; ')).catch(() => {
    // The engine is gone; its tables with it.
  });
}
