import { PlumblineError } from '../../engine/errors';
import type { Handlers } from '../ipc-gate';
import { resolveWorkspacePath } from '../files/workspace-path';
import type { Backups } from '../notebook/backups';
import { readNotebook, saveNotebook } from '../notebook/notebook-store';
import type { CurrentWorkspace } from '../workspace/current-workspace';
import { openNotebook } from '../workspace/workspace';
import type { AskOutside } from '../files/workspace-files';

export interface NotebookHandlerDependencies {
  workspace: CurrentWorkspace;
  backups: Backups;
  askOutside: AskOutside;
  onBackup(done: Promise<unknown>): void;
  onEdited(edited: boolean): void;
  /** Before the app writes a file, so that the watcher does not report it as an outside change. */
  onSaved(path: string, sha256: string): void;
}

type NotebookChannels =
  'notebook.open' | 'notebook.read' | 'notebook.save' | 'notebook.backup' | 'notebook.edited';

export function notebookHandlers(deps: NotebookHandlerDependencies): Pick<Handlers, NotebookChannels> {
  const { workspace, backups } = deps;
  const inside = async (file: string): Promise<string> => {
    const resolved = await resolveWorkspacePath(workspace.get().root, file);
    if (!resolved.inside)
      throw new PlumblineError('source.outside_workspace', `${file} lies outside the open folder.`, {
        hint: 'Open that notebook itself: its folder then becomes the workspace.',
      });
    return resolved.absolute;
  };
  return {
    'notebook.open': async ({ file }) => {
      await inside(file);
      const opened = await openNotebook(workspace.get(), file, backups);
      await workspace.switchNotebook(file);
      return opened;
    },
    'notebook.read': async ({ file }) => {
      const resolved = await resolveWorkspacePath(workspace.get().root, file);
      if (!resolved.inside && !(await deps.askOutside(resolved.absolute, 'read')))
        throw new PlumblineError('source.outside_workspace', `${file} lies outside the notebook's folder.`, {
          hint: 'Move the file into the folder, or allow it when asked.',
        });
      return readNotebook(resolved.absolute, file);
    },
    'notebook.save': async ({ file, text, expectedSha256, force }) => {
      const absolute = await inside(file);
      const saved = await saveNotebook(absolute, file, text, { sha256: expectedSha256, force });
      deps.onSaved(file, saved.sha256);
      return saved;
    },
    'notebook.backup': ({ file, text, baseSha256 }) => {
      const done = inside(file).then((path) =>
        text === null ? backups.drop(path) : backups.keep(path, text, baseSha256),
      );
      deps.onBackup(done);
      return done.then(() => ({}));
    },
    'notebook.edited': ({ edited }) => {
      deps.onEdited(edited);
      return {};
    },
  };
}
