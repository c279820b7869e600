import type { Catalog, FeatureView, TrainingSet } from '../catalog/model';
import type { ColumnInfo, Database, QueryOptions, TablePlace } from '../database/database';
import { INTERNAL_SCHEMA } from '../database/database';
import { PlumblineError } from '../errors';
import { countRows } from '../database/rows';
import type { OnProgress } from '../ports';
import type { FeatureSummary, PendingFeature } from '../results';
import { requireDisjoint } from '../sql/interval-overlap';
import { meansByRef, wantsMean, type FeatureMean } from '../sql/mean';
import { quote, relation } from '../sql/quote';
import { spineTables } from '../sql/spine';
import type { ForcedPlans, PlanChoice } from '../sql/plan';
import { naiveTable, partNaiveSql, partPlan, partSql, partTable, shownColumns } from '../sql/training-set';
import { assemble } from './assembly';
import { countFeatures, featureAt } from './feature-summary';
import { KeptBuild, type BuildInputs } from './kept-build';
import { meanStages, takeMeans } from './means';
import { nearPart } from './near-part';
import { placeParts, splitByWindow } from './preview-parts';
import { buildPartHere, type PartBuilder } from './part-builder';
import {
  nextTable,
  planReads,
  planTrainingSet,
  type PlanReads,
  resultStatement,
  spineStatements,
  trainingStatements,
  type TrainingPlan,
  type TrainingStatement,
} from './training-plan';
import { tiedRows, tieWarnings } from './ties';

/**
 * A training set as it stands in the database: `_plumb.training_<name>` with internal columns, `main.<name>` without, both
 * views over its stored rows.
 */
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
  /** Per feature of the set, in its order, but for those of `pending`. */
  features: FeatureSummary[];
  /** Features whose counts `countLater` left open. */
  pending: PendingFeature[];
  /** The means that stand in for NULL, as far as defaults name them. */
  means: FeatureMean[];
  /** Data warnings in words, with counts. */
  warnings: string[];
  /** The statements that compute it, by what they compute. */
  sqlTexts: { name: string; sql: string }[];
  /** How each view's values were computed, in the order of the plan's parts. */
  plans: PlanChoice[];
  /** `_plumb.training_<name>`, quoted. */
  table: string;
  plan: TrainingPlan;
  /** Per feature: names its values and its label, so that equal ones have equal counts. */
  featureKeys: string[];
  /** Names the rows of `table`. */
  resultKey: string;
}

