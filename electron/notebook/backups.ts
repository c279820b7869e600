import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { atomicWrite } from '../../engine/node/atomic-write';
import { fileError } from '../../engine/node/file-error';
import { sha256 } from '../files/sha256';

const backupSchema = z.object({
  path: z.string(),
  text: z.string(),
  /** Milliseconds since 1970. */
  savedAt: z.number(),
  baseSha256: z.string().nullable(),
});
export type Backup = z.infer<typeof backupSchema>;

/** Unsaved text by notebook, outside the workspace: what a killed app leaves behind. */
export interface Backups {
  keep(notebook: string, text: string, baseSha256: string | null): Promise<void>;
  drop(notebook: string): Promise<void>;
  /** null when there is none, or none that can be read. */
  find(notebook: string): Promise<Backup | null>;
}

/** One file per notebook in `folder`, named by the hash of its absolute path. Backups of one notebook are in order. */
export function createBackups(folder: string, now: () => number): Backups {
  const fileOf = (notebook: string) => join(folder, `${sha256(notebook)}.json`);
  const queues = new Map<string, Promise<void>>();
  const inOrder = (notebook: string, act: () => Promise<void>): Promise<void> => {
    const next = (queues.get(notebook) ?? Promise.resolve()).catch(() => undefined).then(act);
    queues.set(notebook, next);
    return next;
  };
  return {
    keep: (notebook, text, baseSha256) =>
      inOrder(notebook, async () => {
        const backup: Backup = { path: notebook, text, savedAt: now(), baseSha256 };
        try {
          await mkdir(folder, { recursive: true, mode: 0o700 });
          await atomicWrite(fileOf(notebook), JSON.stringify(backup));
        } catch (thrown) {
          throw fileError(thrown, fileOf(notebook), text.length);
        }
      }),
    drop: (notebook) => inOrder(notebook, () => rm(fileOf(notebook), { force: true })),
    find: async (notebook) => {
      try {
        const backup = backupSchema.parse(JSON.parse(await readFile(fileOf(notebook), 'utf8')));
        return backup.path === notebook ? backup : null;
      } catch {
        return null;
      }
    },
  };
}
