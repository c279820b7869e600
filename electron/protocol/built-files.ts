import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** URL path (`/assets/index.js`) to absolute path. What is not in the map is not served. */
export type BuiltFiles = ReadonlyMap<string, string>;

/** The allow-list of the built renderer, read once at start. */
export function listBuiltFiles(folder: string): BuiltFiles {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set('/' + relative(folder, path).split(sep).join('/'), path);
  }
  return files;
}
