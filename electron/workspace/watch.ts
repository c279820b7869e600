import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds of quiet after which a change is reported: editors save in several steps. */
const QUIET_MS = 150;

export interface WatchedFolder {
  root: string;
  /** Files relative to `root`, forward slashes; only their folders matter. */
  paths: readonly string[];
  isWanted(path: string): boolean;
  /** SHA-256 of a file; rejects when there is none. */
  hash(path: string): Promise<string>;
}

export interface WorkspaceWatcher {
  /** Watches the folders of these files instead of the ones before. */
  watch(folder: WatchedFolder): void;
  /** The app itself wrote a file: that is not an outside change. */
  wrote(path: string, sha256: string): void;
  close(): void;
}

/**
 * Reports files of the workspace that other programs change, create anew or delete (`sha256` null). Folders are
 * watched, not files: a save by rename would end a file's watch.
 */
export function createWorkspaceWatcher(
  onChange: (path: string, sha256: string | null) => void,
): WorkspaceWatcher {
  const watchers: FSWatcher[] = [];
  const timers = new Map<string, NodeJS.Timeout>();
  const known = new Map<string, string | null>();

  const close = (): void => {
    for (const watcher of watchers.splice(0)) watcher.close();
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    known.clear();
  };
  const report = async (folder: WatchedFolder, path: string): Promise<void> => {
    const hash = await folder.hash(path).catch(() => null);
    if (known.get(path) === hash) return;
    known.set(path, hash);
    onChange(path, hash);
  };
  const later = (folder: WatchedFolder, path: string): void => {
    clearTimeout(timers.get(path));
    timers.set(
      path,
      setTimeout(() => {
        timers.delete(path);
        void report(folder, path);
      }, QUIET_MS),
    );
  };
  return {
    watch: (folder) => {
      close();
      const subfolders = new Set(folder.paths.map((path) => path.split('/').slice(0, -1).join('/')));
      for (const subfolder of subfolders) {
        try {
          const watcher = watch(join(folder.root, subfolder), { persistent: false }, (_kind, name) => {
            const path = subfolder === '' ? String(name) : `${subfolder}/${String(name)}`;
            if (name !== null && folder.isWanted(path)) later(folder, path);
          });
          watcher.on('error', () => watcher.close());
          watchers.push(watcher);
        } catch {
          // A folder that cannot be watched (too many watches, network share) only loses this comfort.
        }
      }
    },
    wrote: (path, hash) => known.set(path, hash),
    close,
  };
}
