import { featureNamed } from '../catalog/feature-named';
import type { Catalog, NamedFeature, SkewCheck, TrainingSet } from '../catalog/model';
import { INTERNAL_SCHEMA, type Database, type QueryOptions, type TablePlace } from '../database/database';
import { queryRows } from '../database/rows';
import { PlumblineError } from '../errors';
import type { OnProgress } from '../ports';
import type { SkewFeature, SkewResult } from '../results';
import type { Tolerance } from '../sql/compared-value';
import { quote, relation } from '../sql/quote';
import { planAlignment, SIDE, type Alignment } from './alignment';
import { attributionOf } from './attribution-of';
import type { ComparedFeature } from './compared-feature';
import { aboveLimits } from './limits';
import { mismatchesSelect } from './mismatches';
import { noOverlap } from './no-overlap';
import { NO_NUMBERS, skewNumbers, type NumbersOf } from './numbers';
import { pairUp } from './pairing';
import { servedOf } from './served';
import { segmentColumns, skewSegments } from './segments';
import { skewWarnings } from './skew-warnings';
import type { Side } from './side';

/** A check that has run: the result, and where its rows lie for the charts. */
export interface BuiltSkew {
  name: string;
  result: SkewResult;
  /**
   * The mismatching rows, one per feature and pair, by feature in the order of the training set, then by row:
   * feature VARCHAR, the join keys, the training set's time column, left VARCHAR, right VARCHAR, difference DOUBLE
   * (right - left). A view: safe to page with LIMIT and OFFSET.
   */
  relation: TablePlace;
  /** All pairs, see alignment.ts. */
  pairs: TablePlace;
  alignment: Alignment;
  features: ComparedFeature[];
  keys: string[];
  /** The time column's name in `relation`. */
  time: string;
  /** By the feature's column; without those that are not known. */
  definitions: ReadonlyMap<string, NamedFeature>;
  tolerance: Tolerance;
  /** Rows of `relation`. */
  mismatches: number;
}

export interface CompareOptions extends QueryOptions {
  /** Whether causes are looked for; true unless said. */
  causes?: boolean;
  onProgress?: OnProgress;
}

/** The rows of both sides, side by side. */
interface Counts {
  both: number;
  left: number;
  right: number;
}

/**
 * Compares two sides row by row on the join keys and the time, names the causes of what differs, and makes
 * `_plumb.skew_<name>` with the mismatching rows. Rates, differences and statistics are over the compared rows: those that
 * both sides have. Errors: those of `planAlignment`, and `skew.no_overlap`.
 */
export async function compareSkew(
  db: Database,
  job: Comparison,
  options: CompareOptions = {},
): Promise<BuiltSkew> {
  const next = { schema: INTERNAL_SCHEMA, name: `skew_next_${job.check.name}` };
  try {
    return await compareInto(db, next, job, options);
  } catch (thrown) {
    await db.query(`DROP TABLE IF EXISTS ${relation(next)}`).catch(() => {
      // The engine is gone; the table with it.
    });
    throw thrown;
  }
}

interface Comparison {
  catalog: Catalog;
  set: TrainingSet;
  check: SkewCheck;
  left: Side;
  right: Side;
}

