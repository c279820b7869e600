import { stat } from 'node:fs/promises';
import type { WorkspaceInfo } from '../contract';
import type { CurrentWorkspace } from './current-workspace';
import type { RecentList } from './recent';
import { SAMPLE_NOTEBOOK, type Sample } from './sample';
import { splitNotebookPath } from './workspace';

export interface InitialWorkspaceDependencies {
  workspace: CurrentWorkspace;
  recent: RecentList;
  sample: Sample;
  /** The notebook that the command line or the system named, once. */
  takeFirst(): string | null;
}

/**
 * What a page that starts should show: the notebook named from outside, else what is open already (the page was
 * loaded again), else the latest one that still opens, else the sample.
 */
export function createInitialWorkspace(
  deps: InitialWorkspaceDependencies,
): () => Promise<{ initial: WorkspaceInfo; firstStart: boolean }> {
  const { workspace, recent, sample } = deps;
  let firstStart = false;

  const choose = async (): Promise<WorkspaceInfo> => {
    const named = deps.takeFirst();
    if (named !== null) {
      const { folder, notebook } = splitNotebookPath(named);
      return workspace.open(folder, notebook);
    }
    const open = await workspace.describe().catch(() => null);
    if (open) return open;
    const entries = await recent.list();
    firstStart = entries.length === 0;
    const latest = entries[0];
    if (latest && (await isFolder(latest.folder))) {
      const info = await workspace.open(latest.folder, latest.notebook).catch(() => null);
      if (info) return info;
    }
    return workspace.open(await sample.open(), SAMPLE_NOTEBOOK);
  };
  return async () => {
    const initial = await choose();
    return { initial, firstStart };
  };
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
