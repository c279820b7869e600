import { PlumblineError } from '../../engine/errors';
import type { WorkspaceInfo } from '../contract';
import type { Handlers } from '../ipc-gate';
import { saveNotebook } from '../notebook/notebook-store';
import type { CurrentWorkspace } from '../workspace/current-workspace';
import type { RecentList } from '../workspace/recent';
import { SAMPLE_NOTEBOOK, type Sample } from '../workspace/sample';
import type { Ask } from '../consent/consent-dialogs';
import type { FileDialogs } from '../window/file-dialogs';
import { NOTEBOOK_ENDING, splitNotebookPath } from '../workspace/workspace';

export interface WorkspaceHandlerDependencies {
  workspace: CurrentWorkspace;
  sample: Sample;
  recent: RecentList;
  dialogs: FileDialogs;
  ask: Ask;
}

type WorkspaceChannels =
  | 'workspace.openSample'
  | 'workspace.resetSample'
  | 'workspace.openDialog'
  | 'workspace.openRecent'
  | 'workspace.newDialog';

export function workspaceHandlers(deps: WorkspaceHandlerDependencies): Pick<Handlers, WorkspaceChannels> {
  const { workspace, sample, recent } = deps;
  const openFile = (file: string): Promise<WorkspaceInfo> => {
    const { folder, notebook } = splitNotebookPath(file);
    return workspace.open(folder, notebook);
  };
  return {
    'workspace.openSample': async () => workspace.open(await sample.open(), SAMPLE_NOTEBOOK),
    'workspace.resetSample': async () => {
      const yes = await deps.ask({
        message: 'Open a fresh copy of the sample?',
        detail: 'Your edited copy is kept beside it.',
        yes: 'Reset',
        no: 'Cancel',
      });
      return yes ? workspace.open(await sample.reset(), SAMPLE_NOTEBOOK) : null;
    },
    'workspace.openDialog': async () => {
      const file = await deps.dialogs.pickNotebook(workspace.get().root);
      return file === null ? null : openFile(file);
    },
    'workspace.openRecent': async ({ index }) => {
      const entry = (await recent.list())[index];
      if (!entry) throw new PlumblineError('file.not_found', 'That notebook is no longer on the list.');
      return workspace.open(entry.folder, entry.notebook);
    },
    'workspace.newDialog': async () => {
      const picked = await deps.dialogs.pickNewNotebook();
      if (picked === null) return null;
      const file = picked.endsWith('.md') ? picked : picked + NOTEBOOK_ENDING;
      // The system's dialog has already asked before an existing file is chosen.
      await saveNotebook(file, file, emptyNotebook(file), { sha256: null, force: true });
      return openFile(file);
    },
  };
}

function emptyNotebook(file: string): string {
  const title = splitNotebookPath(file).notebook.replace(/(\.plumb)?\.md$/, '');
  return `---\nplumbline: 1\ntitle: ${JSON.stringify(title)}\n---\n\n# ${title}\n`;
}
