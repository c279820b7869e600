import type { Block } from '../../engine/notebook/document';
import { formatCell } from '../editor/formatters';
import { fillTemplate } from '../notebook/templates';
import { kindInfo } from '../notebook/kinds';
import type { AppState } from '../store/state';
import type { Command } from './command';

export function focusedBlock(state: AppState): Block | null {
  const id = state.selection.selected.at(-1);
  return state.document.current?.blocks.find((block) => block.id === id) ?? null;
}

/** Inserts a cell of a kind and selects it for editing. */
export function insertCell(
  state: AppState,
  kind: string,
  at: number,
  mode: 'command' | 'edit' = 'edit',
): void {
  const info = kindInfo(kind);
  if (info === undefined) return;
  const body = fillTemplate(kind, {
    catalog: state.analysis.shown,
    files: state.workspace.info?.dataFiles.map((file) => file.path) ?? [],
    redis: state.connections.list.map((connection) => connection.name),
  });
  const id = state.document.insert(at, { kind, name: info.name, language: info.language, body });
  if (id !== '') state.selection.select(id, { mode });
}

export function indexOfFocused(state: AppState): number {
  const id = state.selection.selected.at(-1);
  return state.document.current?.blocks.findIndex((block) => block.id === id) ?? -1;
}

function runSelected(state: AppState): void {
  const ids = new Set(state.selection.selected);
  for (const block of state.document.current?.blocks ?? [])
    if (ids.has(block.id) && block.type === 'cell' && block.known) void state.runs.run(block.name);
}

const hasSelection = (state: AppState) => state.selection.selected.length > 0;

export const RUN_COMMANDS: readonly Command[] = [
  {
    id: 'cell.run',
    title: 'Run cell',
    group: 'Run',
    context: 'global',
    chords: ['Mod+Enter'],
    enabled: hasSelection,
    run(state) {
      runSelected(state);
      if (focusedBlock(state)?.type === 'markdown') state.selection.setMode('command');
    },
  },
  {
    id: 'cell.runAndNext',
    title: 'Run cell and select the next',
    group: 'Run',
    context: 'global',
    chords: ['Shift+Enter'],
    enabled: hasSelection,
    run(state) {
      runSelected(state);
      const blocks = state.document.current?.blocks ?? [];
      if (indexOfFocused(state) === blocks.length - 1) insertCell(state, 'query', blocks.length);
      else state.selection.step(1);
    },
  },
  {
    id: 'cell.runAndInsert',
    title: 'Run cell and insert one below',
    group: 'Run',
    context: 'global',
    chords: ['Alt+Enter'],
    enabled: hasSelection,
    run(state) {
      runSelected(state);
      insertCell(state, 'query', indexOfFocused(state) + 1);
    },
  },
  {
    id: 'cell.runWhole',
    title: 'Run cell on the whole data',
    group: 'Run',
    context: 'global',
    chords: ['Shift+F9'],
    enabled: hasSelection,
    run(state) {
      const block = focusedBlock(state);
      if (block?.type === 'cell') void state.runs.run(block.name, 'whole');
    },
  },
  {
    id: 'cell.format',
    title: 'Format cell',
    group: 'Edit',
    context: 'global',
    chords: ['Shift+Alt+F'],
    enabled: (state) => focusedBlock(state)?.type === 'cell' && state.document.current?.readOnly === false,
    run(state) {
      const block = focusedBlock(state);
      if (block !== null) formatCell(block.id);
    },
  },
  {
    id: 'run.stale',
    title: 'Run stale cells',
    group: 'Run',
    context: 'global',
    chords: ['F9'],
    run: (state) => void state.runs.runStale(),
  },
  {
    id: 'run.all',
    title: 'Run all cells',
    group: 'Run',
    context: 'global',
    chords: ['Mod+F9'],
    run: (state) => void state.runs.runAll(),
  },
  {
    id: 'run.cancel',
    title: 'Cancel what runs',
    group: 'Run',
    context: 'global',
    chords: ['Mod+.'],
    run: (state) => state.runs.cancel(),
  },
  {
    id: 'engine.restart',
    title: 'Restart the engine',
    group: 'Run',
    context: 'global',
    chords: [],
    run: (state) => void state.engine.restart(),
  },
];
