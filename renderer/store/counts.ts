import { toErrorRecord } from '../../engine/errors';
import type { CellRun, TrainingResult } from '../../engine/results';
import type { SliceContext } from './slice';
import { staleness } from './staleness';

/** Whether a run's rows are there and its counts are not. */
export function isUncounted(run: CellRun | null): boolean {
  return run !== null && ((run.result as Partial<TrainingResult>).pending?.length ?? 0) > 0;
}

export interface Counts {
  /** Counts what the cell's last run left open; calls off what was being counted for it. */
  start(name: string): void;
  /** Of one cell, or of all. */
  stop(name?: string): void;
  /** Starts again what was called off and still holds. */
  resume(): void;
}

/** Counting of previews whose rows are shown already: behind whatever else the engine has to do. */
export function createCounts({ get, change, deps }: SliceContext): Counts {
  const controllers = new Map<string, AbortController>();

  const stop = (name?: string) => {
    for (const [cell, controller] of controllers) {
      if (name !== undefined && name !== cell) continue;
      controllers.delete(cell);
      controller.abort();
    }
  };

  const start = (name: string) => {
    stop(name);
    const { session } = get().engine;
    const entry = get().runs.byCell[name];
    if (session === null || entry === undefined || !isUncounted(entry.run)) return;
    const { doneId } = entry;
    const controller = new AbortController();
    controllers.set(name, controller);
    const count = async () => {
      try {
        const run = await session.count(name, controller.signal);
        if (run === null || controller.signal.aborted) return;
        change('runs', (draft) => {
          const now = draft.byCell[name];
          if (now?.doneId === doneId) now.run = run;
        });
      } catch (thrown) {
        const { code, message, hint } = toErrorRecord(thrown);
        const ended = controller.signal.aborted || code === 'engine.cancelled' || code === 'engine.died';
        if (!ended) deps.notify('error', `${name} could not be counted: ${message}`, hint);
      } finally {
        if (controllers.get(name) === controller) controllers.delete(name);
      }
    };
    void count();
  };

  return {
    start,
    stop,
    resume() {
      const analysis = get().analysis.current;
      if (analysis === null) return;
      for (const [name, entry] of Object.entries(get().runs.byCell)) {
        if (entry.phase !== 'done' || entry.lost || controllers.has(name) || !isUncounted(entry.run))
          continue;
        if (staleness(name, entry.fingerprints, analysis).kind === 'fresh') start(name);
      }
    },
  };
}
