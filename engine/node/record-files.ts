import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeRunning } from '../online/memory-records';
import type { RecordFiles } from '../online/record-files';
import { atomicWrite, type WriteEffects } from './atomic-write';
import { fileError } from './file-error';

/** The file operations of records besides those of an atomic write, so that tests can fail each of them. */
export interface RecordEffects extends WriteEffects {
  /** Called before bytes are added to a journal, and again when they are durable. */
  onAppend?(): Promise<void>;
}

/** Records of writes in a workspace's folder, on a real file system. */
export function nodeRecords(folder: string, effects?: RecordEffects): RecordFiles {
  const told = async <T>(path: string, act: (absolute: string) => Promise<T>): Promise<T> => {
    try {
      return await act(join(folder, path));
    } catch (thrown) {
      throw fileError(thrown, path);
    }
  };
  return {
    read: (path) =>
      told(path, async (absolute) => {
        try {
          return await readFile(absolute);
        } catch (thrown) {
          if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
          throw thrown;
        }
      }),
    write: (path, bytes) => told(path, (absolute) => atomicWrite(absolute, bytes, effects)),
    append: (path) =>
      told(path, async (absolute) => {
        const file = await open(absolute, 'a');
        return {
          append: (bytes) =>
            told(path, async () => {
              await effects?.onAppend?.();
              await file.appendFile(bytes);
              await file.datasync();
              await effects?.onAppend?.();
            }),
          close: () => file.close(),
        };
      }),
    remove: (path) => told(path, (absolute) => rm(absolute, { force: true })),
    lock: (path) => takeLock(folder, path),
  };
}

const TRIES = 4;

/** A file with the number of the process that holds it; what a process that ended left is taken over. */
async function takeLock(folder: string, path: string): Promise<() => Promise<void>> {
  const absolute = join(folder, path);
  try {
    await mkdir(dirname(absolute), { recursive: true });
    for (let tries = 0; ; tries++) {
      try {
        const file = await open(absolute, 'wx');
        await file.writeFile(String(process.pid));
        await file.close();
        return () => rm(absolute, { force: true });
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
      }
      const holder = Number(await readFile(absolute, 'utf8').catch(() => ''));
      if (isAlive(holder) || tries === TRIES) throw writeRunning(path, `process ${holder}`);
      // an empty file is of a process that takes it just now, or was killed between two steps
      if (holder === 0 && tries < TRIES - 2) await new Promise((resolve) => setTimeout(resolve, 50));
      else await rm(absolute, { force: true });
    }
  } catch (thrown) {
    throw fileError(thrown, path);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
