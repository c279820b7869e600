import { PlumblineError } from '../../engine/errors';
import type { ArrowBytes } from '../../engine/database/database';
import type { InspectJob, InspectResult } from '../../engine/online/inspection';
import type { MaterializeJob, OnlineHost } from '../../engine/online/job';
import type { DifferenceJob, DifferenceResult } from '../../engine/online/view-difference';
import type { MaterializeResult } from '../../engine/results';
import { call, onEvent } from './bridge';

/** How many batches may be on their way before main has acknowledged one. */
const UNACKNOWLEDGED = 2;

type Materialize = OnlineHost['materialize'];
type MaterializeOptions = Parameters<Materialize>[2];
type JobOptions = Omit<MaterializeOptions, 'write'>;

/**
 * Redis as the app reaches it: rows go to main over MessagePorts, main compares, asks the user and writes. With
 * `write`, the dry run comes first and main writes exactly what that one saw. Errors: `redis.*`, `online.*`.
 */
export const appOnlineHost: OnlineHost = {
  materialize: async (job, rows, options) => {
    const id = crypto.randomUUID();
    const dryRun = await underJob(id, options, () => runDry(id, job, rows));
    const { write, dropJournal } = options;
    return write ? underJob(id, options, () => call('online.write', { job: id, dropJournal })) : dryRun;
  },
  records: (query) => call('online.records', query),
  lookup: (job, { signal }) => unlessAborted(signal, call('online.lookup', job)),
};

/** A lookup is short and changes nothing: cancelling it only means not to wait for it. */
function unlessAborted<T>(signal: AbortSignal | undefined, answer: Promise<T>): Promise<T> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const cancel = () => reject(cancelled());
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}

function cancelled(): PlumblineError {
  return new PlumblineError('engine.cancelled', 'The run was cancelled.');
}

/** Writes the plan of an earlier dry run, which main keeps for ten minutes. */
export function writePlan(job: string, options: JobOptions = {}) {
  return underJob(job, options, () => call('online.write', { job }));
}

/** A dry run whose plan `writePlan` can write later; `job` is a new UUID. */
export function dryRun(
  job: string,
  target: MaterializeJob,
  rows: (view: string) => AsyncIterable<ArrowBytes>,
  options: JobOptions = {},
) {
  return underJob(job, options, () => runDry(job, target, rows));
}

/** Looks at what a Redis holds. Errors: `redis.*`, `engine.cancelled`. */
export function inspect(spec: InspectJob, options: JobOptions = {}): Promise<InspectResult> {
  const job = crypto.randomUUID();
  return underJob(job, options, () => call('online.inspect', { job, spec }));
}

/** Holds what a Redis has of a view against a snapshot of it. Errors: `redis.*`, `online.*`, `engine.*`. */
export function difference(
  spec: DifferenceJob,
  rows: () => AsyncIterable<ArrowBytes>,
  options: JobOptions = {},
): Promise<DifferenceResult> {
  const job = crypto.randomUUID();
  const { view } = spec.view;
  return underJob(job, options, () =>
    withRows(job, [view], rows, () => call('online.difference', { job, spec })),
  );
}

const runDry = (
  job: string,
  target: MaterializeJob,
  rows: (view: string) => AsyncIterable<ArrowBytes>,
): Promise<MaterializeResult> =>
  withRows(
    job,
    target.views.map(({ view }) => view),
    rows,
    () => call('online.dryRun', { job, target }),
  );

/** A call whose answer needs rows of views, which go beside it. */
async function withRows<T>(
  job: string,
  views: readonly string[],
  rows: (view: string) => AsyncIterable<ArrowBytes>,
  ask: () => Promise<T>,
): Promise<T> {
  // When main has answered, nobody reads rows any more: senders that still wait must end.
  const over = new AbortController();
  const answer = ask().finally(() => over.abort());
  // A failure of the rows ends the run in main too, so the rows' own error is the one to report.
  const sent = Promise.all(views.map((view) => sendRows(job, view, rows(view), over.signal)));
  sent.catch(() => void call('online.cancel', { job }).catch(() => undefined));
  const [result] = await Promise.all([answer, Promise.race([sent, answer])]);
  return result;
}

/** Progress and cancellation around one call about a job. */
async function underJob<T>(job: string, options: JobOptions, act: () => Promise<T>): Promise<T> {
  if (options.signal?.aborted) throw cancelled();
  const stopProgress = onEvent('online-progress', (progress) => {
    if (progress.job !== job) return;
    const { phase, rows, totalRows, rate, secondsLeft } = progress;
    options.onProgress?.({
      phase,
      rows,
      totalRows: totalRows ?? undefined,
      rate: rate ?? undefined,
      secondsLeft: secondsLeft ?? undefined,
    });
  });
  const cancel = () => void call('online.cancel', { job }).catch(() => undefined);
  options.signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await act();
  } finally {
    stopProgress();
    options.signal?.removeEventListener('abort', cancel);
  }
}

/** Sends one view's rows, never more than UNACKNOWLEDGED batches ahead of main. */
async function sendRows(
  job: string,
  view: string,
  batches: AsyncIterable<ArrowBytes>,
  over: AbortSignal,
): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let unacknowledged = 0;
  let closed = false;
  let wake: () => void = () => undefined;
  port1.onmessage = (event: MessageEvent<{ ack?: number; stop?: true }>) => {
    if (event.data.stop) closed = true;
    else unacknowledged--;
    wake();
  };
  over.addEventListener('abort', () => {
    closed = true;
    wake();
    port1.close();
  });
  window.postMessage({ plumbline: 'online-rows', job, view }, window.origin, [port2]);
  try {
    for await (const batch of batches) {
      while (unacknowledged >= UNACKNOWLEDGED && !closed)
        await new Promise<void>((resolve) => (wake = resolve));
      if (closed) return;
      unacknowledged++;
      port1.postMessage(batch);
    }
    port1.postMessage({ end: true });
  } catch (thrown) {
    port1.postMessage({ failed: true });
    throw thrown;
  }
}
