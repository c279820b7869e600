import { toErrorRecord } from '../../engine/errors';
import type { Counts } from './counts';
import { documentsOf } from './documents';
import { cleanups, type SliceContext } from './slice';
import { closure, staleness, type Graph } from './staleness';
import type { CellRunEntry } from './state';

/** An edit is followed when nothing changed for this long (milliseconds). Short: a newer edit cancels the older run. */
export const QUIET_MS = 20;

/** Kinds whose preview is cheap enough to follow the typing. Materialize, backfill, replay, lookup and skew run when asked. */
const CHEAP = new Set(['source', 'entity', 'query', 'view', 'training-set', 'chart']);

/**
 * Follows the edits: describes the sources, binds every cell, and re-runs what has been run before and is cheap.
 * A cell that the user never ran stays as it is.
 */
export function createFollower(context: SliceContext, counts: Counts, rerun: (names: string[]) => void) {
  const { get, put, watch, deps } = context;
  const stops = cleanups();
  let stopTimer: () => void = () => {};
  let controller = new AbortController();
  /** Cells whose run an edit cut short before they had a result of their own. */
  const cutShort = new Set<string>();

  const follow = async () => {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    const { session } = get().engine;
    const analysis = get().analysis.current;
    if (session === null || analysis === null) return;
    try {
      session.load(analysis, documentsOf(context), get().analysis.diagnostics);
      const diagnostics = await session.bind(signal);
      if (signal.aborted) return;
      put('analysis', { sourceColumns: session.sourceColumns() });
      get().analysis.setBindDiagnostics(diagnostics);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = toErrorRecord(thrown);
      if (error.code !== 'engine.cancelled') deps.notify('error', error.message, error.hint);
    }
    if (signal.aborted) return;
    put('analysis', { prepared: true });
    const names = candidates(context, cutShort);
    names.forEach((name) => cutShort.delete(name));
    rerun(names);
    counts.resume();
  };
  /** What runs from a text that is no more only holds up the run from the new one. */
  const cancelOutdated = () => {
    const analysis = get().analysis.current;
    if (analysis === null) return;
    for (const [name, entry] of Object.entries(get().runs.byCell)) {
      if (!isOutdated(name, entry, analysis)) continue;
      counts.stop(name);
      if (entry.phase !== 'running') continue;
      cutShort.add(name);
      get().runs.cancel(name);
    }
  };
  const soon = () => {
    stopTimer();
    stopTimer = deps.clock.after(QUIET_MS, () => void follow());
  };

  return {
    start() {
      stops.add(
        watch(
          (state) => state.analysis.current,
          () => {
            controller.abort();
            cancelOutdated();
            soon();
          },
        ),
      );
      stops.add(
        watch(
          (state) => state.engine.session,
          (session) => {
            put('analysis', { prepared: false, sourceColumns: new Map() });
            if (session !== null) void follow();
          },
        ),
      );
      // A new engine has no tables: the sources are described and the cells bound again.
      stops.add(watch((state) => state.engine.restarts, soon));
      return () => {
        stopTimer();
        controller.abort();
        stops.run();
      };
    },
  };
}

function cellsWithErrors(diagnostics: readonly { severity: string; cell: string | null }[]): Set<string> {
  return new Set(
    diagnostics.flatMap(({ severity, cell }) => (severity === 'error' && cell !== null ? [cell] : [])),
  );
}

/**
 * What re-runs by itself: run before, cheap, not up to date, and without a finding against it or what it needs. Training
 * sets come first: they are what people look at, and need nothing that the others would leave.
 */
export function candidates(
  { get }: Pick<SliceContext, 'get'>,
  cutShort: ReadonlySet<string> = new Set(),
): string[] {
  const analysis = get().analysis.current;
  if (analysis === null) return [];
  const broken = cellsWithErrors(get().analysis.diagnostics);
  const { byCell } = get().runs;
  const found = (get().document.current?.blocks ?? []).flatMap((block) => {
    if (block.type !== 'cell' || !CHEAP.has(block.kind)) return [];
    if (closure(block.name, analysis.dependencies).some((name) => broken.has(name))) return [];
    const entry = byCell[block.name];
    const wanted =
      isOutdated(block.name, entry, analysis) || (entry?.run === null && cutShort.has(block.name));
    return wanted ? [{ name: block.name, first: block.kind === 'training-set' }] : [];
  });
  return [...found.filter(({ first }) => first), ...found.filter(({ first }) => !first)].map(
    ({ name }) => name,
  );
}

function isOutdated(name: string, entry: CellRunEntry | undefined, graph: Graph): boolean {
  if (entry === undefined || entry.phase === 'queued') return false;
  if (entry.phase === 'running')
    return entry.mode === 'preview' && staleness(name, entry.startedFrom, graph).kind !== 'fresh';
  // What may have killed the engine must not do so again by itself.
  if (entry.run === null || entry.lost) return false;
  return staleness(name, entry.fingerprints, graph).kind !== 'fresh';
}
