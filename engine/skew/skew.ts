import type { Catalog, SkewCheck } from '../catalog/model';
import { INTERNAL_SCHEMA, type Database, type QueryOptions } from '../database/database';
import { queryRows } from '../database/rows';
import { PlumblineError } from '../errors';
import type { OnProgress } from '../ports';
import type { SkewFeature, SkewResult } from '../results';
import { column, quote, relation } from '../sql/quote';
import { ambiguousSelect, pairsSelect, planAlignment, SIDE, type Alignment } from './alignment';
import { difference, isNumeric, mismatch, type Tolerance } from '../sql/compared-value';
import type { ComparedFeature } from './compared-feature';
import { distanceSelect, stabilitySelect } from './distribution';
import { mismatchesSelect } from './mismatches';

/** A check that has run: the result, and where its rows lie for the charts. */
export interface BuiltSkew {
  name: string;
  result: SkewResult;
  /**
   * The mismatching rows, one per feature and pair, by feature in the order of the training set, then by row:
   * feature VARCHAR, the join keys, the training set's time column, left VARCHAR, right VARCHAR, difference DOUBLE
   * (right - left). A view: safe to page with LIMIT and OFFSET.
   */
  relation: { schema: string; name: string };
  /** All pairs, see alignment.ts. */
  pairs: { schema: string; name: string };
  features: ComparedFeature[];
  keys: string[];
  tolerance: Tolerance;
  /** Rows of `relation`. */
  mismatches: number;
}

export interface CompareOptions extends QueryOptions {
  /** The training set holds only a sample of its spine: rows of the log alone are then expected and left out. */
  sampled?: boolean;
  onProgress?: OnProgress;
}

/**
 * Compares the table of a training set (`_plumb.training_<set>`, already built) with a serving log (already
 * loaded), row by row on the join keys and the time, and makes `_plumb.skew_<name>` with its mismatching rows.
 * Rates, differences and statistics are over the compared rows: those that both sides have. Differences leave out
 * pairs with a NULL or a number that is not finite. Errors: those of `planAlignment`, and `skew.no_overlap`.
 */
export async function compareSkew(
  db: Database,
  catalog: Catalog,
  check: SkewCheck,
  options: CompareOptions = {},
): Promise<BuiltSkew> {
  const plan = await planAlignment(db, catalog, check, options);
  const pairs = { schema: INTERNAL_SCHEMA, name: `skew_pairs_${check.name}` };
  const next = { schema: INTERNAL_SCHEMA, name: `skew_next_${check.name}` };
  options.onProgress?.({ phase: `aligning ${check.trainingSet} with ${check.serving.source}` });
  await db.query(
    `CREATE OR REPLACE TABLE ${relation(next)} AS ${pairsSelect(plan, { rightOnly: !options.sampled })}`,
    options,
  );
  const sides = await countSides(db, next, options);
  if (sides.both === 0) throw await noOverlap(db, plan, check, sides);
  const features: SkewFeature[] = [];
  for (const feature of plan.features) {
    if (options.signal?.aborted) throw new PlumblineError('engine.cancelled', 'The run was cancelled.');
    options.onProgress?.({
      phase: `comparing ${feature.column}`,
      rows: features.length,
      totalRows: plan.features.length,
    });
    features.push(
      feature.logged
        ? await compareFeature(db, relation(next), feature, check.tolerance, sides, options)
        : notCompared(feature, sides),
    );
  }
  const built: BuiltSkew = {
    name: check.name,
    result: { features, warnings: await warnings(db, plan, check, sides, options) },
    relation: { schema: INTERNAL_SCHEMA, name: `skew_${check.name}` },
    pairs,
    features: plan.features.filter((feature) => feature.logged),
    keys: plan.keys,
    tolerance: check.tolerance,
    mismatches: features.reduce((sum, feature) => sum + feature.mismatches, 0),
  };
  // The former result stays readable until this one is complete.
  await db.query(
    [
      'BEGIN',
      `DROP TABLE IF EXISTS ${relation(pairs)}`,
      `ALTER TABLE ${relation(next)} RENAME TO ${quote(pairs.name)}`,
      `CREATE OR REPLACE VIEW ${relation(built.relation)} AS ${mismatchesSelect(built, plan.leftTime)}`,
      'COMMIT',
    ].join(';\n'),
  );
  return built;
}

interface Sides {
  both: number;
  left: number;
  right: number;
}

async function countSides(db: Database, pairs: Alignment['left'], options: QueryOptions): Promise<Sides> {
  const sql = `SELECT ${quote(SIDE)} AS side, count(*) AS n FROM ${relation(pairs)} GROUP BY 1`;
  const rows = await queryRows(db, sql, options);
  const count = (side: string): number => Number(rows.find((row) => row['side'] === side)?.['n'] ?? 0);
  return { both: count('both'), left: count('left'), right: count('right') };
}

