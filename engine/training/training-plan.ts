import type { Catalog, FeatureView, ScalarType, TrainingSet } from '../catalog/model';
import { INTERNAL_SCHEMA, sourceTable, type ColumnInfo, type Database } from '../database/database';
import { PlumblineError, toPlumblineError } from '../errors';
import { featureNamed, indicatorColumn } from '../catalog/feature-named';
import { compileView, type CompiledView } from '../sql/compiled-view';
import { checkSelect, withoutFinalSemicolon } from '../sql/expression';
import { nearest } from '../catalog/names';
import { meansByRef, type FeatureMean, type Means } from '../sql/mean';
import { computedValues, type AskedFeature } from '../catalog/computed-values';
import { relation } from '../sql/quote';
import type { RowRange } from '../sql/row-range';
import { numberSpineSql, spineTables, storeSpineSql } from '../sql/spine';
import type { ForcedPlans } from '../sql/plan';
import { prepareView } from '../sql/view-facts';
import {
  assembleSql,
  createTable,
  naiveTable,
  partNaiveSql,
  type PartOptions,
  partTable,
  shownColumns,
  storedPartSql,
  type OutputColumn,
  type TrainingPart,
} from '../sql/training-set';

/** A training set with every name resolved: what the build executes. */
export interface TrainingPlan {
  set: TrainingSet;
  /** The spine's columns with their DuckDB types. */
  spine: ColumnInfo[];
  /** One per view, in the order in which the set first names it. */
  parts: TrainingPart[];
  /** The output column of each feature, in the set's order. */
  columns: string[];
  /** The same with the column that says where the feature was missing. */
  outputs: OutputColumn[];
  /** On-demand features that the set lists or that those read, in the order in which they can be computed. */
  waves: AskedFeature[][];
}

/** What planning asks of the database. */
export interface PlanReads {
  describe(sql: string): Promise<ColumnInfo[]>;
  /** A compiled view with what its source's rows say. */
  prepare(compiled: CompiledView): Promise<CompiledView>;
}

export function planReads(db: Database, catalog: Catalog, signal?: AbortSignal): PlanReads {
  return {
    describe: (sql) => db.describe(sql, { signal }),
    prepare: ({ view, features }) =>
      prepareView(
        db,
        catalog,
        view.name,
        features.map(({ feature }) => feature.name),
        signal,
      ),
  };
}

/**
 * Resolves a training set against catalog, spine and loaded sources; computes nothing. Errors:
 * `catalog.unknown_column`, `catalog.name_collision`, `catalog.type_mismatch`, `sql.bind`, `sql.syntax`.
 */
export async function planTrainingSet(
  db: Database,
  catalog: Catalog,
  set: TrainingSet,
  signal?: AbortSignal,
  reads = planReads(db, catalog, signal),
): Promise<TrainingPlan> {
  const spine = await describeSpine(reads, set);
  const outputs = outputColumns(catalog, set, spine);
  const { refs, waves } = computedValues(catalog, set.features);
  checkParameters(set, waves.flat(), spine);
  const parts: TrainingPart[] = [];
  for (const view of new Set(refs.map((ref) => ref.view))) {
    if (catalog.onDemandViews.has(view)) continue;
    const chosen = refs.flatMap((ref, index) => (ref.view === view ? [{ index, feature: ref.feature }] : []));
    const named = chosen.map((ref) => ref.feature);
    const features = [...named, ...categoriesOf(catalog, view, named)];
    const compiled = compileView(catalog, view, features);
    await checkKeys(reads, set, compiled, spine);
    parts.push({
      slot: parts.length,
      compiled: await reads.prepare(compiled),
      outputs: chosen.map(({ index }) => ({ index })),
    });
  }
  return { set, spine, parts, columns: outputs.map(({ column }) => column), outputs, waves };
}

/** The features by which means of the chosen ones are taken, save those that are chosen anyway. */
function categoriesOf(catalog: Catalog, view: string, chosen: readonly string[]): string[] {
  const named = chosen.flatMap((name) => {
    const policy = featureNamed(catalog, { view, feature: name })?.default;
    return policy?.kind === 'category_mean' && !chosen.includes(policy.by) ? [policy.by] : [];
  });
  return [...new Set(named)];
}

/** What an expression names beside features must be a column of the spine. */
function checkParameters(
  set: TrainingSet,
  asked: readonly AskedFeature[],
  spine: readonly ColumnInfo[],
): void {
  for (const { ref, feature } of asked)
    for (const name of feature.parameters)
      if (!columnNamed(spine, name))
        throw unknownColumn(
          set,
          name,
          `the spine of ${set.name}, which ${ref.view}:${ref.feature} names`,
          spine,
        );
}

