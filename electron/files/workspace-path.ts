import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { PlumblineError } from '../../engine/errors';

/** Where a path of a notebook really points, links followed. */
export interface ResolvedPath {
  absolute: string;
  /** Whether it lies in the workspace after links are followed. */
  inside: boolean;
}

/**
 * Resolves a path of a notebook against its workspace. The file itself need not exist; its nearest existing folder
 * is what links are followed from. Errors: `source.outside_workspace` for a path with a NUL character.
 */
export async function resolveWorkspacePath(root: string, path: string): Promise<ResolvedPath> {
  if (path.includes('\0'))
    throw new PlumblineError('source.outside_workspace', 'A path with a NUL character is refused.');
  const absolute = await followLinks(isAbsolute(path) ? resolve(path) : resolve(root, path));
  return { absolute, inside: contains(await followLinks(root), absolute) };
}

/** Whether `path` is `folder` or lies below it. Both absolute, links followed. */
export function contains(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await followLinks(parent), basename(path));
  }
}
