import { sha256Text } from '../catalog/digest';
import { indicatorColumn } from '../catalog/feature-named';
import { gridInstants, gridLength, MOST_PARTITIONS } from '../catalog/grid';
import { isoMicroseconds } from '../catalog/instant';
import type { Backfill, Catalog } from '../catalog/model';
import type { Database } from '../database/database';
import { canonicalJson, viewDefinitions, type ManifestSource } from '../database/manifest-parts';
import { PlumblineError } from '../errors';
import type { CompiledView } from '../sql/compiled-view';
import {
  GRID_TIME_COLUMN,
  gridEntitiesSql,
  gridPointsSql,
  gridRowsSql,
  gridTables,
  gridValuesSql,
} from '../sql/grid-snapshot';
import { requireDisjoint } from '../sql/interval-overlap';
import { snapshotEnd } from '../sql/snapshot-end';
import { prepareView } from '../sql/view-facts';
import { partitionFile, type Partition } from './partition';

/** What the values of one view rest on: equal parts give equal files. It is kept in each file's own metadata. */
export interface ViewRecord {
  plumbline_manifest: number;
  engine: { plumbline: string; duckdb: string };
  view: string;
  compression: string;
  /** View, entities and source without what is for people only; durations in microseconds as decimal strings. */
  definitions: Record<string, unknown>;
  /** `$instants`, `$from` and `$to` stand for the instants and for the range of points of one statement. */
  sql: { name: string; sql: string }[];
  sources: ManifestSource[];
}

export interface PlannedView {
  compiled: CompiledView;
  /** Columns of its files, in order. */
  columns: string[];
  record: ViewRecord;
  /** Digest of the record: a file that was written under the same one need not be written again. */
  basis: string;
  partitions: Partition[];
}

export interface BackfillPlan {
  backfill: Backfill;
  views: PlannedView[];
}

export interface PlanInputs {
  /** Plumbline's own version. */
  version: string;
  /** The loaded sources that a view rests on, with the digests of their files. */
  sources(view: string): ManifestSource[];
  signal?: AbortSignal;
}

/** The format of the record in a file. */
const RECORD_VERSION = 1;

/**
 * Resolves a backfill: which files there are to be, and what each rests on. Asks the sources for their sizes, and
 * for the greatest event time where the end is `max`. Errors: those of `prepareView`; `data.overlap`; `notebook.schema` for more files than MOST_PARTITIONS.
 */
export async function planBackfill(
  db: Database,
  catalog: Catalog,
  backfill: Backfill,
  inputs: PlanInputs,
): Promise<BackfillPlan> {
  const { version: duckdb } = await db.info();
  const views: PlannedView[] = [];
  let files = 0n;
  for (const view of backfill.views) {
    const compiled = await prepareView(db, catalog, view, undefined, inputs.signal);
    await requireDisjoint(db, compiled, inputs.signal);
    const end = await snapshotEnd(db, compiled, backfill.end, inputs.signal);
    if (end !== null) files += gridLength(backfill.start, end, backfill.every);
    if (files > BigInt(MOST_PARTITIONS)) throw tooMany(backfill, files);
    const instants = end === null ? [] : gridInstants(backfill.start, end, backfill.every);
    const record: ViewRecord = {
      plumbline_manifest: RECORD_VERSION,
      engine: { plumbline: inputs.version, duckdb },
      view,
      compression: backfill.compression,
      definitions: viewDefinitions(catalog, compiled.view),
      sql: sqlOf(compiled),
      sources: inputs.sources(view),
    };
    views.push({
      compiled,
      columns: columnsOf(compiled),
      record,
      basis: await sha256Text(canonicalJson(record)),
      partitions: instants.map((at) => ({ view, at, file: partitionFile(view, at, backfill.every) })),
    });
  }
  return { backfill, views };
}

/** The statements behind a view's files, as they run for each range of points. */
export function sqlOf(compiled: CompiledView): { name: string; sql: string }[] {
  const tables = gridTables(compiled.view.name);
  return [
    { name: 'entities', sql: gridEntitiesSql(compiled) },
    { name: 'points', sql: gridPointsSql(compiled, tables, '$instants') },
    { name: 'values', sql: gridValuesSql(compiled, tables, '$from', '$to') },
    { name: 'rows', sql: gridRowsSql(compiled, tables, '$from', '$to') },
  ];
}

function columnsOf({ keys, features }: CompiledView): string[] {
  return [
    ...keys.map((key) => key.name),
    GRID_TIME_COLUMN,
    ...features.flatMap(({ feature }) => [feature.name, indicatorColumn(feature, feature.name) ?? []].flat()),
  ];
}

function tooMany({ name, start }: Backfill, files: bigint): PlumblineError {
  return new PlumblineError(
    'notebook.schema',
    `The grid of ${name} has ${files} files from ${isoMicroseconds(start)} on; the most is ${MOST_PARTITIONS}.`,
    { hint: 'Take a longer `every`, a later `start`, or an `end` before the latest event.' },
  );
}
