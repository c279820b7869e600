import { isoMicroseconds } from '../catalog/instant';
import type { Catalog, FeatureView } from '../catalog/model';
import { writeCheckedParquet, type ParquetHost } from '../database/checked-parquet';
import { INTERNAL_SCHEMA, type ArrowBytes, type Database } from '../database/database';
import { queryRows, rowsIn } from '../database/rows';
import { PlumblineError } from '../errors';
import { throwIfCancelled } from '../online/redis-link';
import type { OnProgress } from '../ports';
import { requireDisjoint } from '../sql/interval-overlap';
import { quote, relation } from '../sql/quote';
import { lastEvent } from '../sql/snapshot';
import { prepareView } from '../sql/view-facts';
import { feastConnectionLimits, type FeastConnection } from './online-store';
import {
  featuresPython,
  featureStoreYaml,
  requireFeastProject,
  unstorable,
  type ExportedView,
} from './repository';
import { timeColumns, viewRowsSql } from './view-rows';

export interface FeastExportHost extends ParquetHost {
  database: Database;
}

export interface FeastExportOptions {
  /** Relative to `files` of the host; `` = the folder itself. */
  folder: string;
  /** The notebook's name, for the file's first line. */
  notebook: string;
  project: string;
  connection: FeastConnection;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

export interface FeastExport {
  /** Every file that was written, relative to `files` of the host. */
  files: string[];
  /** Rows of each view's Parquet file; `snapshotAt` as in `ExportedView`. */
  views: { view: string; rows: number; snapshotAt: string | null }[];
  /** Views that the online store cannot hold, with the reason. */
  left: { view: string; reason: string }[];
  /** What of the connection Feast cannot take, in words. */
  limits: string[];
}

/** The project under which the notebook materializes, if it is one. Error: `export.failed`. */
export function feastProject(catalog: Catalog): string {
  const projects = new Set([...catalog.materializations.values()].map(({ project }) => project));
  const [only] = projects;
  if (only !== undefined && projects.size === 1) return only;
  throw new PlumblineError(
    'export.failed',
    projects.size === 0
      ? 'The notebook has no materialize cell, so the project is not known.'
      : `The notebook materializes under ${projects.size} projects: ${[...projects].join(', ')}.`,
    { hint: 'Say which project the Feast repository is for.' },
  );
}

/** The end that a materialize cell gives the view; `max` without one. */
function endOf(catalog: Catalog, view: FeatureView): bigint | 'max' {
  const cells = [...catalog.materializations.values()].filter(({ views }) => views.includes(view.name));
  return cells[0]?.end ?? 'max';
}

/** The views that a repository can hold; their cells must have run before it is written. */
export function feastViews(catalog: Catalog): { views: FeatureView[]; left: FeastExport['left'] } {
  const views: FeatureView[] = [];
  const left: FeastExport['left'] = [];
  for (const view of catalog.views.values()) {
    const reason = unstorable(catalog, view);
    if (reason === null) views.push(view);
    else left.push({ view: view.name, reason });
  }
  return { views, left };
}

/**
 * Writes a Feast repository that reads what Plumbline materializes: feature_store.yaml, features.py and one Parquet file
 * per view. No secret is written. Errors: `export.failed`, `export.mismatch`, `data.overlap`, `engine.*`, `file.*`.
 */
export async function exportFeastRepository(
  host: FeastExportHost,
  catalog: Catalog,
  options: FeastExportOptions,
): Promise<FeastExport> {
  const { project, connection, notebook, signal, onProgress } = options;
  requireFeastProject(project);
  const { views, left } = feastViews(catalog);
  if (views.length === 0)
    throw new PlumblineError(
      'export.failed',
      'The notebook has no view that a Feast repository could hold.',
      {
        hint: left[0]?.reason ?? 'Add a view cell.',
      },
    );
  const at = (file: string): string => (options.folder === '' ? file : `${options.folder}/${file}`);
  const exported: ExportedView[] = [];
  const limits = feastConnectionLimits(connection);
  const done: FeastExport = { files: [], views: [], left, limits };
  for (const [index, view] of views.entries()) {
    const phase = `writing ${view.name}, ${index + 1} of ${views.length} views`;
    onProgress?.({ phase });
    const file = `data/${view.name}.parquet`;
    const onRows = (passed: number, totalRows: number) => onProgress?.({ phase, rows: passed, totalRows });
    const { rows, ...written } = await writeView(host, catalog, view, at(file), { signal, onRows });
    exported.push({ view, file, ...written });
    done.views.push({ view: view.name, rows, snapshotAt: written.snapshotAt });
    done.files.push(at(file));
  }
  throwIfCancelled(signal);
  const input = { catalog, notebook, project, connection, views: exported };
  for (const [file, text] of [
    ['feature_store.yaml', featureStoreYaml(input)],
    ['features.py', featuresPython(input)],
  ] as const) {
    await host.files.write(at(file), new TextEncoder().encode(text));
    done.files.push(at(file));
  }
  return done;
}

/** The same batches, told of as they pass. */
async function* counted(
  batches: AsyncIterable<ArrowBytes>,
  onRows: (rows: number) => void,
): AsyncGenerator<ArrowBytes> {
  let rows = 0;
  for await (const bytes of batches) {
    yield bytes;
    onRows((rows += rowsIn(bytes)));
  }
}

async function writeView(
  host: FeastExportHost,
  catalog: Catalog,
  view: FeatureView,
  file: string,
  { signal, onRows }: { signal?: AbortSignal; onRows(rows: number, total: number): void },
): Promise<Pick<ExportedView, 'times' | 'snapshotAt'> & { rows: number }> {
  const { database } = host;
  const compiled = await prepareView(database, catalog, view.name, undefined, signal);
  await requireDisjoint(database, compiled, signal);
  const end = endOf(catalog, view);
  const times = timeColumns(compiled);
  const table = relation({ schema: INTERNAL_SCHEMA, name: `feast_${view.name}` });
  try {
    await database.query(`CREATE OR REPLACE TABLE ${table} AS\n${viewRowsSql(compiled, end, times)}`, {
      signal,
    });
    const asked = `SELECT count(*) AS n, ${end === 'max' ? lastEvent(compiled) : `CAST(${end} AS BIGINT)`} AS last FROM ${table}`;
    const [found] = await queryRows(database, asked, { signal });
    const rows = Number(found?.['n'] ?? 0);
    const last = found?.['last'];
    const columns = (await database.describe(`SELECT * FROM ${table}`, { signal })).map(({ name }) => name);
    const sql = `SELECT ${columns.map(quote).join(', ')} FROM ${table}`;
    await writeCheckedParquet(host, {
      file,
      batches: counted(database.stream(sql, { signal }), (passed) => onRows(passed, rows)),
      rows,
      columns,
      compression: 'snappy',
      keyValues: {},
      signal,
    });
    const snapshotAt =
      view.kind === 'table'
        ? null
        : last === null || last === undefined
          ? 'no instant'
          : isoMicroseconds(BigInt(String(last)));
    return { times, snapshotAt, rows };
  } finally {
    await database.query(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
  }
}
