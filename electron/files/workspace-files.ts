import { resolve } from 'node:path';
import { PlumblineError } from '../../engine/errors';
import { globRoot } from '../../engine/node/glob';
import { NodeWorkspaceFiles } from '../../engine/node/workspace-files';
import type { WorkspaceFiles } from '../../engine/ports';
import { resolveWorkspacePath } from './workspace-path';

/** Asks the user whether a notebook may read (or write) an absolute path outside its folder. */
export type AskOutside = (absolute: string, access: 'read' | 'write') => Promise<boolean>;

/** The files of one workspace folder. A path that leaves it, by itself or by a link, needs the user's yes. */
export async function openWorkspaceFiles(root: string, askOutside: AskOutside): Promise<WorkspaceFiles> {
  const inside = await NodeWorkspaceFiles.open(root);
  const anywhere = await NodeWorkspaceFiles.open(root, { allowOutside: true });

  const guarded = async <T>(
    path: string,
    access: 'read' | 'write',
    act: (files: WorkspaceFiles) => Promise<T>,
  ): Promise<T> => {
    try {
      return await act(inside);
    } catch (thrown) {
      if (!(thrown instanceof PlumblineError) || thrown.code !== 'source.outside_workspace') throw thrown;
      const { absolute } = await resolveWorkspacePath(root, path);
      if (await askOutside(absolute, access)) return act(anywhere);
      throw new PlumblineError('source.outside_workspace', `${path} lies outside the notebook's folder.`, {
        hint: 'Move the file into the folder, or allow it when asked.',
      });
    }
  };
  return {
    glob: (pattern) => guarded(resolve(root, globRoot(pattern)), 'read', (files) => files.glob(pattern)),
    read: (path) => guarded(path, 'read', (files) => files.read(path)),
    sha256: (path) => guarded(path, 'read', (files) => files.sha256(path)),
    write: (path, bytes) => guarded(path, 'write', (files) => files.write(path, bytes)),
  };
}
