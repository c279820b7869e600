import type { AppState } from '../store/state';
import { APP_COMMANDS } from './app-commands';
import { CELL_COMMANDS } from './cell-commands';
import { normalizeChord } from './chord';
import type { Command, CommandContext } from './command';
import { RUN_COMMANDS } from './run-commands';

/** Every command of the app: menu items, the palette, keys and the shortcut list all come from here. */
export const COMMANDS: readonly Command[] = [...RUN_COMMANDS, ...CELL_COMMANDS, ...APP_COMMANDS];

const BY_ID = new Map(COMMANDS.map((command) => [command.id, command]));

export function findCommand(id: string): Command | undefined {
  return BY_ID.get(id);
}

export function isEnabled(command: Command, state: AppState): boolean {
  return command.enabled?.(state) ?? true;
}

/** Runs a command if it can run now; an unknown id does nothing. */
export function runCommand(id: string, state: AppState): void {
  const command = BY_ID.get(id);
  if (command !== undefined && isEnabled(command, state)) void command.run(state);
}

/** A command's chords under the user's own keybindings: one chord replaces the defaults, an empty one removes them. */
export function chordsOf(command: Command, keybindings: Record<string, string>): string[] {
  const own = keybindings[command.id];
  const chords = own === undefined ? command.chords : own.trim() === '' ? [] : [own];
  return chords.map(normalizeChord);
}

/** Chord to command, per context. In `command` context the global chords count as well. */
export function keymap(keybindings: Record<string, string>): Record<CommandContext, Map<string, Command>> {
  const maps = { global: new Map<string, Command>(), command: new Map<string, Command>() };
  // A user's own chord wins over a default of another command.
  const ordered = [...COMMANDS].sort(
    (a, b) => Number(keybindings[a.id] !== undefined) - Number(keybindings[b.id] !== undefined),
  );
  for (const command of ordered)
    for (const chord of chordsOf(command, keybindings)) {
      if (command.context === 'global') maps.global.set(chord, command);
      maps.command.set(chord, command);
    }
  return maps;
}
