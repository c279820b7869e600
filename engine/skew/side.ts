import type { Catalog, FeatureRef, Source, TrainingSet } from '../catalog/model';
import {
  ORDER_COLUMN,
  sourceTable,
  type ColumnInfo,
  type Database,
  type QueryOptions,
  type TablePlace,
} from '../database/database';
import { PlumblineError } from '../errors';
import { quote, relation } from '../sql/quote';
import type { Means } from '../sql/mean';
import { trainingTable } from '../training/training-set';
import { FEAST_LOG_TIME, feastColumn } from './feast-log';

/** One side of a comparison: a relation with join keys, a time and the values of features. */
export interface Side {
  /** What it is called, as in `sideNames`. */
  name: string;
  table: TablePlace;
  /** The column that numbers its rows: rows of the same keys and time are paired in this order. */
  order: string;
  time: string;
  /** DuckDB type by column. */
  types: ReadonlyMap<string, string>;
  /** The column that holds a feature; null where there is none. */
  columnOf(ref: FeatureRef): string | null;
  /** Whether the side says anything of a feature at all; absent = of every one. */
  only?(ref: FeatureRef): boolean;
  /** Only so many of the rows there are; null = all. */
  sample: number | null;
  /** The definitions that give its values, so that they can be computed otherwise; null where nothing is known of them. */
  definitions: SideDefinitions | null;
  /** What a reader of the result must know of the side. */
  remarks: string[];
}

export interface SideDefinitions {
  catalog: Catalog;
  means: Means;
  /** What gives a feature of the compared set here. */
  refOf(ref: FeatureRef): FeatureRef | null;
}

/** The rows of a built training set. `columns`: its feature columns in the order of the set. */
export async function trainingSide(
  db: Database,
  name: string,
  built: {
    catalog: Catalog;
    set: TrainingSet;
    means: Means;
    columns: readonly string[];
    sample?: number | null;
  },
  options: QueryOptions = {},
): Promise<Side> {
  const { set, catalog, means, columns, sample = null } = built;
  const table = trainingTable(set.name);
  return {
    name,
    table,
    order: '__row',
    time: set.timestamp,
    types: await typesOf(db, table, options),
    columnOf: (ref) => {
      const at = set.features.findIndex((one) => one.view === ref.view && one.feature === ref.feature);
      return columns[at] ?? null;
    },
    sample,
    definitions: { catalog, means, refOf: (ref) => ref },
    remarks: [],
  };
}

/** A set's rows for a comparison of other features, each of which one of the set's stands `by`. */
export function featuresBy(side: Side, features: readonly { ref: FeatureRef; by: FeatureRef }[]): Side {
  const byOf = (ref: FeatureRef): FeatureRef | null =>
    features.find(({ ref: own }) => own.view === ref.view && own.feature === ref.feature)?.by ?? null;
  const columnOf = (ref: FeatureRef): string | null => {
    const by = byOf(ref);
    return by && side.columnOf(by);
  };
  return {
    ...side,
    columnOf,
    only: (ref) => byOf(ref) !== null,
    definitions: side.definitions && { ...side.definitions, refOf: byOf },
  };
}

/**
 * A loaded source with the features under their names or as Feast logs them (`view__feature`). Errors:
 * `catalog.unknown_column` for a source without a time.
 */
export async function sourceSide(
  db: Database,
  name: string,
  source: Source,
  timestamp: string | null,
  options: QueryOptions = {},
): Promise<Side> {
  const table = sourceTable(source.name);
  const types = await typesOf(db, table, options);
  const time = timestamp ?? source.timestamp ?? (types.has(FEAST_LOG_TIME) ? FEAST_LOG_TIME : null);
  return { ...rowsSide(name, table, types, requireTime(source.name, time, types)), order: ORDER_COLUMN };
}

/** The rows of a query cell that has run. Errors: `catalog.unknown_column` where it has no such time. */
export async function querySide(
  db: Database,
  query: string,
  timestamp: string,
  options: QueryOptions = {},
): Promise<Side> {
  const table = { schema: 'main', name: query };
  const types = await typesOf(db, table, options);
  return rowsSide(query, table, types, requireTime(query, timestamp, types));
}

function rowsSide(name: string, table: TablePlace, types: ReadonlyMap<string, string>, time: string): Side {
  return {
    name,
    table,
    order: 'rowid',
    time,
    types,
    columnOf: (ref) => (types.has(ref.column) ? ref.column : feastColumn(ref, types)),
    sample: null,
    definitions: null,
    remarks: [],
  };
}

function requireTime(name: string, time: string | null, types: ReadonlyMap<string, string>): string {
  if (time !== null && types.has(time)) return time;
  const what = time === null ? 'names no time' : `has no column ${time}`;
  throw new PlumblineError('catalog.unknown_column', `${name} ${what}.`, {
    hint: 'Give it "timestamp:", the column with the time of the request.',
  });
}

/** DuckDB type by column. */
export async function typesOf(
  db: Database,
  table: TablePlace,
  options: QueryOptions = {},
): Promise<Map<string, string>> {
  const columns: ColumnInfo[] = await db.describe(`SELECT * FROM ${relation(table)}`, options);
  return new Map(columns.map(({ name, type }) => [name, type]));
}

/** The instant of a side's row as an SQL scalar. */
export function timeOf(side: Side, alias: string): string {
  const column = `${alias}.${quote(side.time)}`;
  return side.types.get(side.time) === 'TIMESTAMP' ? column : `CAST(${column} AS TIMESTAMP)`;
}
