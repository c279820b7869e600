/**
 * The commands of a notebook, as pairs of immutable states: undoing one restores what stood before it. Only the
 * document is in it, so an undo never touches results. Text edits of one cell that follow each other closely are one
 * command.
 */
export interface UndoEntry<T> {
  label: string;
  before: T;
  after: T;
  /** Edits with the same key merge while they follow within `GROUP_MS`. */
  group: string | null;
  at: number;
}

export interface UndoStack<T> {
  past: readonly UndoEntry<T>[];
  future: readonly UndoEntry<T>[];
}

export const GROUP_MS = 800;
const MAX_ENTRIES = 500;

export function emptyStack<T>(): UndoStack<T> {
  return { past: [], future: [] };
}

export function record<T>(stack: UndoStack<T>, entry: UndoEntry<T>): UndoStack<T> {
  const last = stack.past.at(-1);
  if (
    last !== undefined &&
    entry.group !== null &&
    last.group === entry.group &&
    entry.at - last.at <= GROUP_MS &&
    stack.future.length === 0
  ) {
    const merged = { ...last, after: entry.after, at: entry.at };
    return { past: [...stack.past.slice(0, -1), merged], future: [] };
  }
  return { past: [...stack.past, entry].slice(-MAX_ENTRIES), future: [] };
}

/** The stack after one step back, and the state to restore; null when there is nothing to undo. */
export function undo<T>(stack: UndoStack<T>): { stack: UndoStack<T>; state: T; label: string } | null {
  const last = stack.past.at(-1);
  if (last === undefined) return null;
  // A redone step never merges with the typing that follows it.
  const future = [...stack.future, { ...last, group: null }];
  return { stack: { past: stack.past.slice(0, -1), future }, state: last.before, label: last.label };
}

export function redo<T>(stack: UndoStack<T>): { stack: UndoStack<T>; state: T; label: string } | null {
  const next = stack.future.at(-1);
  if (next === undefined) return null;
  return {
    stack: { past: [...stack.past, next], future: stack.future.slice(0, -1) },
    state: next.after,
    label: next.label,
  };
}
