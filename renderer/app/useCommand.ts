import { useMemo } from 'react';
import { chordLabel } from '../commands/chord';
import { chordsOf, findCommand, isEnabled, runCommand } from '../commands/registry';
import { useApp, useAppStore } from '../store/context';

/** A command for a button: its title, its first chord as people read it, whether it can run, and the way to run it. */
export function useCommand(id: string) {
  const store = useAppStore();
  const keybindings = useApp((state) => state.settings.keybindings);
  const mac = useApp((state) => state.workspace.platform === 'darwin');
  const command = findCommand(id);
  const enabled = useApp((state) => (command === undefined ? false : isEnabled(command, state)));
  return useMemo(() => {
    const chord = command === undefined ? undefined : chordsOf(command, keybindings)[0];
    const title = command?.title ?? id;
    const keys = chord === undefined ? null : chordLabel(chord, mac);
    return {
      title,
      keys,
      tip: keys === null ? title : `${title} (${keys})`,
      enabled,
      run: () => runCommand(id, store.getState()),
    };
  }, [command, enabled, id, keybindings, mac, store]);
}
