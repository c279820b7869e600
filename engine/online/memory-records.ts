import { PlumblineError } from '../errors';
import type { RecordFiles } from './record-files';

/** Refuses a second write of the same cell to the same place. */
export function writeRunning(path: string, who: string): PlumblineError {
  return new PlumblineError('online.write_running', `Another write of this cell is under way (${who}).`, {
    hint: `Wait until it has ended. When nothing is writing, delete ${path} in the notebook's folder.`,
  });
}

/** Records that end with the process, for hosts without a workspace: such a write cannot be resumed after a crash. */
export function memoryRecords(): RecordFiles {
  const files = new Map<string, Uint8Array>();
  const locks = new Set<string>();
  return {
    read: (path) => Promise.resolve(files.get(path) ?? null),
    write: (path, bytes) => Promise.resolve(void files.set(path, bytes.slice())),
    append: (path) =>
      Promise.resolve({
        append: (bytes) => {
          const before = files.get(path) ?? new Uint8Array(0);
          const grown = new Uint8Array(before.length + bytes.length);
          grown.set(before);
          grown.set(bytes, before.length);
          return Promise.resolve(void files.set(path, grown));
        },
        close: () => Promise.resolve(),
      }),
    remove: (path) => Promise.resolve(void files.delete(path)),
    lock: (path) => {
      if (locks.has(path)) return Promise.reject(writeRunning(path, 'in this process'));
      locks.add(path);
      return Promise.resolve(() => Promise.resolve(void locks.delete(path)));
    },
  };
}
