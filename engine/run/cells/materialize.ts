import { PlumblineError } from '../../errors';
import type { MaterializeJob, OnlineHost } from '../../online/job';
import { onlineView } from '../../online/online-view';
import { requireDisjoint } from '../../sql/interval-overlap';
import { snapshotSql } from '../../sql/snapshot';
import { prepareView } from '../../sql/view-facts';
import type { CellRunner, RunContext } from '../context';
import { NO_ROWS } from '../context';

/** Dry run, and the write only where the options allow it: never because something else ran. */
export const runMaterialize: CellRunner = async (context, name) => {
  const cell = context.catalog.materializations.get(name);
  if (!cell) throw new PlumblineError('notebook.unknown_cell', `No materialize cell ${name}.`);
  const job: MaterializeJob = {
    cell: name,
    redis: cell.redis,
    project: cell.project,
    views: cell.views.map((view) => onlineView(context.catalog, view)),
  };
  const { signal, onProgress, write } = context.options;
  const { database } = context.host;
  const prepared = new Map<string, string>();
  for (const view of cell.views) {
    const compiled = await prepareView(database, context.catalog, view, undefined, signal);
    await requireDisjoint(database, compiled, signal);
    prepared.set(view, snapshotSql(compiled, cell.end, cell.start));
  }
  const rows = (view: string) => database.stream(prepared.get(view)!, { signal });
  const result = await onlineHost(context, name).materialize(job, rows, { write, signal, onProgress });
  return { ...NO_ROWS, rows: result.entities, result };
};

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
