import type { Settings } from '../../electron/contract';
import type { AppState } from '../store/state';
import type { Command } from './command';

const command = (fields: Omit<Command, 'context'> & { context?: Command['context'] }): Command => ({
  context: 'global',
  ...fields,
});

const THEMES: readonly Settings['theme'][] = ['system', 'light', 'dark'];

function nextTheme(state: AppState): Settings['theme'] {
  return THEMES[(THEMES.indexOf(state.settings.values.theme) + 1) % THEMES.length] ?? 'system';
}

export const APP_COMMANDS: readonly Command[] = [
  command({
    id: 'notebook.new',
    title: 'New notebook…',
    group: 'File',
    chords: ['Mod+N'],
    run: (state) => void state.workspace.newDialog(),
  }),
  command({
    id: 'notebook.open',
    title: 'Open notebook…',
    group: 'File',
    chords: ['Mod+O'],
    run: (state) => void state.workspace.openDialog(),
  }),
  command({
    id: 'notebook.recent',
    title: 'Open recent…',
    group: 'File',
    chords: [],
    run: (state) => state.dialogs.show('open'),
  }),
  command({
    id: 'notebook.openSample',
    title: 'Open the sample workspace',
    group: 'File',
    chords: [],
    run: (state) => void state.workspace.openSample(),
  }),
  command({
    id: 'notebook.resetSample',
    title: 'Reset the sample workspace…',
    group: 'File',
    chords: [],
    run: (state) => void state.workspace.resetSample(),
  }),
  command({
    id: 'notebook.save',
    title: 'Save',
    group: 'File',
    chords: ['Mod+S'],
    run: (state) => void state.document.save(),
  }),
  command({
    id: 'edit.undo',
    title: 'Undo',
    group: 'Edit',
    chords: ['Mod+Z'],
    enabled: (state) => state.document.canUndo,
    run: (state) => state.document.undo(),
  }),
  command({
    id: 'edit.redo',
    title: 'Redo',
    group: 'Edit',
    chords: ['Mod+Shift+Z', 'Mod+Y'],
    enabled: (state) => state.document.canRedo,
    run: (state) => state.document.redo(),
  }),
  command({
    id: 'palette.open',
    title: 'Command palette',
    group: 'View',
    chords: ['Mod+Shift+P', 'F1'],
    hidden: true,
    run: (state) => state.dialogs.showPalette('commands'),
  }),
  command({
    id: 'palette.names',
    title: 'Go to a cell or name…',
    group: 'View',
    chords: ['Mod+P'],
    run: (state) => state.dialogs.showPalette('names'),
  }),
  command({
    id: 'view.toggleCatalog',
    title: 'Show or hide the catalog',
    group: 'View',
    chords: ['Mod+B'],
    run: (state) => void state.settings.set({ showCatalog: !state.settings.values.showCatalog }),
  }),
  command({
    id: 'view.toggleInspector',
    title: 'Show or hide the inspector',
    group: 'View',
    chords: ['Mod+I'],
    run: (state) => void state.settings.set({ showInspector: !state.settings.values.showInspector }),
  }),
  command({
    id: 'view.problems',
    title: 'Problems',
    group: 'View',
    chords: ['Mod+Shift+M'],
    run: (state) => state.dialogs.show('problems'),
  }),
  command({
    id: 'view.theme',
    title: 'Switch theme: system, light, dark',
    group: 'View',
    chords: [],
    run: (state) => void state.settings.set({ theme: nextTheme(state) }),
  }),
  command({
    id: 'settings.open',
    title: 'Settings…',
    group: 'File',
    chords: ['Mod+,'],
    run: (state) => state.dialogs.show('settings'),
  }),
  command({
    id: 'redis.connections',
    title: 'Redis connections…',
    group: 'Redis',
    chords: [],
    run: (state) => state.dialogs.show('connections'),
  }),
  command({
    id: 'redis.startLocal',
    title: 'Start a local Redis',
    group: 'Redis',
    chords: [],
    enabled: (state) => state.connections.localServer !== null,
    run(state) {
      state.dialogs.show('connections');
      void state.connections.startLocal('dev').catch(() => undefined);
    },
  }),
  command({
    id: 'redis.lookup',
    title: 'Look up features…',
    group: 'Redis',
    chords: [],
    run: (state) => state.dialogs.show('lookup'),
  }),
  command({
    id: 'redis.inspect',
    title: 'Inspect what a Redis holds…',
    group: 'Redis',
    chords: [],
    run: (state) => state.dialogs.show('inspect'),
  }),
  command({
    id: 'feast.export',
    title: 'Export as a Feast repository…',
    group: 'Redis',
    chords: [],
    run: (state) => state.dialogs.show('feast'),
  }),
  command({
    id: 'help.shortcuts',
    title: 'Keyboard shortcuts',
    group: 'Help',
    context: 'command',
    chords: ['?', 'h'],
    run: (state) => state.dialogs.show('shortcuts'),
  }),
  command({
    id: 'help.keybindings',
    title: 'Change keyboard shortcuts: show keybindings.json',
    group: 'Help',
    chords: [],
    run: (state) => void state.settings.revealKeybindings(),
  }),
  command({
    id: 'help.docs',
    title: 'Documentation',
    group: 'Help',
    chords: [],
    run: (state) => void state.workspace.openDocs(),
  }),
  command({
    id: 'help.about',
    title: 'About Plumbline',
    group: 'Help',
    chords: [],
    run: (state) => state.dialogs.show('about'),
  }),
];
