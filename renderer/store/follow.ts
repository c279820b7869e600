import { toErrorRecord } from '../../engine/errors';
import type { CellRun } from '../../engine/results';
import { documentsOf } from './runs';
import { cleanups, type SliceContext } from './slice';
import { cellState } from './staleness';

/** Typing has stopped when nothing changed for this long (milliseconds). */
export const QUIET_MS = 150;

/** Kinds whose preview is cheap enough to follow the typing. Materialize, lookup and skew run when asked. */
const CHEAP = new Set(['source', 'entity', 'query', 'view', 'training-set', 'chart']);

/**
 * Follows the edits: describes the sources, binds every cell, and re-runs what has been run before and is cheap.
 * A cell that the user never ran stays as it is.
 */
export function createFollower(context: SliceContext, rerun: (names: string[]) => void) {
  const { get, put, watch, deps } = context;
  const stops = cleanups();
  let stopTimer: () => void = () => {};
  let controller = new AbortController();

  const follow = async () => {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    const { session } = get().engine;
    const analysis = get().analysis.current;
    if (session === null || analysis === null) return;
    try {
      session.load(analysis, documentsOf(context));
      const sources = await session.prepare(signal);
      if (signal.aborted) return;
      put('analysis', { sources });
      const diagnostics = await session.bind();
      if (signal.aborted) return;
      get().analysis.setBindDiagnostics(diagnostics);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = toErrorRecord(thrown);
      if (error.code !== 'engine.cancelled') deps.notify('error', error.message, error.hint);
    }
    if (signal.aborted) return;
    put('analysis', { prepared: true });
    rerun(candidates(context));
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
            cancelOutdated(context);
            soon();
          },
        ),
      );
      stops.add(
        watch(
          (state) => state.engine.session,
          (session) => {
            put('analysis', { prepared: false, sources: {} });
            if (session !== null) void follow();
          },
        ),
      );
      return () => {
        stopTimer();
        controller.abort();
        stops.run();
      };
    },
  };
}

/** A preview in the works whose text has changed meanwhile is not worth finishing. */
function cancelOutdated({ get }: SliceContext): void {
  const { byCell } = get().runs;
  const broken = cellsWithErrors(get().analysis.diagnostics);
  for (const [name, entry] of Object.entries(byCell))
    if (entry.phase !== 'done' && entry.mode === 'preview' && broken.has(name)) get().runs.cancel(name);
}

function cellsWithErrors(diagnostics: readonly { severity: string; cell: string | null }[]): Set<string> {
  return new Set(
    diagnostics.flatMap(({ severity, cell }) => (severity === 'error' && cell !== null ? [cell] : [])),
  );
}

/** What re-runs by itself: run before, cheap, not up to date, and without a finding against it. */
export function candidates({ get }: Pick<SliceContext, 'get'>): string[] {
  const analysis = get().analysis.current;
  const broken = cellsWithErrors(get().analysis.diagnostics);
  const { byCell } = get().runs;
  return (get().document.current?.blocks ?? []).flatMap((block) => {
    if (block.type !== 'cell' || !CHEAP.has(block.kind) || broken.has(block.name)) return [];
    const entry = byCell[block.name];
    if (!hasRun(entry?.run ?? null)) return [];
    const { kind } = cellState(block.name, entry, analysis);
    return kind === 'edited' || kind === 'upstream' ? [block.name] : [];
  });
}

function hasRun(run: CellRun | null): boolean {
  return run !== null && run.status !== 'skipped';
}