async function compareInto(
  db: Database,
  next: TablePlace,
  { catalog, set, check, left, right }: Comparison,
  options: CompareOptions,
): Promise<BuiltSkew> {
  const plan = planAlignment(catalog, set, check, left, right);
  const pairs = { schema: INTERNAL_SCHEMA, name: `skew_pairs_${check.name}` };
  options.onProgress?.({ phase: `aligning ${left.name} with ${right.name}` });
  // What a sample leaves out of the left side is no row of the right side alone.
  const ambiguous = await pairUp(db, plan, relation(next), { ...options, rightOnly: left.sample === null });
  const counts = await countSides(db, next, options);
  if (counts.both === 0) throw await noOverlap(db, plan, counts);
  const features: SkewFeature[] = [];
  for (const [index, feature] of plan.features.entries()) {
    if (options.signal?.aborted) throw new PlumblineError('engine.cancelled', 'The run was cancelled.');
    const of: NumbersOf = {
      pairs: relation(next),
      feature,
      tolerance: check.tolerance,
      definition: definitionOf(catalog, set, feature),
    };
    options.onProgress?.({
      phase: `comparing ${feature.column}`,
      rows: features.length,
      totalRows: plan.features.length,
    });
    features.push(await compareFeature(db, { plan, set, check, of, index, counts }, options));
  }
  const result: SkewResult = {
    sides: [left.name, right.name],
    rows: 2 * counts.both + counts.left + counts.right,
    unmatched: counts.left + counts.right,
    features,
    failed: [],
    warnings: skewWarnings(plan, counts, ambiguous),
  };
  result.failed = aboveLimits(check.limits, result);
  const built: BuiltSkew = {
    name: check.name,
    result,
    relation: { schema: INTERNAL_SCHEMA, name: `skew_${check.name}` },
    pairs,
    alignment: plan,
    features: plan.features.filter((feature) => feature.logged),
    keys: plan.keys,
    time: set.timestamp,
    definitions: new Map(
      plan.features.flatMap((feature) => {
        const definition = definitionOf(catalog, set, feature);
        return definition === null ? [] : [[feature.column, definition]];
      }),
    ),
    tolerance: check.tolerance,
    mismatches: features.reduce((sum, feature) => sum + feature.mismatches, 0),
  };
  // The former result stays readable until this one is complete.
  await db.query(
    [
      'BEGIN',
      `DROP TABLE IF EXISTS ${relation(pairs)}`,
      `ALTER TABLE ${relation(next)} RENAME TO ${quote(pairs.name)}`,
      `CREATE OR REPLACE VIEW ${relation(built.relation)} AS ${mismatchesSelect(built)}`,
      'COMMIT',
    ].join(';\n'),
  );
  return built;
}

function definitionOf(catalog: Catalog, set: TrainingSet, feature: ComparedFeature) {
  const ref = set.features.find(({ view, feature: name }) => `${view}:${name}` === feature.ref);
  return (ref && featureNamed(catalog, ref)) ?? null;
}

async function countSides(db: Database, pairs: TablePlace, options: QueryOptions): Promise<Counts> {
  const sql = `SELECT ${quote(SIDE)} AS side, count(*) AS n FROM ${relation(pairs)} GROUP BY 1`;
  const rows = await queryRows(db, sql, options);
  const count = (side: string): number => Number(rows.find((row) => row['side'] === side)?.['n'] ?? 0);
  return { both: count('both'), left: count('left'), right: count('right') };
}

async function compareFeature(
  db: Database,
  job: { plan: Alignment; set: TrainingSet; check: SkewCheck; of: NumbersOf; index: number; counts: Counts },
  options: CompareOptions,
): Promise<SkewFeature> {
  const { check, of, index, counts } = job;
  const { ref, column: name, logged } = of.feature;
  if (!logged) {
    const own = of.feature.columns.left !== null;
    return {
      ref,
      column: name,
      ...NO_NUMBERS,
      only_left: own ? counts.both + counts.left : 0,
      only_right: own ? 0 : counts.both + counts.right,
      causes: [],
      segments: [],
    };
  }
  const numbers = await skewNumbers(db, of, options);
  const columns = segmentColumns(check.segments);
  const segments = [];
  for (const by of check.segments) segments.push(...(await skewSegments(db, of, by, columns, options)));
  const served = await servedOf(db, of, index, options);
  const feature: SkewFeature = {
    ref,
    column: name,
    ...numbers,
    only_left: counts.left,
    only_right: counts.right,
    causes: [],
    segments,
    ...(served === null ? {} : { served }),
  };
  if (numbers.mismatches === 0 || options.causes === false) return feature;
  options.onProgress?.({
    phase: `looking for the cause in ${name}`,
    rows: index,
    totalRows: job.plan.features.length,
  });
  const attribution = await attributionOf(db, job.plan, job.set, of, options);
  if (attribution === null) return feature;
  return {
    ...feature,
    attribution,
    causes: attribution.causes.map(({ cause, explains }) => ({ cause, explains })),
  };
}
