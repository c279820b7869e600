import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Backfill, Catalog } from '../catalog/model';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { withDefault } from '../sql/default-value';
import { quote } from '../sql/quote';
import { snapshotSql } from '../sql/snapshot';
import { prepareView } from '../sql/view-facts';

/** A backfill of the views `agg` and `tab` unless told otherwise. */
export function aBackfill(more: Partial<Backfill> = {}): Backfill {
  return {
    name: 'history',
    views: ['agg', 'tab'],
    start: 0n,
    end: 0n,
    every: 86_400_000_000n,
    out: 'out/history',
    compression: 'zstd',
    ...more,
  };
}

/** A SELECT of what the file of a view at an instant must hold: one snapshot of its own, after the default policy. */
export async function snapshotSelect(
  db: Database,
  catalog: Catalog,
  view: string,
  at: bigint,
): Promise<string> {
  const compiled = await prepareView(db, catalog, view);
  const columns = [
    ...compiled.keys.map((key) => quote(key.name)),
    `make_timestamp(${at}) AS event_timestamp`,
    ...compiled.features.flatMap(({ feature }) => [
      `${withDefault(feature, quote(feature.name))} AS ${quote(feature.name)}`,
      ...(feature.missingIndicator
        ? [`${quote(feature.name)} IS NULL AS ${quote(`${feature.name}__missing`)}`]
        : []),
    ]),
  ];
  return `SELECT ${columns.join(', ')} FROM (${snapshotSql(compiled, at, null)})`;
}

/** The same rows as texts, ordered by key. */
export async function snapshotTexts(
  db: Database,
  catalog: Catalog,
  view: string,
  at: bigint,
): Promise<unknown[][]> {
  const select = await snapshotSelect(db, catalog, view, at);
  const rows = await queryRows(db, `SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${select})`);
  return rows.map((row) => Object.values(row));
}

/** Native DuckDB, which reads the files as a stranger would. Close it. */
export async function openNative(): Promise<DuckDBConnection> {
  return (await DuckDBInstance.create(':memory:')).connect();
}

/** The rows of a view's files at an instant as native DuckDB reads them, found by their hive partitions. */
export async function nativeTexts(
  native: DuckDBConnection,
  folder: string,
  view: string,
  partition: { date: string; time?: string },
): Promise<unknown[][]> {
  const where = [`date = DATE '${partition.date}'`];
  if (partition.time !== undefined) where.push(`time = '${partition.time}'`);
  const types = `{'date': DATE${partition.time === undefined ? '' : ", 'time': VARCHAR"}}`;
  const found = await native.runAndReadAll(
    `SELECT CAST(COLUMNS(c -> c NOT IN ('date', 'time')) AS VARCHAR)
     FROM read_parquet('${join(folder, view)}/**/*.parquet', hive_partitioning = true, hive_types = ${types})
     WHERE ${where.join(' AND ')}`,
  );
  return found.getRowsJson() as unknown[][];
}

/** Every file below a folder with its bytes, hidden ones too; paths relative to it, sorted. */
export async function treeOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    await Promise.all(files.map(async (file) => [relative(folder, file), await readFile(file)] as const)),
  );
}
