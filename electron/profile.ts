import { join } from 'node:path';

/** Where the app keeps its own files, all below Electron's userData folder. */
export interface Profile {
  settings: string;
  keybindings: string;
  connections: string;
  recent: string;
  windowState: string;
  backups: string;
  sample: string;
}

export function profileIn(userData: string): Profile {
  const at = (name: string) => join(userData, name);
  return {
    settings: at('settings.json'),
    keybindings: at('keybindings.json'),
    connections: at('connections.json'),
    recent: at('recent.json'),
    windowState: at('window.json'),
    backups: at('backups'),
    sample: at('sample'),
  };
}
