import type { WorkspaceFiles } from '../../engine/ports';
import { call } from './bridge';

/** The files of the open workspace, read and written by main. */
export const workspaceFiles: WorkspaceFiles = {
  glob: (pattern) => call('files.glob', { pattern }),
  read: async (path) => (await call('files.read', { path })).bytes,
  sha256: async (path) => (await call('files.sha256', { path })).sha256,
  write: (path, bytes) => call('files.write', { path, bytes }),
};

/** A workspace file's address; it answers HEAD and byte ranges. Files outside the workspace have none. */
export function workspaceUrl(workspaceId: string, path: string): string {
  const segments = path.replace(/^\.\//, '').split('/').map(encodeURIComponent);
  return `app://plumbline/workspace/${workspaceId}/${segments.join('/')}`;
}
