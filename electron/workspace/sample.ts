import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PlumblineError } from '../../engine/errors';

export const SAMPLE_NOTEBOOK = 'streamrec.plumb.md';

/** The bundled sample is never edited: the user works on a copy, made once and kept. */
export interface Sample {
  /** Folder of the writable copy; makes it when it is missing. */
  open(): Promise<string>;
  /** A fresh copy. The old one is kept beside it under a name with the time. */
  reset(): Promise<string>;
}

export function createSample(bundled: string, copy: string, now: () => number): Sample {
  const make = async (): Promise<string> => {
    if (!(await exists(join(bundled, SAMPLE_NOTEBOOK))))
      throw new PlumblineError('file.not_found', 'The bundled sample is missing from this installation.', {
        hint: 'Open a notebook of your own, or install Plumbline again.',
      });
    const unfinished = `${copy}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    for (const name of await readdir(bundled)) {
      if (isSampleContent(name)) await cp(join(bundled, name), join(unfinished, name), { recursive: true });
    }
    await rename(unfinished, copy);
    return copy;
  };
  return {
    open: async () => ((await exists(join(copy, SAMPLE_NOTEBOOK))) ? copy : await replace()),
    reset: () => replace(),
  };

  async function replace(): Promise<string> {
    if (await exists(copy)) await rename(copy, `${copy}-${now()}`);
    return make();
  }
}

/** Notebooks and their data; the generator's sources stay behind. */
function isSampleContent(name: string): boolean {
  return name === 'data' || basename(name).endsWith('.plumb.md');
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
