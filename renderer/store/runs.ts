import { toErrorRecord } from '../../engine/errors';
import type { Progress } from '../../engine/ports';
import type { CellRun } from '../../engine/results';
import { createFollower } from './follow';
import { cleanups, type SliceContext } from './slice';
import { cellState, fingerprintsOf } from './staleness';
import type { CellRunEntry, RunsSlice } from './state';

type Mode = 'preview' | 'whole';

/** Progress reaches the screen at most this often (milliseconds). */
const PROGRESS_MS = 100;

/** Runs of cells: started by the user or by the follower, one after the other, each cancellable. */
export function createRunsSlice(context: SliceContext): RunsSlice {
  const { get, put, change, deps } = context;
  const stops = cleanups();
  const controllers = new Map<string, AbortController>();
  let queue: Promise<void> = Promise.resolve();
  let serial = 0;
  let wanted = false;

  const update = (name: string, runId: string, fields: Partial<CellRunEntry>) =>
    change('runs', (draft) => {
      const entry = draft.byCell[name];
      // A newer run of the same cell, or its deletion, makes this one's news worthless.
      if (entry?.runId === runId) Object.assign(entry, fields);
    });

  const progressReporter = (name: string, runId: string) => {
    let last = -Infinity;
    return (progress: Progress) => {
      if (deps.clock.now() - last < PROGRESS_MS) return;
      last = deps.clock.now();
      update(name, runId, { progress });
    };
  };

  const execute = async (name: string, runId: string, mode: Mode, write: boolean, signal: AbortSignal) => {
    const { session } = get().engine;
    const analysis = get().analysis.current;
    if (signal.aborted || session === null || analysis === null)
      return update(name, runId, { phase: 'done', progress: null });
    const fingerprints = fingerprintsOf(name, analysis);
    update(name, runId, { phase: 'running', startedAt: deps.clock.now(), progress: null });
    session.load(analysis, documentsOf(context));
    const run = await session
      .run(name, {
        mode,
        previewRows: get().settings.values.previewRows,
        write,
        signal,
        onProgress: progressReporter(name, runId),
      })
      .catch((thrown: unknown) => failedRun(context, name, thrown));
    const previous = get().runs.byCell[name]?.run ?? null;
    if (run.error?.code === 'engine.cancelled')
      return update(name, runId, { phase: 'done', progress: null, run: previous });
    update(name, runId, { phase: 'done', progress: null, run, doneId: runId, doneMode: mode, fingerprints });
  };

  const enqueue = (name: string, mode: Mode, write = false): Promise<void> => {
    controllers.get(name)?.abort();
    const controller = new AbortController();
    controllers.set(name, controller);
    const runId = `r${++serial}`;
    const old = get().runs.byCell[name];
    change('runs', (draft) => {
      draft.byCell[name] = {
        run: null,
        doneId: null,
        fingerprints: {},
        doneMode: mode,
        ...old,
        runId,
        phase: 'queued',
        mode,
        startedAt: deps.clock.now(),
        progress: null,
      } as CellRunEntry;
    });
    queue = queue.then(() => execute(name, runId, mode, write, controller.signal)).catch(() => undefined);
    return queue;
  };

  const ready = (): boolean => {
    if (get().engine.session !== null) return true;
    const { status, error } = get().engine;
    const hint = status === 'failed' ? (error?.hint ?? 'Restart the engine.') : 'Try again in a moment.';
    deps.notify('error', status === 'failed' ? 'The engine did not start.' : 'The engine is still starting.', hint);
    return false;
  };

  const follower = createFollower(context, (names) => names.forEach((name) => void enqueue(name, 'preview')));

  return {
    byCell: {},
    initialize() {
      stops.add(follower.start());
      stops.add(
        context.watch(
          (state) => state.analysis.prepared,
          (prepared) => {
            if (!prepared || !wanted) return;
            wanted = false;
            void get().runs.runAll('preview');
          },
        ),
      );
    },
    destroy() {
      stops.run();
      get().runs.cancel();
    },
    async run(name, mode = 'preview', options = {}) {
      if (!ready()) return;
      get().analysis.flush();
      await enqueue(name, mode, options.write ?? false);
    },
    async runAll(mode = 'preview') {
      if (!ready()) return;
      get().analysis.flush();
      await Promise.all(runnable(context).map((name) => enqueue(name, mode)));
    },
    async runStale() {
      if (!ready()) return;
      get().analysis.flush();
      const { byCell } = get().runs;
      const analysis = get().analysis.current;
      const stale = runnable(context).filter((name) => {
        const { kind } = cellState(name, byCell[name], analysis);
        return kind !== 'fresh' && kind !== 'running' && kind !== 'queued';
      });
      await Promise.all(stale.map((name) => enqueue(name, 'preview')));
    },
    runWhenReady() {
      wanted = true;
    },
    cancel(name) {
      if (name !== undefined) return controllers.get(name)?.abort();
      controllers.forEach((controller) => controller.abort());
    },
    forget(names) {
      names.forEach((name) => controllers.get(name)?.abort());
      const gone = new Set(names);
      const kept = Object.entries(get().runs.byCell).filter(([name]) => !gone.has(name));
      put('runs', { byCell: Object.fromEntries(kept) });
    },
    markAllStale() {
      get().runs.cancel();
      put('runs', { byCell: {} });
    },
  };
}

/** Cells that a run of everything takes, in document order. Materialize makes its dry run only. */
function runnable({ get }: SliceContext): string[] {
  return (get().document.current?.blocks ?? []).flatMap((block) =>
    block.type === 'cell' && block.known ? [block.name] : [],
  );
}

export function documentsOf({ get }: Pick<SliceContext, 'get'>) {
  const { current, included } = get().document;
  return current === null ? included : [current, ...included];
}

function failedRun({ get }: SliceContext, name: string, thrown: unknown): CellRun {
  const block = get().document.current?.blocks.find((other) => other.type === 'cell' && other.name === name);
  return {
    name,
    kind: block?.type === 'cell' ? block.kind : '',
    status: 'failed',
    ms: 0,
    rows: null,
    columns: [],
    error: toErrorRecord(thrown),
    relation: null,
    result: {},
  };
}
