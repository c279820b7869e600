import { PlumblineError, toErrorRecord } from '../../engine/errors';
import { openLink } from '../../engine/node/redis-host';
import { testConnection } from '../../engine/node/redis-probe';
import { describeTarget, type RedisTarget } from '../../engine/node/redis-target';
import { inspectStore } from '../../engine/online/inspect';
import { differenceOf } from '../../engine/online/view-difference';
import { nodeRecords } from '../../engine/node/record-files';
import { lookup } from '../../engine/online/lookup';
import {
  performWrite,
  prepareWrite,
  requireWritable,
  type MaterializeSite,
  type PreparedWrite,
} from '../../engine/online/materialize';
import type { RedisLink } from '../../engine/online/redis-link';
import type { MaterializeResult } from '../../engine/results';
import type { OnProgress } from '../../engine/ports';
import { createKeptPlans } from './kept-plans';
import type { FromService, OnlineAnswers, OnlineAsk, ToService } from './messages';
import { createRowsInbox, type RowsPort } from './rows-inbox';

/** Milliseconds between two progress messages of one job. */
const PROGRESS_MS = 100;

/** The Redis process's work: encodes, compares, keeps the plan, writes it, looks up. */
export function createOnlineService(
  send: (message: FromService) => void,
  now: () => number,
): (message: ToService, ports: RowsPort[]) => void {
  const inbox = createRowsInbox();
  const plans = createKeptPlans<{ prepared: PreparedWrite; target: RedisTarget; site: MaterializeSite }>(now);
  const running = new Map<string, AbortController>();

  const answer = async (ask: OnlineAsk): Promise<OnlineAnswers[keyof OnlineAnswers]> => {
    switch (ask.kind) {
      case 'dryRun':
        return underJob(ask.job, (signal, onProgress) => compare(ask, signal, onProgress));
      case 'checkWrite': {
        const { prepared, target, site } = plans.look(ask.job, ask.token);
        const { dropJournal } = ask;
        await withLink(target, undefined, (link) => requireWritable(prepared, link, site, { dropJournal }));
        return null;
      }
      case 'write': {
        const { prepared, target, site } = plans.take(ask.job, ask.token);
        const { dropJournal } = ask;
        return underJob(ask.job, (signal, onProgress) =>
          withLink(target, signal, (link) =>
            performWrite(prepared, link, site, { dropJournal, signal, onProgress }),
          ),
        );
      }
      case 'lookup':
        return withLink(ask.target, undefined, (link) => lookup(ask.spec, link));
      case 'inspect':
        return underJob(ask.job, (signal, onProgress) =>
          withLink(ask.target, signal, (link) => inspectStore(ask.spec, link, { signal, onProgress })),
        );
      case 'difference':
        return underJob(ask.job, (signal, onProgress) => {
          const rows = () => inbox.rows(ask.job, ask.spec.view.view, signal);
          return withLink(ask.target, signal, (link) =>
            differenceOf(ask.spec, rows, link, { signal, onProgress }),
          );
        });
      case 'probe':
        return testConnection(ask.target);
    }
  };

  const compare = async (
    ask: Extract<OnlineAsk, { kind: 'dryRun' }>,
    signal: AbortSignal,
    onProgress: OnProgress,
  ): Promise<MaterializeResult> => {
    const { job, token, target, folder, spec } = ask;
    const rows = (view: string) => inbox.rows(job, view, signal);
    const site: MaterializeSite = { target: describeTarget(target), records: nodeRecords(folder), now };
    const prepared = await withLink(target, signal, (link) =>
      prepareWrite(spec, rows, link, site, { signal, onProgress }),
    );
    plans.keep(job, token, { prepared, target, site });
    return prepared.result;
  };

  const underJob = async <T>(
    job: string,
    act: (signal: AbortSignal, onProgress: OnProgress) => Promise<T>,
  ): Promise<T> => {
    if (running.has(job)) throw new PlumblineError('ipc.invalid', 'This job is running already.');
    const controller = new AbortController();
    running.set(job, controller);
    let sent = 0;
    try {
      return await act(controller.signal, (progress) => {
        if (now() - sent < PROGRESS_MS) return;
        sent = now();
        const { phase, rows = 0, totalRows = null, rate = null, secondsLeft = null } = progress;
        send({ kind: 'progress', job, phase, rows, totalRows, rate, secondsLeft });
      });
    } finally {
      running.delete(job);
      inbox.drop(job);
    }
  };

  return (message, ports) => {
    switch (message.kind) {
      case 'ask':
        answer(message.ask).then(
          (value) => send({ kind: 'answer', id: message.id, value }),
          (thrown: unknown) => send({ kind: 'failure', id: message.id, error: toErrorRecord(thrown) }),
        );
        return;
      case 'rows':
        if (ports[0]) inbox.offer(message.job, message.view, ports[0]);
        return;
      case 'cancel':
        running.get(message.job)?.abort();
    }
  };
}

async function withLink<T>(
  target: RedisTarget,
  signal: AbortSignal | undefined,
  act: (link: RedisLink) => Promise<T>,
): Promise<T> {
  const link = openLink(target, signal ? { signal } : {});
  try {
    return await act(link);
  } finally {
    link.close();
  }
}
