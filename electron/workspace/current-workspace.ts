import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { PlumblineError } from '../../engine/errors';
import type { WorkspaceInfo } from '../contract';
import type { AskOutside } from '../files/workspace-files';
import type { Backups } from '../notebook/backups';
import type { RecentList } from './recent';
import { describeWorkspace, openWorkspace, servedFile, type Workspace } from './workspace';

export interface CurrentWorkspaceEffects {
  backups: Backups;
  recent: RecentList;
  askOutside: AskOutside;
  /** The folder of the user's copy of the sample. */
  sampleFolder: string;
  /** Called after the workspace or its notebook changed: watching, title, recent documents of the system. */
  onOpened(workspace: Workspace, shown: { notebook: string; paths: string[] }): void;
}

/** The one workspace of the window. Opening another one closes it. */
export interface CurrentWorkspace {
  /** Errors: `file.not_found` before the first workspace is open. */
  get(): Workspace;
  open(folder: string, notebook: string): Promise<WorkspaceInfo>;
  /** The same workspace described anew, its notebook read again; null before the first one is open. */
  describe(): Promise<WorkspaceInfo | null>;
  /** Another notebook of the same workspace is shown now. */
  switchNotebook(notebook: string): Promise<void>;
  /** For the protocol: absolute path of a file of the open workspace, else null. */
  servedFile(workspaceId: string, path: string): Promise<string | null>;
}

export function createCurrentWorkspace(effects: CurrentWorkspaceEffects): CurrentWorkspace {
  let current: { workspace: Workspace; notebook: string; paths: string[] } | null = null;

  const get = (): Workspace => {
    if (current === null) throw new PlumblineError('file.not_found', 'No notebook is open.');
    return current.workspace;
  };
  const show = async (workspace: Workspace, notebook: string, paths: string[]): Promise<void> => {
    current = { workspace, notebook, paths };
    await effects.recent.add(workspace.root, notebook);
    effects.onOpened(workspace, { notebook, paths });
  };

  return {
    get,
    open: async (folder, notebook) => {
      const isSample = resolve(folder) === resolve(effects.sampleFolder);
      const opened = await openWorkspace(folder, isSample, effects.askOutside);
      // Described before it replaces the old one: a notebook that cannot be read leaves everything as it was.
      const info = await describeWorkspace(opened, notebook, homedir(), effects.backups);
      await show(opened, notebook, [...info.notebooks, ...info.dataFiles.map(({ path }) => path)]);
      return info;
    },
    describe: async () =>
      current && describeWorkspace(current.workspace, current.notebook, homedir(), effects.backups),
    switchNotebook: (notebook) => show(get(), notebook, current?.paths ?? []),
    servedFile: async (workspaceId, path) =>
      current?.workspace.id === workspaceId ? servedFile(current.workspace, path) : null,
  };
}