async function describeSpine(reads: PlanReads, set: TrainingSet): Promise<ColumnInfo[]> {
  checkSelect(set.spineSql);
  const spine = await reads.describe(withoutFinalSemicolon(set.spineSql)).catch((thrown: unknown) => {
    throw toPlumblineError(thrown).at({ cell: set.name });
  });
  const names = spine.map((column) => column.name);
  for (const [index, name] of names.entries()) {
    if (name.startsWith('__'))
      throw collision(set, `the spine’s column ${name} begins with __, which Plumbline keeps for itself`);
    if (names.findIndex((other) => sameName(other, name)) !== index)
      throw collision(set, `the spine has two columns ${name}`);
  }
  requireColumn(set, spine, set.timestamp, 'the timestamp');
  if (set.label !== null) requireColumn(set, spine, set.label, 'the label');
  const type = columnNamed(spine, set.timestamp)!.type;
  if (!/^(TIMESTAMP|DATE)/.test(type))
    throw new PlumblineError(
      'catalog.type_mismatch',
      `${set.timestamp} in the spine of ${set.name} is ${type}`,
      {
        hint: `A training set’s timestamp is TIMESTAMP or DATE: write ${set.timestamp}::TIMESTAMP in the spine.`,
        place: { cell: set.name },
      },
    );
  return spine;
}

/** A feature whose column the spine already has is called `view__feature`. */
function outputColumns(catalog: Catalog, set: TrainingSet, spine: readonly ColumnInfo[]): OutputColumn[] {
  const outputs = set.features.map((ref) => {
    const column = columnNamed(spine, ref.column) ? `${ref.view}__${ref.feature}` : ref.column;
    return { column, indicator: indicatorColumn(featureNamed(catalog, ref), column) };
  });
  const shown = shownColumns({ spine, outputs });
  for (const [index, column] of shown.entries())
    if (shown.slice(0, index).some((other) => sameName(other, column)))
      throw collision(set, `two columns of ${set.name} would be called ${column}`);
  return outputs;
}

/** The spine and the source must hold a view's join keys in types that compare without loss. */
async function checkKeys(
  reads: PlanReads,
  set: TrainingSet,
  { view, keys, availability }: CompiledView,
  spine: readonly ColumnInfo[],
): Promise<void> {
  const source = await reads.describe(`SELECT * FROM ${relation(sourceTable(view.source))}`);
  for (const key of keys) {
    requireColumn(set, spine, key.name, `the join key of ${view.name}`);
    checkKeyType(set, key, columnNamed(spine, key.name)!, `the spine of ${set.name}`);
    const there = columnNamed(source, key.name);
    if (!there) throw unknownColumn(set, key.name, view.source, source);
    checkKeyType(set, key, there, view.source);
  }
  requireSource(set, view, source, availability);
}

function requireSource(
  set: TrainingSet,
  view: FeatureView,
  source: readonly ColumnInfo[],
  availability: string | null,
): void {
  for (const name of [view.timestamp, view.validity?.to ?? null, view.createdTimestamp, availability])
    if (name !== null && !columnNamed(source, name)) throw unknownColumn(set, name, view.source, source);
}

