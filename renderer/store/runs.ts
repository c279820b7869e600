import type { Catalog } from '../../engine/catalog/model';
import { toErrorRecord } from '../../engine/errors';
import type { Progress } from '../../engine/ports';
import type { CellRun } from '../../engine/results';
import { auditReports } from './audit-report';
import { causeEdits } from './cause-edits';
import { createCounts } from './counts';
import { documentsOf } from './documents';
import { createFollower } from './follow';
import { replayHolds } from './replay-hold';
import { chartFiles } from './saved-file';
import { selectionRuns } from './selection-run';
import { cleanups, type SliceContext } from './slice';
import { cellState, fingerprintsOf, staleness } from './staleness';
import type { CellRunEntry, RunsSlice } from './state';

type Mode = 'preview' | 'whole';

/** Kinds that talk to a Redis. */
const ONLINE = new Set(['materialize', 'lookup']);
/** Kinds that run when asked only, never because a notebook was opened: they reach beyond the notebook, or take their time. */
const ON_REQUEST = new Set([...ONLINE, 'backfill', 'replay']);

/** One asked-for run of one cell. */
interface Ticket {
  name: string;
  runId: string;
  mode: Mode;
  write: boolean;
  /** Whether an interrupted write of something else is given up. */
  dropJournal: boolean;
  exportFiles: boolean;
  /** Whether what the last preview computed is taken over where the edit since left it alone. */
  reuse: boolean;
  /** Not run when the cell got a result after this serial number; null = run in any case. */
  skipIfDoneSince: number | null;
}

/** Progress reaches the screen at most this often (milliseconds). */
const PROGRESS_MS = 100;

