import { readFile, stat } from 'node:fs/promises';
import type { FileEntry, WorkspaceFiles } from '../../engine/ports';
import { PlumblineError } from '../../engine/errors';
import { atomicWrite } from './atomic-write';
import { fileError } from './file-error';
import { parseGlob } from './glob';
import { sha256, sha256OfFile } from './sha256';
import { walkFiles } from './walk';
import { resolveWorkspacePath } from './workspace-path';

/** Asks the user whether a notebook may read (or write) an absolute path outside its folder. */
export type AskOutside = (absolute: string, access: 'read' | 'write') => Promise<boolean>;

/** The files of one workspace folder. Every path is resolved with links followed; what leaves needs a yes. */
export function createWorkspaceFiles(root: string, askOutside: AskOutside): WorkspaceFiles {
  const locate = async (path: string, access: 'read' | 'write'): Promise<string> => {
    const resolved = await resolveWorkspacePath(root, path);
    if (resolved.inside || (await askOutside(resolved.absolute, access))) return resolved.absolute;
    throw new PlumblineError('source.outside_workspace', `${path} lies outside the notebook's folder.`, {
      hint: 'Move the file into the folder, or allow it when asked.',
    });
  };
  const guarded = async <T>(doing: string, path: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (thrown) {
      throw fileError(thrown, doing, path);
    }
  };
  return {
    glob: (pattern) => guarded('look for', pattern, () => findFiles(pattern, locate)),
    read: (path) => guarded('read', path, async () => readFile(await locate(path, 'read'))),
    sha256: (path) => guarded('read', path, async () => sha256OfFile(await locate(path, 'read'))),
    write: (path, bytes) =>
      guarded('write', path, async () => {
        await atomicWrite(await locate(path, 'write'), bytes);
        return { size: bytes.byteLength, sha256: sha256(bytes) };
      }),
  };
}

async function findFiles(
  pattern: string,
  locate: (path: string, access: 'read') => Promise<string>,
): Promise<FileEntry[]> {
  const glob = parseGlob(pattern);
  if (glob.hasWildcard) return walkFiles(await locate(glob.base || '.', 'read'), glob.base, glob.matches);
  const path = pattern.replace(/^\.\//, '');
  const info = await stat(await locate(path, 'read')).catch(() => null);
  return info?.isFile() ? [{ path, size: info.size, modified: info.mtimeMs }] : [];
}
