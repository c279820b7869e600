import { useCallback, useEffect, useRef, useState } from 'react';
import { keyOf, withBrush, withoutBrush, type Brush, type Selection } from './skew-selection';

/** Selections of one comparison; `cleared` counts, by key, how often one was taken back from outside its chart. */
export interface SelectionState {
  selection: Selection;
  cleared: Readonly<Record<string, number>>;
  /** A brush that moved; null takes back the one of `key`. */
  brush(key: string, brush: Brush | null): void;
  remove(key: string): void;
  clear(): void;
}

const EMPTY = { selection: [] as Selection, cleared: {} as Readonly<Record<string, number>> };

/** A chart tells of its brush many times a frame: the last one of each frame counts. Another `of` begins anew. */
export function useSelection(of: unknown): SelectionState {
  const [state, setState] = useState({ of, ...EMPTY });
  const pending = useRef(new Map<string, Brush | null>());
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const change = useCallback(
    (make: (before: typeof EMPTY) => typeof EMPTY) =>
      setState((before) => ({ ...make(before.of === of ? before : EMPTY), of })),
    [of],
  );
  const brush = useCallback(
    (key: string, made: Brush | null) => {
      pending.current.set(key, made);
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(() => {
        const brushes = [...pending.current];
        pending.current.clear();
        change(({ selection, cleared }) => ({
          cleared,
          selection: brushes.reduce(
            (now, [at, one]) => (one === null ? withoutBrush(now, at) : withBrush(now, one)),
            selection,
          ),
        }));
      });
    },
    [change],
  );
  const take = useCallback(
    (keys: (selection: Selection) => string[]) => {
      pending.current.clear();
      change(({ selection, cleared }) => {
        const gone = keys(selection);
        const counts = gone.map((key): [string, number] => [key, (cleared[key] ?? 0) + 1]);
        return {
          selection: gone.reduce<Selection>((now, key) => withoutBrush(now, key), selection),
          cleared: { ...cleared, ...Object.fromEntries(counts) },
        };
      });
    },
    [change],
  );
  const remove = useCallback((key: string) => take(() => [key]), [take]);
  const clear = useCallback(() => take((selection) => selection.map(keyOf)), [take]);
  const current = state.of === of ? state : EMPTY;
  return { selection: current.selection, cleared: current.cleared, brush, remove, clear };
}
