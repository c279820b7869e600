import type { ReplayControl } from '../../engine/ports';
import type { SliceContext } from './slice';
import type { RunsSlice } from './state';

/** How somebody who looks on holds a replay. */
export interface ReplayHold {
  /** null: as the cell says. */
  speed: number | 'max' | null;
  paused: boolean;
}

const FREE: ReplayHold = { speed: null, paused: false };

export function holdOf(runs: Pick<RunsSlice, 'replays'>, cell: string): ReplayHold {
  return runs.replays[cell] ?? FREE;
}

/** Pause and speed of replays by cell, and what the engine sees of them. */
export function replayHolds({ get, put, deps, watch }: SliceContext): Pick<
  RunsSlice,
  'replays' | 'holdReplay'
> & {
  /** For a run that begins: the speed that was chosen stays, a pause does not. */
  controlOf(cell: string): ReplayControl;
} {
  const hold = (cell: string, change: Partial<ReplayHold>): void => {
    const { replays } = get().runs;
    put('runs', { replays: { ...replays, [cell]: { ...holdOf({ replays }, cell), ...change } } });
  };
  return {
    replays: {},
    holdReplay: hold,
    controlOf(cell) {
      hold(cell, { paused: false });
      return {
        get speed() {
          return holdOf(get().runs, cell).speed;
        },
        get paused() {
          return holdOf(get().runs, cell).paused;
        },
        wait: (milliseconds, signal) =>
          new Promise((resolve) => {
            const stops: (() => void)[] = [];
            const done = (): void => {
              stops.forEach((stop) => stop());
              signal?.removeEventListener('abort', done);
              resolve();
            };
            if (signal?.aborted) return resolve();
            signal?.addEventListener('abort', done);
            stops.push(watch((state) => state.runs.replays[cell], done));
            if (milliseconds !== null) stops.push(deps.clock.after(milliseconds, done));
          }),
      };
    },
  };
}
