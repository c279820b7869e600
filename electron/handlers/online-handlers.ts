import { randomUUID } from 'node:crypto';
import { PlumblineError } from '../../engine/errors';
import { nodeRecords } from '../../engine/node/record-files';
import { describeTarget, type RedisTarget } from '../../engine/node/redis-target';
import type { MaterializeJob } from '../../engine/online/job';
import type { MaterializeResult } from '../../engine/results';
import { writeQuestions } from '../consent/write-consent';
import type { Ask } from '../consent/consent-dialogs';
import type { Handlers } from '../ipc-gate';
import { createKeptPlans } from '../online/kept-plans';
import type { OnlineView } from '../../engine/online/job';
import { readOnlineRecords } from '../../engine/online/online-records';
import type { ServiceLink } from '../online/service-link';
import type { Connections } from '../settings/connections';
import { rowsMessageSchema } from '../contract';

export interface OnlineHandlerDependencies<Port> {
  connections: Connections;
  service: ServiceLink<Port>;
  ask: Ask;
  /** The open workspace's folder. Error: `file.not_found` before there is one. */
  folder(): string;
  now(): number;
}

export interface OnlineHandlers<Port> {
  handlers: Pick<
    Handlers,
    | 'online.dryRun'
    | 'online.write'
    | 'online.cancel'
    | 'online.records'
    | 'online.lookup'
    | 'online.inspect'
    | 'online.difference'
  >;
  /** A rows port of the page. False when no dry run of that name waits for it: the caller closes the port. */
  acceptRows(message: unknown, port: Port): boolean;
}

interface DryRun {
  token: string;
  target: RedisTarget;
  job: MaterializeJob;
  result: MaterializeResult;
}

/** Main's half of a write: it keeps the token, asks the user, and only then lets the Redis process write. */
export function onlineHandlers<Port>(deps: OnlineHandlerDependencies<Port>): OnlineHandlers<Port> {
  const { connections, service, ask, now } = deps;
  const expectingRows = new Map<string, Set<string>>();
  const dryRuns = createKeptPlans<DryRun>(now);
  let asking = false;

  return {
    handlers: {
      'online.dryRun': async ({ job, target: spec }) => {
        const views = spec.views as OnlineView[];
        const materializeJob: MaterializeJob = { ...spec, views };
        expectingRows.set(job, new Set(views.map(({ view }) => view)));
        try {
          const target = await connections.target(spec.redis);
          const token = randomUUID();
          const folder = deps.folder();
          const result = await service.ask({
            kind: 'dryRun',
            job,
            token,
            target,
            folder,
            spec: materializeJob,
          });
          dryRuns.keep(job, job, { token, target, job: materializeJob, result });
          return result;
        } finally {
          expectingRows.delete(job);
        }
      },
      'online.write': async ({ job, dropJournal }) => {
        if (asking) throw new PlumblineError('redis.consent', 'Another write waits for an answer.');
        const { token, target, job: what, result } = dryRuns.take(job, job);
        asking = true;
        try {
          await service.ask({ kind: 'checkWrite', job, token, dropJournal });
          for (const question of writeQuestions(target, what, result, dropJournal))
            if (!(await ask(question)))
              throw new PlumblineError('redis.consent', 'Nothing was written: the write was refused.', {
                hint: 'Make a new dry run to be asked again.',
              });
        } finally {
          asking = false;
        }
        return service.ask({ kind: 'write', job, token, dropJournal });
      },
      'online.cancel': ({ job }) => {
        service.cancel(job);
        return {};
      },
      'online.records': async (query) => {
        const target = describeTarget(await connections.target(query.redis));
        return readOnlineRecords(query, { target, records: nodeRecords(deps.folder()) });
      },
      'online.lookup': async (request) => {
        const target = await connections.target(request.redis);
        return service.ask({
          kind: 'lookup',
          target,
          spec: { ...request, views: request.views as OnlineView[] },
        });
      },
      'online.inspect': async ({ job, spec }) => {
        const target = await connections.target(spec.redis);
        const views = spec.views as OnlineView[];
        return service.ask({ kind: 'inspect', job, target, spec: { ...spec, views } });
      },
      'online.difference': async ({ job, spec }) => {
        const view = spec.view as OnlineView;
        expectingRows.set(job, new Set([view.view]));
        try {
          const target = await connections.target(spec.redis);
          return await service.ask({ kind: 'difference', job, target, spec: { ...spec, view } });
        } finally {
          expectingRows.delete(job);
        }
      },
    },
    acceptRows: (message, port) => {
      const parsed = rowsMessageSchema.safeParse(message);
      if (!parsed.success) return false;
      const { job, view } = parsed.data;
      if (!expectingRows.get(job)?.delete(view)) return false;
      service.sendRows(job, view, port);
      return true;
    },
  };
}