function notCompared(feature: ComparedFeature, sides: Sides): SkewFeature {
  return {
    ref: feature.ref,
    column: feature.column,
    compared: 0,
    only_left: sides.both + sides.left,
    only_right: 0,
    mismatches: 0,
    max_abs_diff: null,
    mean_abs_diff: null,
    psi: null,
    js: null,
    ks: null,
    null_rate: [null, null],
  };
}

async function compareFeature(
  db: Database,
  pairs: string,
  feature: ComparedFeature,
  tolerance: Tolerance,
  sides: Sides,
  options: QueryOptions,
): Promise<SkewFeature> {
  const one = async (sql: string): Promise<Record<string, unknown>> =>
    (await queryRows(db, sql, options))[0] ?? {};
  const summary = await one(summarySelect(pairs, feature, tolerance));
  const stability = feature.kind === 'exact' ? {} : await one(stabilitySelect(pairs, feature));
  const distance = isNumeric(feature) ? await one(distanceSelect(pairs, feature)) : {};
  return {
    ref: feature.ref,
    column: feature.column,
    compared: sides.both,
    only_left: sides.left,
    only_right: sides.right,
    mismatches: Number(summary['mismatches']),
    max_abs_diff: numberOrNull(summary['max_abs_diff']),
    mean_abs_diff: numberOrNull(summary['mean_abs_diff']),
    psi: numberOrNull(stability['psi']),
    js: numberOrNull(stability['js']),
    ks: numberOrNull(distance['ks']),
    null_rate: [Number(summary['left_nulls']) / sides.both, Number(summary['right_nulls']) / sides.both],
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function summarySelect(pairs: string, feature: ComparedFeature, tolerance: Tolerance): string {
  const gap = `abs(${difference(feature)})`;
  return [
    `SELECT count(*) FILTER (${mismatch(feature, tolerance)}) AS mismatches,`,
    `  max(${gap}) FILTER (isfinite(${gap})) AS max_abs_diff,`,
    `  avg(${gap}) FILTER (isfinite(${gap})) AS mean_abs_diff,`,
    `  count(*) FILTER (${column('p', feature.left)} IS NULL) AS left_nulls,`,
    `  count(*) FILTER (${column('p', feature.right)} IS NULL) AS right_nulls`,
    `FROM ${pairs} AS p WHERE ${column('p', SIDE)} = 'both'`,
  ].join('\n');
}

async function warnings(
  db: Database,
  plan: Alignment,
  check: SkewCheck,
  sides: Sides,
  options: CompareOptions,
): Promise<string[]> {
  const log = check.serving.source;
  const said: string[] = [];
  if (sides.left > 0) said.push(`${rows(sides.left)} of ${check.trainingSet} not in ${log}.`);
  if (sides.right > 0) said.push(`${rows(sides.right)} of ${log} not in ${check.trainingSet}.`);
  if (options.sampled) said.push(`${check.trainingSet} is a sample; what only ${log} holds is not counted.`);
  if (plan.missingKeys.length > 0)
    said.push(`${log} has no column ${plan.missingKeys.join(', ')}: rows are aligned without it.`);
  for (const feature of plan.features)
    if (!feature.logged) said.push(`${log} has no column ${feature.column}: nothing to compare.`);
  const [ambiguous] = await queryRows(db, ambiguousSelect(plan), options);
  for (const [side, name] of [
    ['left', check.trainingSet],
    ['right', log],
  ] as const) {
    const count = Number(ambiguous?.[side] ?? 0);
    if (count > 0)
      said.push(
        `${count} ${count === 1 ? 'key and time occurs' : 'keys and times occur'} in ${name} more than once; such rows are paired in order.`,
      );
  }
  return said;
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

async function noOverlap(
  db: Database,
  plan: Alignment,
  check: SkewCheck,
  sides: Sides,
): Promise<PlumblineError> {
  const span = async (table: Alignment['left'], time: string): Promise<string> => {
    const ends = `min(${quote(time)})::VARCHAR AS low, max(${quote(time)})::VARCHAR AS high`;
    const [row] = await queryRows(db, `SELECT ${ends} FROM ${relation(table)}`);
    return row?.['low'] ? `${String(row['low'])} to ${String(row['high'])}` : 'no time at all';
  };
  const left = await span(plan.left, plan.leftTime);
  const right = await span(plan.right, plan.rightTime);
  return new PlumblineError(
    'skew.no_overlap',
    `No row of ${check.trainingSet} (${rows(sides.left)}) has the keys and the time of a row of ${check.serving.source}.`,
    {
      hint: `Rows are aligned on ${[...plan.keys, plan.leftTime].join(', ')}, to the microsecond. The times are ${left} and ${right}.`,
    },
  );
}
