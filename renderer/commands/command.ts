import type { AppState } from '../store/state';

/** Where the keys of a command count: anywhere, or only while cells are selected and no text is edited. */
export type CommandContext = 'global' | 'command';

export interface Command {
  id: string;
  title: string;
  /** Groups commands in the palette and in the shortcut list. */
  group: 'Run' | 'Cell' | 'Edit' | 'File' | 'View' | 'Redis' | 'Help';
  context: CommandContext;
  /** Default chords; the first is the one that is shown. */
  chords: readonly string[];
  /** Whether it can run now; without it always. */
  enabled?(state: AppState): boolean;
  run(state: AppState): void | Promise<void>;
  /** Not offered in the palette: bare movement keys. */
  hidden?: boolean;
}
