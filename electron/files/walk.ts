import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry } from '../../engine/ports';

const MAX_DEPTH = 12;
/** A folder picked by mistake, such as the home folder, must not keep the app busy. */
const MAX_VISITED = 50_000;
const SKIPPED = new Set(['node_modules', '__pycache__']);

/** Files below `folder`, paths prefixed with `prefix`, sorted; hidden files and folders are left out. */
export async function walkFiles(
  folder: string,
  prefix: string,
  wanted: (path: string) => boolean,
): Promise<FileEntry[]> {
  const found: FileEntry[] = [];
  let visited = 0;
  const visit = async (absolute: string, relative: string, depth: number): Promise<void> => {
    const entries = await readdir(absolute, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (++visited > MAX_VISITED) return;
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const full = join(absolute, entry.name);
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH) await visit(full, path, depth + 1);
      } else if (wanted(path)) {
        const info = await stat(full).catch(() => null);
        if (info?.isFile()) found.push({ path, size: info.size, modified: info.mtimeMs });
      }
    }
  };
  await visit(folder, prefix, 0);
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
