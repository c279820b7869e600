import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const DATA = join(import.meta.dirname, '../sample-data/data');

/** A user's own folder with one notebook, and a profile whose settings are known. */
export interface OwnNotebook {
  folder: string;
  file: string;
  userData: string;
  /** The notebook as it is on disk. */
  text(): string;
  remove(): void;
}

/** `data` names sample files that the folder gets. The file is saved only when the test asks for it. */
export function ownNotebook(text: string, data: readonly string[] = []): OwnNotebook {
  const root = mkdtempSync(join(tmpdir(), 'plumbline-own-'));
  const folder = join(root, 'work');
  const userData = join(root, 'profile');
  const file = join(folder, 'own.plumb.md');
  mkdirSync(join(folder, 'data'), { recursive: true });
  mkdirSync(userData);
  for (const name of data) {
    const copy = join(folder, 'data', name);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(DATA, name), copy);
  }
  writeFileSync(file, text);
  writeFileSync(join(userData, 'settings.json'), JSON.stringify({ autosave: false }));
  return {
    folder,
    file,
    userData,
    text: () => readFileSync(file, 'utf8'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
