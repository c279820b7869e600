import { type Database, INTERNAL_SCHEMA } from '../database/database';
import { queryRows } from '../database/rows';
import type { SweepPoint } from '../results';
import { compareKind, type ComparedPair, difference, mismatch, type Tolerance } from '../sql/compared-value';
import { type CompiledView, keyColumns, keySelect } from '../sql/compiled-view';
import { duckType } from '../sql/duck-type';
import type { Points } from '../sql/points';
import { quote, relation } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { valuesSql } from '../sql/view-values';
import { pointsAt, STREAM_VALUES } from './consumer-sql';

/** As everywhere where nobody says otherwise: sums of the same numbers in another order are called equal. */
const TOLERANCE: Tolerance = { absolute: 0, relative: 1e-9 };

export interface ComparisonTables {
  /** The log's rows in order of arrival, see `makeArrivals`. */
  arrivals: string;
  /** A view of those that are in time. */
  accepted: string;
  /** Every entity of either side at the end: `__row`, `__t`, the keys. */
  points: string;
  /** The batch source's values there: `__row`, `__v<i>`, `__s<i>`. */
  batch: string;
  /** The points with `__b<i>` and `__s<i>` (values of batch and stream) and `__d<i>` (whether they differ). */
  pairs: string;
}

export function comparisonTables(replay: string): ComparisonTables {
  const table = (part: string) => relation({ schema: INTERNAL_SCHEMA, name: `replay_${part}_${replay}` });
  return {
    arrivals: table('arrivals'),
    accepted: table('accepted'),
    points: table('points'),
    batch: table('batch_values'),
    pairs: table('pairs'),
  };
}

/** A view over its batch source and over its log, features in the same order. */
export interface Sides {
  batch: CompiledView;
  log: CompiledView;
}

/** Every entity that has a row by `end` (microseconds) on either side, and the batch source's values there. */
export async function batchValues(
  db: Database,
  { batch, log }: Sides,
  tables: ComparisonTables,
  end: bigint,
  signal?: AbortSignal,
): Promise<number> {
  const keys = keyColumns(batch.keys);
  const both = [batch, log].map((side) => block(entitiesBy(side, end))).join('\nUNION\n');
  const entities = printSelect({ columns: keys, from: [`${block(both)} AS e`] });
  const points = pointsAt(batch, entities, end).sql;
  await db.query(`CREATE OR REPLACE TABLE ${tables.points} AS\n${points}`, { signal });
  const [row] = await queryRows(db, `SELECT count(*) AS n FROM ${tables.points}`, { signal });
  const count = Number(row?.['n'] ?? 0);
  const values = valuesSql(batch, comparedPoints(tables, count), STREAM_VALUES);
  await db.query(`CREATE OR REPLACE TABLE ${tables.batch} AS\n${values}`, { signal });
  return count;
}

/** The entities of a side that a value at `end` is for. */
function entitiesBy({ view, source, keys, availability }: CompiledView, end: bigint): string {
  return printSelect({
    columns: keySelect(keys),
    distinct: true,
    from: [source],
    where: [
      `epoch_us(${quote(view.timestamp)}) <= ${end}`,
      ...(availability === null ? [] : [`epoch_us(${quote(availability)}) <= ${end}`]),
      ...keys.map((key) => `${quote(key.name)} IS NOT NULL`),
    ],
  });
}

function comparedPoints({ points }: ComparisonTables, count: number): Points {
  return { sql: printSelect({ columns: ['*'], from: [points] }), count };
}

/** Batch and stream side by side at all points; `stream` is compiled over the stream's rows. */
export function pairsSql(stream: CompiledView, tables: ComparisonTables, count: number): string {
  const { features } = stream;
  const values = valuesSql(stream, comparedPoints(tables, count), { ...STREAM_VALUES, keepKeys: false });
  const sides = printSelect({
    columns: [
      'p.*',
      ...features.flatMap((_, at) => [`b."__v${at}" AS "__b${at}"`, `s."__v${at}" AS "__s${at}"`]),
    ],
    from: [
      `${tables.points} AS p`,
      `JOIN ${tables.batch} AS b ON b."__row" = p."__row"`,
      `JOIN ${block(values)} AS s ON s."__row" = p."__row"`,
    ],
  });
  return printSelect({
    columns: ['*', ...features.map((_, at) => `${differs(stream, at)} AS "__d${at}"`)],
    from: [`${block(sides)} AS p`],
  });
}

export function comparedPair({ features }: CompiledView, at: number): ComparedPair {
  const type = duckType(features[at]!.feature.type);
  return { kind: compareKind(type, type) ?? 'exact', left: `__b${at}`, right: `__s${at}` };
}

function differs(compiled: CompiledView, at: number): string {
  return mismatch(comparedPair(compiled, at), TOLERANCE);
}

export interface Agreement {
  compared: number;
  equal: number;
  features: SweepPoint['features'];
}

/** How well pairs agree; `pairs`: SQL of what `pairsSql` gives, or its table. */
export async function agreement(
  db: Database,
  compiled: CompiledView,
  pairs: string,
  signal?: AbortSignal,
): Promise<Agreement> {
  const { features, view } = compiled;
  const any = features.map((_, at) => `p."__d${at}"`).join(' OR ');
  const sql = printSelect({
    columns: [
      'count(*) AS n',
      `count(*) FILTER (WHERE NOT (${any})) AS equal`,
      ...features.flatMap((_, at) => {
        const gap = `abs(${difference(comparedPair(compiled, at))})`;
        const real = `FILTER (WHERE p."__d${at}" AND isfinite(${gap}))`;
        return [
          `count(*) FILTER (WHERE p."__d${at}") AS d${at}`,
          `avg(${gap}) ${real} AS mean${at}`,
          `max(${gap}) ${real} AS most${at}`,
        ];
      }),
    ],
    from: [`${pairs} AS p`],
  });
  const [row = {}] = await queryRows(db, sql, { signal });
  const real = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return {
    compared: Number(row['n']),
    equal: Number(row['equal']),
    features: features.map(({ feature }, at) => ({
      ref: `${view.name}:${feature.name}`,
      differing: Number(row[`d${at}`]),
      mean_abs_diff: real(row[`mean${at}`]),
      max_abs_diff: real(row[`most${at}`]),
    })),
  };
}
