import { randomBytes } from 'node:crypto';
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

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
  const temporary = join(folder, `.plumbline-${randomBytes(6).toString('hex')}.tmp`);
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
