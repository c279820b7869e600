import { produce, setAutoFreeze, type Draft } from 'immer';
import type { WorkspaceInfo } from '../../electron/contract';
import type { EngineState } from '../../engine/database/supervisor';
import type { AppState, Clock, Host } from './state';
import type { EngineSession } from './session';

// Documents, catalogs and results come from the engine and are immutable by their types; freezing them at every
// change would walk them whole.
setAutoFreeze(false);

/** What the store needs from its surroundings; tests pass their own. */
export interface StoreDeps {
  host: Host;
  clock: Clock;
  /** Starts an engine for a workspace. */
  openSession(workspace: WorkspaceInfo, version: string, events: SessionEvents): Promise<EngineSession>;
  /** Says something to the user that needs no answer. */
  notify(
    kind: 'info' | 'error' | 'success',
    message: string,
    hint?: string,
    /** What can be done about it, beside the words. */
    action?: { label: string; run(): void },
  ): void;
}

/** What an engine tells unasked. */
export interface SessionEvents {
  /** The worker died or hung and a new one is there: its tables are gone. */
  onRestart(): void;
  onState(state: EngineState): void;
}

export type SliceName = keyof AppState;

/** How a slice reads everything and writes itself. */
export interface SliceContext {
  deps: StoreDeps;
  get(): AppState;
  /** Replaces fields of a slice. */
  put<K extends SliceName>(slice: K, fields: Partial<AppState[K]>): void;
  /** Changes a slice's nested state in place. */
  change<K extends SliceName>(slice: K, recipe: (draft: Draft<AppState[K]>) => void): void;
  /** Calls when a picked part of the state is another one than before. Gives the way to stop. */
  watch<T>(pick: (state: AppState) => T, listener: (now: T, before: T) => void): () => void;
}

export function sliceContext(
  deps: StoreDeps,
  api: {
    getState(): AppState;
    setState(change: Partial<AppState>): void;
    subscribe(listener: (now: AppState, before: AppState) => void): () => void;
  },
): SliceContext {
  return {
    deps,
    get: api.getState,
    put: (slice, fields) => api.setState({ [slice]: { ...api.getState()[slice], ...fields } }),
    change: (slice, recipe) =>
      api.setState({ [slice]: produce(api.getState()[slice], (draft) => recipe(draft)) }),
    watch: (pick, listener) =>
      api.subscribe((now, before) => {
        const value = pick(now);
        const previous = pick(before);
        if (value !== previous) listener(value, previous);
      }),
  };
}

/** Collects what has to be stopped when a slice ends. */
export function cleanups(): { add(stop: () => void): void; run(): void } {
  let stops: (() => void)[] = [];
  return {
    add: (stop) => stops.push(stop),
    run() {
      stops.forEach((stop) => stop());
      stops = [];
    },
  };
}
