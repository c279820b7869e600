import { PlumblineError } from '../../engine/errors';
import type { WorkspaceInfo } from '../contract';
import type { Handlers } from '../ipc-gate';
import { saveNotebook } from '../notebook/notebook-store';
import type { CurrentWorkspace } from '../workspace/current-workspace';
import type { RecentList } from '../workspace/recent';
import { SAMPLE_NOTEBOOK, type Sample } from '../workspace/sample';
import { NOTEBOOK_ENDING, splitNotebookPath } from '../workspace/workspace';

export interface WorkspaceHandlerDependencies {
  workspace: CurrentWorkspace;
  sample: Sample;
  recent: RecentList;
  /** Native dialogs; null when the user cancels. */
  pickNotebook(): Promise<string | null>;
  pickNewNotebook(): Promise<string | null>;
  confirmReset(): Promise<boolean>;
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
    'workspace.resetSample': async () =>
      (await deps.confirmReset()) ? workspace.open(await sample.reset(), SAMPLE_NOTEBOOK) : null,
    'workspace.openDialog': async () => {
      const file = await deps.pickNotebook();
      return file === null ? null : openFile(file);
    },
    'workspace.openRecent': async ({ index }) => {
      const entry = (await recent.list())[index];
      if (!entry) throw new PlumblineError('file.not_found', 'That notebook is no longer on the list.');
      return workspace.open(entry.folder, entry.notebook);
    },
    'workspace.newDialog': async () => {
      const picked = await deps.pickNewNotebook();
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
