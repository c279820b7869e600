import { app } from 'electron';
import { notebookArgument } from './workspace/arguments';

/** Notebooks that the system asks to open: file association, second instance, drop on the icon. */
export interface OpenRequests {
  /** The one that came before the app was ready, once. */
  takeFirst(): string | null;
  onRequest(listener: (file: string | null) => void): void;
}

/** Must be called at once: on macOS `open-file` may come before `ready`. */
export function setupOpenRequests(): OpenRequests {
  let first = notebookArgument(process.argv, process.cwd());
  let listener: ((file: string | null) => void) | null = null;
  const request = (file: string | null) => {
    if (listener) listener(file);
    else first = file ?? first;
  };
  app.on('open-file', (event, file) => {
    event.preventDefault();
    request(file);
  });
  app.on('second-instance', (_event, argv, workingFolder) => request(notebookArgument(argv, workingFolder)));
  return {
    takeFirst: () => {
      const file = first;
      first = null;
      return file;
    },
    onRequest: (act) => {
      listener = act;
    },
  };
}
