import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** `.plumbline-<process>-<random>.tmp`: who writes it is in the name, so that what a killed process left is known. */
const TEMPORARY = /^\.plumbline-(\d+)-([0-9a-f]{12})\.tmp$/;
/** Temporary files that this process is writing now. */
const underWay = new Set<string>();

/** The file operations of an atomic write, so that tests can fail each of them. */
export interface WriteEffects {
  mkdir: typeof mkdir;
  open: typeof open;
  rename: typeof rename;
  rm: typeof rm;
}

const nodeEffects: WriteEffects = { mkdir, open, rename, rm };

/**
 * Replaces a file so that a reader sees the old bytes or the new ones, never a part: temporary file beside it, fsync,
 * rename, fsync of the folder. Makes missing folders; keeps the mode of an existing file; writes through a link.
 * Temporary files that a killed process left in the folder are removed.
 */
export async function atomicWrite(
  path: string,
  bytes: Uint8Array | string,
  effects: WriteEffects = nodeEffects,
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const folder = dirname(target);
  await effects.mkdir(folder, { recursive: true });
  const mode = await stat(target).then(
    (info) => info.mode & 0o777,
    () => 0o666,
  );
  await removeLeftOver(folder, effects);
  const name = `.plumbline-${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  const temporary = join(folder, name);
  underWay.add(name);
  try {
    const file = await effects.open(temporary, 'wx', mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await effects.rename(temporary, target);
  } catch (thrown) {
    await effects.rm(temporary, { force: true }).catch(() => undefined);
    throw thrown;
  } finally {
    underWay.delete(name);
  }
  await syncFolder(folder, effects);
}

async function syncFolder(folder: string, effects: WriteEffects): Promise<void> {
  // Windows cannot open a folder; its rename is durable by itself.
  if (process.platform === 'win32') return;
  const handle = await effects.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Never in the way of the write: what cannot be removed now is left for the next one. */
async function removeLeftOver(folder: string, effects: WriteEffects): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const writer = TEMPORARY.exec(name)?.[1];
    if (writer === undefined || isWriting(Number(writer), name)) continue;
    await effects.rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

function isWriting(process_: number, name: string): boolean {
  if (process_ === process.pid) return underWay.has(name);
  try {
    process.kill(process_, 0);
    return true;
  } catch (thrown) {
    // A process of another user may not be asked, but is there.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
