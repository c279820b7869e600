import { app, dialog, type BrowserWindow, type OpenDialogOptions, type SaveDialogOptions } from 'electron';
import { join } from 'node:path';

/** The system's own pickers; null when the user cancels. */
export interface FileDialogs {
  pickNotebook(folder: string): Promise<string | null>;
  pickNewNotebook(): Promise<string | null>;
}

export function createFileDialogs(window: () => BrowserWindow | null): FileDialogs {
  return {
    pickNotebook: async (folder) => {
      const options: OpenDialogOptions = {
        title: 'Open notebook',
        defaultPath: folder,
        properties: ['openFile'],
        filters: [
          { name: 'Notebooks', extensions: ['plumb.md', 'md'] },
          { name: 'All files', extensions: ['*'] },
        ],
      };
      const parent = window();
      const { filePaths } = await (parent
        ? dialog.showOpenDialog(parent, options)
        : dialog.showOpenDialog(options));
      return filePaths[0] ?? null;
    },
    pickNewNotebook: async () => {
      const options: SaveDialogOptions = {
        title: 'New notebook',
        defaultPath: join(app.getPath('documents'), 'notebook.plumb.md'),
        filters: [{ name: 'Notebooks', extensions: ['plumb.md'] }],
      };
      const parent = window();
      const { filePath } = await (parent
        ? dialog.showSaveDialog(parent, options)
        : dialog.showSaveDialog(options));
      return filePath || null;
    },
  };
}
