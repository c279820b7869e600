import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, sep } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { WorkspaceFiles } from '../../engine/ports';
import type { OpenedNotebook, WorkspaceInfo } from '../contract';
import { openWorkspaceFiles, type AskOutside } from '../files/workspace-files';
import { fileError } from '../../engine/node/file-error';
import { walkFiles } from '../files/walk';
import { resolveWorkspacePath } from '../files/workspace-path';
import { readNotebook } from '../notebook/notebook-store';
import type { Backups } from '../notebook/backups';

export const NOTEBOOK_ENDING = '.plumb.md';
const DATA_FILE = /\.(parquet|csv|tsv|json|jsonl|ndjson)$/i;
const MAX_DATA_FILES = 1_000;

/** A folder with notebooks, as it is open in a window. */
export interface Workspace {
  /** Opaque, new at each opening: a URL of a closed workspace leads nowhere. */
  id: string;
  /** Absolute, links followed. */
  root: string;
  isSample: boolean;
  files: WorkspaceFiles;
}

/** Opens a folder. Errors: `file.not_found`, `file.denied`. */
export async function openWorkspace(
  folder: string,
  isSample: boolean,
  askOutside: AskOutside,
): Promise<Workspace> {
  try {
    const root = await realpath(folder);
    return { id: randomUUID(), root, isSample, files: await openWorkspaceFiles(root, askOutside) };
  } catch (thrown) {
    throw fileError(thrown, folder);
  }
}

/** The folder and relative notebook path of a notebook file. */
export function splitNotebookPath(file: string): { folder: string; notebook: string } {
  return { folder: dirname(file), notebook: basename(file) };
}

/** Reads a notebook of the workspace with what hot exit kept of it. */
export async function openNotebook(
  workspace: Workspace,
  file: string,
  backups: Backups,
): Promise<OpenedNotebook> {
  const { absolute } = await resolveWorkspacePath(workspace.root, file);
  const stored = await readNotebook(absolute, file);
  const backup = await backups.find(absolute);
  if (backup === null || backup.text === stored.text) return { file, ...stored, backup: null };
  const { text, savedAt, baseSha256 } = backup;
  return { file, ...stored, backup: { text, savedAt, baseSha256 } };
}

/** What the renderer is told of a workspace, the named notebook read. */
export async function describeWorkspace(
  workspace: Workspace,
  notebook: string,
  home: string,
  backups: Backups,
): Promise<WorkspaceInfo> {
  const opened = await openNotebook(workspace, notebook, backups);
  const [notebooks, dataFiles] = await Promise.all([
    walkFiles(workspace.root, '', (path) => path.endsWith(NOTEBOOK_ENDING)),
    walkFiles(workspace.root, '', (path) => DATA_FILE.test(path)),
  ]);
  const names = notebooks.map((entry) => entry.path);
  return {
    id: workspace.id,
    display: displayPath(workspace.root, home),
    folderName: basename(workspace.root),
    isSample: workspace.isSample,
    notebooks: names.includes(notebook) ? names : [notebook, ...names],
    dataFiles: dataFiles.slice(0, MAX_DATA_FILES),
    notebook: opened,
  };
}

/** Files whose change matters to a notebook: notebooks and data. */
export function isWatchedFile(path: string): boolean {
  return path.endsWith('.md') || DATA_FILE.test(path);
}

/** A path for people: the home folder as `~`. */
export function displayPath(path: string, home: string): string {
  return path === home || path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
}

/** A file that app://plumbline may serve from a workspace, or null. */
export async function servedFile(workspace: Workspace, path: string): Promise<string | null> {
  const resolved = await resolveWorkspacePath(workspace.root, path).catch(() => null);
  if (!resolved?.inside) return null;
  const info = await stat(resolved.absolute).catch(() => null);
  return info?.isFile() ? resolved.absolute : null;
}
