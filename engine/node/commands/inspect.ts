import { parseInstant } from '../../catalog/instant';
import { PlumblineError } from '../../errors';
import { inspectStore } from '../../online/inspect';
import { onlineView } from '../../online/online-view';
import { differenceOf, type DifferenceResult } from '../../online/view-difference';
import { feastProject } from '../../feast/export-repository';
import { snapshotRows } from '../../run/snapshot-rows';
import { openLink } from '../redis-host';
import type { InspectArguments } from './arguments';
import { differenceLines, inspectionLines } from './inspect-report';
import type { Output } from './output';
import { printJson } from './report';
import { openSession, WHOLE_RUN, type Session } from './session';

/** Shows what a Redis holds, or what of a view differs from the notebook's values. Exit code 1: something differs. */
export async function inspectCommand(args: InspectArguments, output: Output): Promise<number> {
  const session = args.notebook === null ? null : await openSession(args.notebook, args);
  try {
    const cancel = new AbortController();
    output.onInterrupt(() => cancel.abort());
    if (args.view !== null && session !== null) {
      const found = await difference(args, args.view, session, cancel.signal);
      if (args.json) output.line(printJson({ plumbline: 1, view: args.view, ...found }));
      else differenceLines(args.view, found).forEach((line) => output.line(line));
      return found.differs + found.only_offline + found.only_online === 0 ? 0 : 1;
    }
    const { catalog } = session?.notebook.analysis ?? { catalog: null };
    const views = catalog === null ? [] : [...catalog.views.keys()].map((name) => onlineView(catalog, name));
    const link = openLink(args.redis, { signal: cancel.signal });
    const { project, entity, limit, shown } = args;
    const result = await inspectStore({ redis: 'inspected', project, views, entity, limit, shown }, link, {
      signal: cancel.signal,
    }).finally(() => link.close());
    if (args.json) output.line(printJson({ plumbline: 1, ...result }));
    else inspectionLines(result).forEach((line) => output.line(line));
    return 0;
  } finally {
    await session?.close();
  }
}

async function difference(
  args: InspectArguments,
  view: string,
  session: Session,
  signal: AbortSignal,
): Promise<DifferenceResult> {
  const { catalog } = session.notebook.analysis;
  const end = args.at === 'max' ? 'max' : parseInstant(args.at);
  if (end === null)
    throw new PlumblineError('usage', `--at takes a time or max, not "${args.at}".`, {
      hint: 'For instance 2025-03-16T00:00:00Z.',
    });
  const job = {
    redis: 'inspected',
    project: args.project ?? feastProject(catalog),
    view: onlineView(catalog, view),
    limit: args.limit,
  };
  const { database } = session.host;
  const rows = await snapshotRows(session.runner, database, catalog, view, end, { ...WHOLE_RUN, signal });
  const link = openLink(args.redis, { signal });
  return differenceOf(job, rows, link, { signal }).finally(() => link.close());
}
