import { mkdir, open, rename, rm } from 'node:fs/promises';
import type { RecordEffects } from '../node/record-files';

/** What happens at one step of the file system's work. */
export type Fault =
  /** The step fails, as on a full disk; what follows works. */
  | 'fails'
  /** Nothing works from this step on, as when the process was killed in it; a write has written half. */
  | 'dies';

/**
 * The operations of atomic writes, of which step `at` (from 0) meets a fault; `onStep` is told of each before it is
 * done. `at` beyond the last one gives none.
 */
export function faultyEffects(
  at: number,
  fault: Fault,
  onStep: (step: number) => void = () => {},
): { effects: RecordEffects; steps(): number } {
  let steps = 0;
  const step = async <T>(act: () => Promise<T>, half: () => Promise<unknown> = act): Promise<T> => {
    const now = steps++;
    onStep(now);
    if (now < at || (now > at && fault === 'fails')) return act();
    if (now === at && fault === 'dies') await half();
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  };
  const nothing = () => Promise.resolve(undefined);
  const effects = {
    mkdir: (path: string, options: { recursive: true }) => step(() => mkdir(path, options), nothing),
    open: (path: string, flags: string, mode?: number) =>
      step(async () => {
        const handle = await open(path, flags, mode);
        return {
          writeFile: (data: Uint8Array) =>
            step(
              () => handle.writeFile(data),
              () => handle.writeFile(data.subarray(0, data.length >> 1)),
            ),
          sync: () => step(() => handle.sync(), nothing),
          close: () => handle.close(),
        };
      }, nothing),
    rename: (from: string, to: string) => step(() => rename(from, to), nothing),
    rm: (path: string, options: { force: true }) =>
      fault === 'dies' && steps > at ? Promise.reject(new Error('dead')) : rm(path, options),
    onAppend: () => step(nothing),
  } as unknown as RecordEffects;
  return { effects, steps: () => steps };
}
