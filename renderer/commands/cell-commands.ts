import { focusedBlock, indexOfFocused, insertCell } from './run-commands';
import { KINDS } from '../notebook/kinds';
import type { AppState } from '../store/state';
import type { Command } from './command';

const hasSelection = (state: AppState) => state.selection.selected.length > 0;
const command = (fields: Omit<Command, 'context' | 'group'>): Command => ({
  context: 'command',
  group: 'Cell',
  ...fields,
});

function move(state: AppState, by: 1 | -1): void {
  const block = focusedBlock(state);
  const to = indexOfFocused(state) + by;
  if (block !== null && to >= 0 && to < (state.document.current?.blocks.length ?? 0))
    state.document.move(block.id, to);
}

export const CELL_COMMANDS: readonly Command[] = [
  command({
    id: 'cell.edit',
    title: 'Edit cell',
    chords: ['Enter'],
    enabled: hasSelection,
    run: (state) => state.selection.setMode('edit'),
  }),
  command({
    id: 'cell.insertAbove',
    title: 'Insert a cell above',
    chords: ['a'],
    run: (state) => insertCell(state, 'query', Math.max(indexOfFocused(state), 0), 'command'),
  }),
  command({
    id: 'cell.insertBelow',
    title: 'Insert a cell below',
    chords: ['b'],
    run: (state) => insertCell(state, 'query', indexOfFocused(state) + 1, 'command'),
  }),
  command({
    id: 'cell.delete',
    title: 'Delete cells',
    chords: ['d d'],
    enabled: hasSelection,
    run: (state) => state.document.remove(state.selection.selected),
  }),
  command({
    id: 'cell.undoDelete',
    title: 'Bring back deleted cells',
    chords: ['z'],
    run: (state) => state.document.undoDelete(),
  }),
  command({
    id: 'cell.toMarkdown',
    title: 'Change cell to Markdown',
    chords: ['m'],
    enabled: hasSelection,
    run(state) {
      const block = focusedBlock(state);
      if (block?.type === 'cell') state.document.changeKind(block.id, 'markdown');
    },
  }),
  command({
    id: 'cell.toQuery',
    title: 'Change cell to SQL query',
    chords: ['y'],
    enabled: hasSelection,
    run(state) {
      const block = focusedBlock(state);
      if (block !== null) state.document.changeKind(block.id, 'query');
    },
  }),
  command({
    id: 'cell.selectPrevious',
    title: 'Select the previous cell',
    chords: ['k', 'Up'],
    hidden: true,
    run: (state) => state.selection.step(-1),
  }),
  command({
    id: 'cell.selectNext',
    title: 'Select the next cell',
    chords: ['j', 'Down'],
    hidden: true,
    run: (state) => state.selection.step(1),
  }),
  command({
    id: 'cell.extendUp',
    title: 'Extend the selection up',
    chords: ['Shift+Up', 'Shift+K'],
    hidden: true,
    run: (state) => state.selection.step(-1, true),
  }),
  command({
    id: 'cell.extendDown',
    title: 'Extend the selection down',
    chords: ['Shift+Down', 'Shift+J'],
    hidden: true,
    run: (state) => state.selection.step(1, true),
  }),
  command({
    id: 'cell.copy',
    title: 'Copy cells',
    chords: ['c'],
    enabled: hasSelection,
    run: (state) => state.selection.copy(),
  }),
  command({
    id: 'cell.cut',
    title: 'Cut cells',
    chords: ['x'],
    enabled: hasSelection,
    run: (state) => state.selection.cut(),
  }),
  command({
    id: 'cell.paste',
    title: 'Paste cells below',
    chords: ['v'],
    enabled: (state) => state.selection.clipboard.length > 0,
    run: (state) => state.selection.paste(),
  }),
  command({
    id: 'cell.moveUp',
    title: 'Move cell up',
    chords: ['Alt+Up'],
    enabled: hasSelection,
    run: (state) => move(state, -1),
  }),
  command({
    id: 'cell.moveDown',
    title: 'Move cell down',
    chords: ['Alt+Down'],
    enabled: hasSelection,
    run: (state) => move(state, 1),
  }),
  ...KINDS.map(({ kind, label }) =>
    command({
      id: `cell.insert.${kind}`,
      title: `Insert ${label} below`,
      chords: [],
      run: (state: AppState) => insertCell(state, kind, indexOfFocused(state) + 1),
    }),
  ),
];
