import { PlumblineError, toErrorRecord } from '../../engine/errors';
import { openLink } from '../../engine/node/redis-host';
import { testConnection } from '../../engine/node/redis-probe';
import type { RedisTarget } from '../../engine/node/redis-target';
import { dryRun, type ComparedPlan } from '../../engine/online/dry-run';
import { inspectStore } from '../../engine/online/inspect';
import { differenceOf } from '../../engine/online/view-difference';
import { lookup } from '../../engine/online/lookup';
import { planMaterialization } from '../../engine/online/plan';
import type { RedisLink } from '../../engine/online/redis-link';
import { requireWritten } from '../../engine/online/require-written';
import { dryRunResult, writePlan } from '../../engine/online/write-plan';
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
  const plans = createKeptPlans<{ compared: ComparedPlan; target: RedisTarget }>(now);
  const running = new Map<string, AbortController>();

  const answer = async (ask: OnlineAsk): Promise<OnlineAnswers[keyof OnlineAnswers]> => {
    switch (ask.kind) {
      case 'dryRun':
        return underJob(ask.job, (signal, onProgress) => compare(ask, signal, onProgress));
      case 'write': {
        const { compared, target } = plans.take(ask.job, ask.token);
        return underJob(ask.job, (signal, onProgress) =>
          withLink(target, signal, async (link) =>
            requireWritten(await writePlan(compared, link, { signal, onProgress })),
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
    const started = now();
    const rows = (view: string) => inbox.rows(ask.job, view, signal);
    const plan = await planMaterialization(ask.spec, rows, { signal, onProgress });
    const compared = await withLink(ask.target, signal, (link) => dryRun(plan, link, { signal, onProgress }));
    plans.keep(ask.job, ask.token, { compared, target: ask.target });
    return dryRunResult(compared, now() - started);
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
      return await act(controller.signal, ({ phase, rows = 0, totalRows = null }) => {
        if (now() - sent < PROGRESS_MS) return;
        sent = now();
        send({ kind: 'progress', job, phase, rows, totalRows });
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
