import { useSyncExternalStore } from 'react';

export interface EditorOptions {
  /** Pixels. */
  fontSize: number;
  wordWrap: boolean;
}

let options: EditorOptions = { fontSize: 13, wordWrap: false };
const listeners = new Set<() => void>();

/** Font size and wrapping of all cell editors, from the settings. */
export function setEditorOptions(next: EditorOptions): void {
  if (next.fontSize === options.fontSize && next.wordWrap === options.wordWrap) return;
  options = { fontSize: next.fontSize, wordWrap: next.wordWrap };
  for (const listener of listeners) listener();
}

export function useEditorOptions(): EditorOptions {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => options,
  );
}

/** Pixels above the first and below the last line. */
export const EDITOR_PADDING = 8;

/** Pixels per line: whole, so that editor and stand-in have the same height. */
export function lineHeight(fontSize: number): number {
  return Math.round(fontSize * 1.5);
}

/** Pixels that a text takes when no line wraps. */
export function textHeight(text: string, fontSize: number): number {
  let lines = 1;
  for (const char of text) if (char === '\n') lines++;
  return lines * lineHeight(fontSize) + 2 * EDITOR_PADDING;
}

export const EDITOR_FONT =
  "'JetBrains Mono', ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";