/** Runs of cells: started by the user or by the follower, one after the other, each cancellable. */
export function createRunsSlice(context: SliceContext): RunsSlice {
  const { get, put, change, deps } = context;
  const stops = cleanups();
  const controllers = new Map<string, AbortController>();
  const doneSerial = new Map<string, number>();
  let queue: Promise<void> = Promise.resolve();
  let serial = 0;
  let wanted = false;
  const counts = createCounts(context);
  const replays = replayHolds(context);

  const update = (name: string, runId: string, fields: Partial<CellRunEntry>) =>
    change('runs', (draft) => {
      const entry = draft.byCell[name];
      // A newer run of the same cell, or its deletion, makes this one's news worthless.
      if (entry?.runId === runId) Object.assign(entry, fields);
    });

  const progressReporter = (name: string, runId: string) => {
    let last = -Infinity;
    return (progress: Progress) => {
      // A replay that was paused tells nothing more until it goes on.
      if (deps.clock.now() - last < PROGRESS_MS && progress.replay?.paused !== true) return;
      last = deps.clock.now();
      update(name, runId, { progress });
    };
  };

  const store = (run: CellRun, ticket: Ticket, fingerprints: Record<string, string>) => {
    const runId = run.name === ticket.name ? ticket.runId : `r${++serial}`;
    doneSerial.set(run.name, ++serial);
    change('runs', (draft) => {
      const entry = draft.byCell[run.name];
      if (run.name === ticket.name && entry === undefined) return;
      // It may wait for a run of its own or for a newer one: this one's rows are what the engine has until then.
      const waiting = entry !== undefined && entry.runId !== runId && entry.phase !== 'done';
      draft.byCell[run.name] = {
        runId: waiting ? entry.runId : runId,
        phase: waiting ? entry.phase : 'done',
        mode: waiting ? entry.mode : ticket.mode,
        startedAt: entry?.startedAt ?? deps.clock.now(),
        startedFrom: fingerprints,
        progress: null,
        run,
        doneId: runId,
        doneMode: ticket.mode,
        lost: false,
        fingerprints,
      };
    });
  };

  const execute = async (ticket: Ticket, signal: AbortSignal) => {
    const { name, runId, mode } = ticket;
    const { session } = get().engine;
    const analysis = get().analysis.current;
    const settle = () => update(name, runId, { phase: 'done', progress: null });
    if (signal.aborted || session === null || analysis === null) return settle();
    if (ticket.skipIfDoneSince !== null && (doneSerial.get(name) ?? -1) > ticket.skipIfDoneSince) {
      // What ended meanwhile may have begun from an older text.
      const from = get().runs.byCell[name]?.fingerprints ?? {};
      if (staleness(name, from, analysis).kind === 'fresh') return settle();
    }
    const startedFrom = fingerprintsOf(name, analysis);
    update(name, runId, { phase: 'running', startedAt: deps.clock.now(), progress: null, startedFrom });
    session.load(analysis, documentsOf(context), get().analysis.diagnostics);
    const options = {
      mode,
      previewRows: get().settings.values.previewRows,
      write: ticket.write,
      dropJournal: ticket.dropJournal,
      exportFiles: ticket.exportFiles,
      reuse: ticket.reuse,
      countLater: mode === 'preview',
      ...(kindOf(context, name) === 'replay' ? { replay: replays.controlOf(name) } : {}),
      signal,
      onProgress: progressReporter(name, runId),
    };
    const keep = (run: CellRun) => {
      // Of a cancelled backfill the files that it wrote stay, and are shown.
      if (run.error?.code === 'engine.cancelled' && !('partitions' in run.result)) return;
      store(run, ticket, fingerprintsOf(run.name, analysis));
      counts.start(run.name);
      noteCall(context, run, analysis.catalog);
    };
    try {
      await session.runAll([name], options, keep);
    } catch (thrown) {
      if (!signal.aborted) keep(failedRun(context, name, thrown));
    }
    settle();
  };

  const enqueue = (name: string, wanted: Partial<Omit<Ticket, 'name' | 'runId'>> = {}): Promise<void> => {
    controllers.get(name)?.abort();
    counts.stop(name);
    const controller = new AbortController();
    controllers.set(name, controller);
    const ticket: Ticket = {
      mode: 'preview',
      write: false,
      dropJournal: false,
      exportFiles: false,
      reuse: false,
      skipIfDoneSince: null,
      ...wanted,
      name,
      runId: `r${++serial}`,
    };
    // A comparison on a sample would miss most of the log's rows; an audit is of a whole file, a replay of a whole log.
    if (['skew', 'audit', 'replay'].includes(kindOf(context, name))) ticket.mode = 'whole';
    // A comparison on a sample would miss most of the log's rows; drift is of all rows, and an audit of a whole file.
    if (['skew', 'drift', 'audit'].includes(kindOf(context, name))) ticket.mode = 'whole';
    const old = get().runs.byCell[name];
    change('runs', (draft) => {
      draft.byCell[name] = {
        run: old?.run ?? null,
        doneId: old?.doneId ?? null,
        fingerprints: old?.fingerprints ?? {},
        doneMode: old?.doneMode ?? ticket.mode,
        lost: old?.lost ?? false,
        runId: ticket.runId,
        phase: 'queued',
        mode: ticket.mode,
        startedAt: deps.clock.now(),
        startedFrom: {},
        progress: null,
      };
    });
    queue = queue.then(() => execute(ticket, controller.signal)).catch(() => undefined);
    return queue;
  };

  /** Several cells, each once: what ran because another one needed it does not run again. */
  const enqueueAll = async (names: readonly string[], mode: Mode, reuse = false) => {
    const skipIfDoneSince = serial;
    await Promise.all(names.map((name) => enqueue(name, { mode, reuse, skipIfDoneSince })));
  };

  const ready = (): boolean => {
    if (get().engine.session !== null) return true;
    const { status, error } = get().engine;
    const hint = status === 'failed' ? (error?.hint ?? 'Restart the engine.') : 'Try again in a moment.';
    deps.notify(
      'error',
      status === 'failed' ? 'The engine did not start.' : 'The engine is still starting.',
      hint,
    );
    return false;
  };

  const follower = createFollower(context, counts, (names) => void enqueueAll(names, 'preview', true));

  return {
    byCell: {},
    ...selectionRuns(context),
    ...auditReports(context),
    replays: replays.replays,
    holdReplay: replays.holdReplay,
    ...chartFiles(context),
    ...causeEdits(context),
    initialize() {
      stops.add(follower.start());
      stops.add(
        context.watch(
          (state) => state.analysis.prepared,
          (prepared) => {
            if (!prepared || !wanted) return;
            wanted = false;
            void enqueueAll(firstToRun(context), 'preview');
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
      await enqueue(name, { mode, ...options });
    },
    async runAll(mode = 'preview') {
      if (!ready()) return;
      get().analysis.flush();
      await enqueueAll(runnable(context), mode);
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
      await enqueueAll(stale, 'preview');
    },
    runWhenReady() {
      wanted = true;
    },
    cancel(name) {
      if (name !== undefined) return controllers.get(name)?.abort();
      controllers.forEach((controller) => controller.abort());
      counts.stop();
    },
    rename(from, to) {
      controllers.get(from)?.abort();
      const { [from]: entry, ...others } = get().runs.byCell;
      get().runs.closeSelection(from);
      if (entry === undefined || entry.run === null) return get().runs.forget([from]);
      put('runs', { byCell: { ...others, [to]: { ...entry, phase: 'done', progress: null } } });
    },
    forget(names) {
      names.forEach((name) => {
        controllers.get(name)?.abort();
        get().runs.closeSelection(name);
      });
      const gone = new Set(names);
      const kept = Object.entries(get().runs.byCell).filter(([name]) => !gone.has(name));
      put('runs', { byCell: Object.fromEntries(kept) });
    },
    // What waits to run still does: the new engine takes its calls.
    markAllLost() {
      change('runs', (draft) => {
        for (const entry of Object.values(draft.byCell)) entry.lost = true;
        draft.selections = {};
      });
    },
  };
}

/** Cells that a run of everything takes, in document order. Materialize and backfill say what they would write. */
function runnable({ get }: SliceContext): string[] {
  return (get().document.current?.blocks ?? []).flatMap((block) =>
    block.type === 'cell' && block.known ? [block.name] : [],
  );
}

/** What the sample's first start runs: the training sets, which are what the tour is about, before the rest. */
function firstToRun(context: SliceContext): string[] {
  const names = runnable(context).filter((name) => !ON_REQUEST.has(kindOf(context, name)));
  const isSet = (name: string) => kindOf(context, name) === 'training-set';
  return [...names.filter(isSet), ...names.filter((name) => !isSet(name))];
}

/** What a cell that talks to a Redis found out about the connection. */
function noteCall(
  { get, deps }: SliceContext,
  { name, kind, status, error }: CellRun,
  catalog: Catalog,
): void {
  if (!ONLINE.has(kind)) return;
  const redis = (catalog.materializations.get(name) ?? catalog.lookups.get(name))?.redis;
  if (redis === undefined) return;
  const at = `${new Date(deps.clock.now()).toISOString().slice(11, 19)} UTC`;
  if (status === 'ok') get().connections.noteCall(redis, true, `${name} reached it at ${at}`);
  else if (error?.code.startsWith('redis.') === true && error.code !== 'redis.consent')
    get().connections.noteCall(redis, false, `${name} failed at ${at}: ${error.message}`);
}

function failedRun({ get }: Pick<SliceContext, 'get'>, name: string, thrown: unknown): CellRun {
  return {
    name,
    kind: kindOf({ get }, name),
    status: 'failed',
    ms: 0,
    rows: null,
    columns: [],
    error: toErrorRecord(thrown),
    relation: null,
    result: {},
  };
}

function kindOf({ get }: Pick<SliceContext, 'get'>, name: string): string {
  const block = get().document.current?.blocks.find((other) => other.type === 'cell' && other.name === name);
  return block?.type === 'cell' ? block.kind : '';
}
