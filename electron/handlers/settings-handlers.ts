import type { Settings } from '../contract';
import type { Handlers } from '../ipc-gate';
import type { SettingsStore } from '../settings/settings-store';

export interface SettingsHandlerDependencies {
  settings: SettingsStore;
  /** The parts that main itself obeys, such as the window's theme. */
  apply(settings: Settings): void;
  /** Shows a file in the system's file manager. */
  reveal(absolute: string): void;
}

export function settingsHandlers(
  deps: SettingsHandlerDependencies,
): Pick<Handlers, 'settings.get' | 'settings.set' | 'settings.revealKeybindings'> {
  return {
    'settings.get': () => deps.settings.load(),
    'settings.set': async ({ settings }) => {
      await deps.settings.save(settings);
      deps.apply(settings);
      return {};
    },
    'settings.revealKeybindings': async () => {
      deps.reveal(await deps.settings.keybindingsFile());
      return {};
    },
  };
}
