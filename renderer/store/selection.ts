import type { Block } from '../../engine/notebook/document';
import type { SliceContext } from './slice';
import type { SelectionSlice } from './state';

/** Which cells are selected, and whether keys go to the notebook (`command`) or into a cell (`edit`). */
export function createSelectionSlice({ get, put }: SliceContext): SelectionSlice {
  const blocks = (): readonly Block[] => get().document.current?.blocks ?? [];
  const indexOf = (id: string | undefined | null): number => blocks().findIndex((block) => block.id === id);
  let serial = 0;

  const chosen = () => {
    const ids = new Set(get().selection.selected);
    return blocks().filter((block) => ids.has(block.id));
  };
  const reveal = (id: string, line: number | null = null, column: number | null = null) =>
    put('selection', { reveal: { id, line, column, serial: ++serial } });

  return {
    mode: 'command',
    selected: [],
    anchor: null,
    inspected: null,
    reveal: null,
    clipboard: [],
    initialize() {},
    destroy() {},
    select(id, options = {}) {
      const { anchor, mode } = get().selection;
      const from = indexOf(anchor);
      const to = indexOf(id);
      if (options.extend === true && from >= 0 && to >= 0) {
        const range = blocks()
          .slice(Math.min(from, to), Math.max(from, to) + 1)
          .map((block) => block.id);
        put('selection', { selected: [...range.filter((other) => other !== id), id], mode: 'command' });
        return;
      }
      // A place to go to holds until the next selection: it must not pull the caret back later.
      put('selection', { selected: [id], anchor: id, mode: options.mode ?? mode, reveal: null });
    },
    setMode: (mode) => put('selection', { mode }),
    step(by, extend = false) {
      const at = indexOf(get().selection.selected.at(-1));
      const next = blocks()[Math.min(Math.max(at + by, 0), blocks().length - 1)];
      if (next === undefined) return;
      get().selection.select(next.id, { extend, mode: 'command' });
      reveal(next.id);
    },
    copy() {
      const clipboard = chosen().map((block) =>
        block.type === 'cell'
          ? { kind: block.kind, name: block.name, language: block.language, body: block.body }
          : { kind: 'markdown', name: '', language: 'markdown', body: block.raw.trim() },
      );
      if (clipboard.length > 0) put('selection', { clipboard });
    },
    cut() {
      get().selection.copy();
      get().document.remove(get().selection.selected);
    },
    paste() {
      const { clipboard, selected } = get().selection;
      let at = indexOf(selected.at(-1)) + 1;
      for (const block of clipboard) {
        const id = get().document.insert(at, block);
        at = indexOf(id) + 1;
        get().selection.select(id, { mode: 'command' });
      }
    },
    inspect: (inspected) => put('selection', { inspected }),
    goTo(cell, line = null, column = null) {
      const block = blocks().find((other) => other.type === 'cell' && other.name === cell);
      if (block === undefined) return;
      get().selection.select(block.id, { mode: line === null ? 'command' : 'edit' });
      reveal(block.id, line, column);
    },
  };
}