const FAMILIES: Record<ScalarType, RegExp> = {
  int32: /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(\d+,0\))$/,
  int64: /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(\d+,0\))$/,
  float32: /^(FLOAT|DOUBLE)$/,
  float64: /^(FLOAT|DOUBLE)$/,
  bool: /^BOOLEAN$/,
  // Whatever prints as one text only: a key is then compared as text.
  string: /^(VARCHAR|UUID|ENUM\(.*|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/s,
  bytes: /^BLOB$/,
  timestamp: /^(TIMESTAMP.*|DATE)$/,
};

/** Whether a column of a DuckDB type can hold a join key of a declared type. */
export function fitsKey(declared: ScalarType, type: string): boolean {
  // "NULL" is the type of a literal NULL, which matches nothing whatever its type.
  return FAMILIES[declared].test(type) || type === '"NULL"';
}

function checkKeyType(
  set: TrainingSet,
  key: { name: string; type: ScalarType },
  { type }: ColumnInfo,
  where: string,
): void {
  if (fitsKey(key.type, type)) return;
  throw new PlumblineError(
    'catalog.type_mismatch',
    `join key ${key.name} is ${type} in ${where} and ${key.type} in its entity`,
    {
      hint: `Cast it, so that both sides hold the same kind of value; entity and data must agree.`,
      place: { cell: set.name },
    },
  );
}

function requireColumn(set: TrainingSet, columns: readonly ColumnInfo[], name: string, role: string): void {
  if (!columnNamed(columns, name))
    throw unknownColumn(set, name, `the spine of ${set.name}, ${role}`, columns);
}

function unknownColumn(
  set: TrainingSet,
  name: string,
  where: string,
  columns: readonly ColumnInfo[],
): PlumblineError {
  const names = columns.map((column) => column.name).filter((column) => !column.startsWith('__'));
  const meant = nearest(name, names);
  return new PlumblineError('catalog.unknown_column', `no column ${name} in ${where}`, {
    hint: meant === null ? `It has ${names.join(', ')}.` : `did you mean ${meant}?`,
    place: { cell: set.name },
  });
}

function collision(set: TrainingSet, message: string): PlumblineError {
  return new PlumblineError('catalog.name_collision', message, {
    hint: 'Rename the column in the spine’s SQL.',
    place: { cell: set.name },
  });
}

/** DuckDB compares names without regard to case. */
function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function columnNamed(columns: readonly ColumnInfo[], name: string): ColumnInfo | undefined {
  return columns.find((column) => sameName(column.name, name));
}

/** One statement of a build: what it computes, and the table that it makes. */
export interface TrainingStatement {
  name: string;
  /** For people, while it runs. */
  phase: string;
  sql: string;
}

/** The unfinished result's table; it takes the public name when it is complete. */
export function nextTable(set: string): string {
  return relation({ schema: INTERNAL_SCHEMA, name: `next_${set}` });
}

/** Stores and numbers the spine. `sample` = spine rows at most, null = all. */
export function spineStatements({ set, spine }: TrainingPlan, sample: number | null): TrainingStatement[] {
  const tables = spineTables(set.name);
  return [
    { name: 'spine', phase: `reading the spine of ${set.name}`, sql: storeSpineSql(tables, set.spineSql) },
    {
      name: 'rows',
      phase: `numbering the spine of ${set.name}`,
      sql: numberSpineSql(tables, spine, set.timestamp, sample),
    },
  ];
}

/** Computes the values and the naive values of part `at`, on one database and in one piece. */
export function partStatements(
  { set, parts }: TrainingPlan,
  at: number,
  options: PartOptions,
): TrainingStatement[] {
  const part = parts[at]!;
  const { name } = part.compiled.view;
  const values = createTable(partTable(set.name, part.slot), storedPartSql(set.name, part, options));
  const naive = createTable(naiveTable(set.name, part.slot), partNaiveSql(set.name, part));
  return [
    { name, phase: `computing ${name}`, sql: values },
    { name: `${name} naive`, phase: `joining ${name} naively`, sql: naive },
  ];
}

/** Puts spine and parts together in `nextTable`, or one range of their rows, in order from the first. */
export function resultStatement(
  plan: TrainingPlan,
  means: Means,
  range?: RowRange,
): TrainingStatement & { select: string } {
  const { set } = plan;
  const table = nextTable(set.name);
  const select = assembleSql({ ...plan, set: set.name, means, ...(range ? { range } : {}) });
  const first = range === undefined || range.at === 0;
  const sql = first ? createTable(table, select) : `INSERT INTO ${table}\n${select}`;
  return { name: 'result', phase: `assembling ${set.name}`, sql, select };
}

/** Everything that a build runs, in order; `taken` are the means that its defaults name, once the spine is stored. */
export function trainingStatements(
  plan: TrainingPlan,
  sample: number | null,
  taken: { means: readonly FeatureMean[]; statements: readonly TrainingStatement[] },
  plans?: ForcedPlans,
): TrainingStatement[] {
  return [
    ...spineStatements(plan, sample),
    ...taken.statements,
    ...plan.parts.flatMap((_, at) => partStatements(plan, at, { points: sample, plans })),
    resultStatement(plan, meansByRef(taken.means)),
  ];
}

const NO_MEANS = { means: [], statements: [] };

/**
 * The statements of a whole build, by what they compute. Means are known only once the spine is read: defaults that name
 * them show as NULL here. Errors: those of `planTrainingSet`.
 */
export async function compileTrainingSet(
  db: Database,
  catalog: Catalog,
  set: TrainingSet,
): Promise<{ name: string; sql: string }[]> {
  const statements = trainingStatements(await planTrainingSet(db, catalog, set), null, NO_MEANS);
  return statements.map(({ name, sql }) => ({ name, sql }));
}
