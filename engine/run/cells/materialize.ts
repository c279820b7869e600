import { sha256Text } from '../../catalog/digest';
import type { Materialization } from '../../catalog/model';
import { canonicalJson, viewDefinitions } from '../../database/manifest-parts';
import { PlumblineError } from '../../errors';
import type { MaterializeJob, OnlineHost, OnlineView } from '../../online/job';
import { storedName } from '../../online/hash-field';
import { onlineView } from '../../online/online-view';
import { requireDisjoint } from '../../sql/interval-overlap';
import { snapshotSql } from '../../sql/snapshot';
import { snapshotEnd } from '../../sql/snapshot-end';
import { prepareView } from '../../sql/view-facts';
import type { CellRunner, RunContext } from '../context';
import { NO_ROWS } from '../context';

/** Dry run, and the write only where the options allow it: never because something else ran. */
export const runMaterialize: CellRunner = async (context, name) => {
  const cell = context.catalog.materializations.get(name);
  if (!cell) throw new PlumblineError('notebook.unknown_cell', `No materialize cell ${name}.`);
  const { signal, onProgress, write, dropJournal } = context.options;
  const { database } = context.host;
  const host = onlineHost(context, name);
  const { redis, project, replace, expire } = cell;
  const { ends } = cell.incremental ? await host.records({ cell: name, redis, project }) : { ends: {} };
  const statements = new Map<string, string>();
  const views: OnlineView[] = [];
  for (const view of cell.views) {
    const prepared = await prepareSnapshot(context, cell, view, ends);
    statements.set(view, prepared.sql);
    views.push(prepared.view);
  }
  const job: MaterializeJob = { cell: name, redis, project, views, replace, expire };
  const rows = (view: string) => database.stream(statements.get(view)!, { signal });
  const result = await host.materialize(job, rows, { write, dropJournal, signal, onProgress });
  return { ...NO_ROWS, rows: result.entities, result };
};

/** One view's snapshot: its SQL, and what the writer must know of it. `ends`: where its last writes ended. */
async function prepareSnapshot(
  { host: { database }, catalog, options: { signal } }: RunContext,
  cell: Materialization,
  view: string,
  ends: Readonly<Record<string, string>>,
): Promise<{ sql: string; view: OnlineView }> {
  const compiled = await prepareView(database, catalog, view, undefined, signal);
  await requireDisjoint(database, compiled, signal);
  const stored = onlineView(catalog, view);
  const last = ends[storedName(stored)];
  const start = last === undefined ? cell.start : BigInt(last);
  const end = await snapshotEnd(database, compiled, cell.end, signal);
  const range = end === null ? undefined : { start: start?.toString() ?? null, end: end.toString() };
  const definition = await sha256Text(canonicalJson(viewDefinitions(catalog, compiled.view)));
  return {
    sql: snapshotSql(compiled, end ?? 'max', start),
    view: { ...stored, definition, range },
  };
}

export function onlineHost(context: RunContext, cell: string): OnlineHost {
  if (context.host.online) return context.host.online;
  throw new PlumblineError(
    'redis.unknown_connection',
    `Cell ${cell} needs a Redis, and none can be reached here.`,
    {
      hint: 'Add a connection under Redis connections.',
    },
  );
}