export interface BuildOptions {
  /** At most so many spine rows, evenly spread; null = the whole spine. */
  sample: number | null;
  /** Plans to take instead of the planner's, where they can serve: for tests and measurements. */
  plans?: ForcedPlans;
  /** How each view's part is computed; in one piece on the same database when absent. */
  buildPart?: PartBuilder;
  /** Rows of a whole result that are put together at a time; by their width when absent. For tests. */
  rangeRows?: number;
  /** The set's last build, whose stages are taken over where their `inputs` are the same. Absent: nothing is kept. */
  keep?: { build: KeptBuild; inputs: BuildInputs };
  /** Whether counts and worth are left to `countPending`, save those that are known already. */
  countLater?: boolean;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** A built training set with its internal columns; see `assembleSql`. Statuses are text. */
export function trainingTable(set: string): TablePlace {
  return { schema: INTERNAL_SCHEMA, name: `training_${set}` };
}

/** The statements that take a built training set out of the engine. */
export function dropTrainingSetSql(set: string): string[] {
  return [
    `DROP VIEW IF EXISTS main.${quote(set)}`,
    `DROP VIEW IF EXISTS ${relation(trainingTable(set))}`,
    `DROP TABLE IF EXISTS ${relation(storedTable(set))}`,
  ];
}

/** The rows behind `trainingTable`. */
function storedTable(set: string): TablePlace {
  return { schema: INTERNAL_SCHEMA, name: `stored_${set}` };
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
  const build = options.keep?.build ?? new KeptBuild();
  try {
    return await buildStages(db, catalog, set, options, build);
  } finally {
    if (options.keep === undefined) await build.drop(db);
  }
}

async function buildStages(
  db: Database,
  catalog: Catalog,
  set: TrainingSet,
  options: BuildOptions,
  build: KeptBuild,
): Promise<BuiltTrainingSet> {
  const { signal, sample, plans, buildPart = buildPartHere, onProgress = () => {} } = options;
  const inputs = options.keep?.inputs ?? NOTHING_KNOWN;
  const execute = async ({ phase, sql }: TrainingStatement) => {
    onProgress({ phase });
    await db.query(sql, { signal });
  };
  const reads = remembering(planReads(db, catalog, signal), build, catalog, set, inputs);
  const whole = await planTrainingSet(db, catalog, set, signal, reads);
  for (const { compiled } of whole.parts)
    await build.stage(
      `disjoint ${compiled.view.name}`,
      keyOf([inputs.source(compiled.view.source), compiled.view, compiled.keys]),
      () => requireDisjoint(db, compiled, signal),
    );
  const spine = spineStatements(whole, sample);
  const { raw, numbered } = spineTables(set.name);
  build.owns(raw, numbered, nextTable(set.name), ...meanStages(whole));
  const spineKey = keyOf([inputs.spine, spine.map(({ sql }) => sql)]);
  const { rows, spineRows } = await build.stage('spine', spineKey, async () => {
    for (const statement of spine) await execute(statement);
    const counts = [await countRows(db, numbered, { signal }), await countRows(db, raw, { signal })];
    return { rows: counts[0]!, spineRows: counts[1]! };
  });
  const sources = whole.parts.map(({ compiled }) => inputs.source(compiled.view.source));
  const averaged = whole.parts.map(({ compiled }) =>
    compiled.features.some(({ feature }) => wantsMean(feature)) ? compiled : null,
  );
  const taken = await build.stage('means', keyOf([spineKey, sources, averaged]), () =>
    takeMeans(db, whole, { signal, onProgress }),
  );
  const means = meansByRef(taken.means);
  const keep = options.keep !== undefined;
  if (!keep) await build.release(db, raw, ...meanStages(whole));

  const parts = keep ? splitByWindow(whole.parts) : whole.parts;
  const partOptions = { points: sample, plans };
  const partKeys = parts.map((part) => {
    const texts = [partSql(set.name, part, partOptions), partNaiveSql(set.name, part)];
    return keyOf([spineKey, inputs.source(part.compiled.view.source), texts]);
  });
  const plan = { ...whole, parts: placeParts(parts, partKeys, build) };
  for (const [at, part] of plan.parts.entries()) {
    build.owns(partTable(set.name, part.slot), naiveTable(set.name, part.slot));
    await build.stage(`part ${part.slot}`, partKeys[at]!, async () => {
      const { source } = part.compiled.view;
      const key = keyOf([spineKey, inputs.source(source)]);
      const near =
        sample !== null && inputs.isHere(source)
          ? await nearPart(db, build, plan, part, { key, signal })
          : part;
      const nearby = plan.parts.map((other) => (other === part ? near : other));
      const here = near === part ? buildPart : buildPartHere;
      await here(db, { plan: { ...plan, parts: nearby }, at, sample, plans, signal, onProgress });
    });
  }
  const warnings = await tieWarnings(plan, (part, at) =>
    build.stage(`ties ${part.slot}`, partKeys[at]!, () => tiedRows(db, set.name, part, signal)),
  );
  const result = resultStatement(plan, means);
  const resultKey = keyOf([spineKey, partKeys, result.sql]);
  const featureKeys = keysOfFeatures(plan, partKeys, taken.means, resultKey);
  const count = async (table: string, columns: ColumnInfo[]) => {
    const { pending } = countsOf({ plan, featureKeys }, build);
    if (options.countLater || pending.length === 0) return;
    onProgress({ phase: `summing up ${set.name}` });
    const open = pending.map(({ at }) => at);
    noteCounts(featureKeys, build, open, await countFeatures(db, table, plan, columns, open, { signal }));
  };
  const columns = await build.stage<ColumnInfo[]>('result', resultKey, async () => {
    const { rangeRows } = options;
    await assemble(db, plan, means, build, { rows, keep, rangeRows, signal, onProgress });
    const described = await resultColumns(db, nextTable(set.name), plan, signal);
    await count(nextTable(set.name), described);
    await publish(db, plan, described, signal);
    return described;
  });
  const table = relation(trainingTable(set.name));
  await count(table, columns);
  return {
    set,
    views: new Map(plan.parts.map(({ compiled }) => [compiled.view.name, compiled.view])),
    rows,
    spineRows,
    sample,
    columns,
    ...countsOf({ plan, featureKeys }, build),
    means: taken.means,
    warnings,
    sqlTexts: trainingStatements(plan, sample, taken, plans).map(({ name, sql }) => ({ name, sql })),
    plans: plan.parts.map((part) => partPlan(set.name, part, partOptions)),
    table,
    plan,
    featureKeys,
    resultKey,
  };
}

const NOTHING_KNOWN: BuildInputs = { spine: '', source: () => '', isHere: () => true };

function keyOf(parts: unknown): string {
  return JSON.stringify(parts, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

/**
 * The set with the counts that `countLater` left open; those of features that an edit left alone are not counted again.
 * Null when the table was built anew meanwhile: what was counted may then be of other rows. Errors: `engine.*`.
 */
export async function countPending(
  db: Database,
  built: BuiltTrainingSet,
  build: KeptBuild,
  options: QueryOptions,
): Promise<BuiltTrainingSet | null> {
  const open = built.pending.map(({ at }) => at);
  const found = await countFeatures(db, built.table, built.plan, built.columns, open, options);
  if (build.known('result', built.resultKey) === undefined) return null;
  noteCounts(built.featureKeys, build, open, found);
  return { ...built, ...countsOf(built, build) };
}

/** Per feature: equal keys, equal values, naive values and labels. What is computed on demand may rest on all others. */
function keysOfFeatures(
  { set, parts, outputs }: TrainingPlan,
  partKeys: readonly string[],
  means: readonly FeatureMean[],
  resultKey: string,
): string[] {
  const keys = set.features.map((ref) => keyOf([ref, resultKey, set.label]));
  for (const [at, { compiled, outputs: places }] of parts.entries())
    for (const [within, { index }] of places.entries()) {
      const { feature } = compiled.features[within]!;
      const mean = means.find(({ ref }) => ref === `${compiled.view.name}:${feature.name}`);
      if (index < keys.length)
        keys[index] = keyOf([partKeys[at], within, outputs[index], set.label, feature.default, mean]);
    }
  return keys;
}

/** What is counted and what is not, by position in the set. */
function countsOf(
  { plan, featureKeys }: Pick<BuiltTrainingSet, 'plan' | 'featureKeys'>,
  build: KeptBuild,
): Pick<BuiltTrainingSet, 'features' | 'pending'> {
  const known = featureKeys.map(
    (key, index) => (build.known(`counts ${index}`, key) as FeatureSummary | undefined) ?? null,
  );
  return {
    features: known.filter((one) => one !== null),
    pending: known.flatMap((one, at) => (one === null ? [{ at, ...featureAt(plan, at) }] : [])),
  };
}

function noteCounts(
  keys: readonly string[],
  build: KeptBuild,
  open: readonly number[],
  found: readonly FeatureSummary[],
): void {
  for (const [at, index] of open.entries()) build.note(`counts ${index}`, keys[index]!, found[at]);
}

/** Asks only where the question, or what it is about, is another than in the last build. */
function remembering(
  reads: PlanReads,
  build: KeptBuild,
  catalog: Catalog,
  set: TrainingSet,
  inputs: BuildInputs,
): PlanReads {
  const views = [...catalog.views.values()].map(({ source }) => inputs.source(source));
  let asked = 0;
  const key = (question: unknown): string => keyOf([inputs.spine, views, set.name, question]);
  return {
    describe: (sql) => build.stage(`describe ${asked++}`, key(sql), () => reads.describe(sql)),
    prepare: (compiled) =>
      build.stage(`view ${compiled.view.name}`, key(compiled), () => reads.prepare(compiled)),
  };
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
  { set }: TrainingPlan,
  columns: readonly ColumnInfo[],
  signal?: AbortSignal,
): Promise<void> {
  const stored = storedTable(set.name);
  const inside = relation(trainingTable(set.name));
  const shown = columns.map((column) => quote(column.name)).join(', ');
  const statuses = set.features.map((_, at) => `CAST("__status_${at}" AS VARCHAR) AS "__status_${at}"`);
  const replaced = statuses.length === 0 ? '' : ` REPLACE (${statuses.join(', ')})`;
  const statements = [
    'BEGIN',
    ...dropTrainingSetSql(set.name),
    `ALTER TABLE ${nextTable(set.name)} RENAME TO ${quote(stored.name)}`,
    `CREATE VIEW ${inside} AS SELECT *${replaced} FROM ${relation(stored)}`,
    `CREATE VIEW main.${quote(set.name)} AS SELECT ${shown} FROM ${relation(stored)} ORDER BY "__row"`,
    'COMMIT',
  ];
  if (signal?.aborted) throw new PlumblineError('engine.cancelled', 'The run was cancelled.');
  try {
    await db.query(statements.join('; '));
  } catch (thrown) {
    await db.query('ROLLBACK');
    throw thrown;
  }
}
