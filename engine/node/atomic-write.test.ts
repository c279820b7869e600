import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { atomicWrite, type WriteEffects } from './atomic-write';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-atomic-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('writes a new file and makes its folders', async () => {
  await atomicWrite(join(folder, 'a/b/file.txt'), 'text');
  expect(await readFile(join(folder, 'a/b/file.txt'), 'utf8')).toBe('text');
});

test('keeps the mode of the file that it replaces', async () => {
  const file = join(folder, 'file.txt');
  await writeFile(file, 'old');
  await chmod(file, 0o600);
  await atomicWrite(file, 'new');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('writes through a link and leaves the link', async () => {
  await writeFile(join(folder, 'target.txt'), 'old');
  await symlink('target.txt', join(folder, 'link.txt'));
  await atomicWrite(join(folder, 'link.txt'), 'new');
  expect(await readFile(join(folder, 'target.txt'), 'utf8')).toBe('new');
});

test('removes what a killed process left, and nothing that is being written or is not its own', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const random = '0123456789ab';
  for (const name of [`.plumbline-${dead}-${random}.tmp`, `.plumbline-${process.pid}-${random}.tmp`])
    await writeFile(join(folder, name), 'half');
  const kept = [
    `.plumbline-${process.ppid}-${random}.tmp`,
    '.plumbline-x.tmp',
    `plumbline-${dead}-${random}.tmp`,
  ];
  for (const name of kept) await writeFile(join(folder, name), 'theirs');
  const both = ['a.txt', 'b.txt'].map((name) => atomicWrite(join(folder, name), 'x'.repeat(100_000)));
  await Promise.all(both);
  expect((await readdir(folder)).sort()).toEqual([...kept, 'a.txt', 'b.txt'].sort());
});

/** Node's own operations, of which call number `failing` (from 0) fails as on a full disk. */
function failingAt(failing: number): { effects: WriteEffects; calls(): number } {
  let calls = 0;
  const step = <T>(act: () => Promise<T>): Promise<T> => {
    if (calls++ !== failing) return act();
    return Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
  };
  const effects = {
    mkdir: (path: string, options: { recursive: true }) => step(() => mkdir(path, options)),
    open: (path: string, flags: string, mode?: number) =>
      step(async () => {
        const handle = await open(path, flags, mode);
        return {
          writeFile: (data: string) => step(() => handle.writeFile(data)),
          sync: () => step(() => handle.sync()),
          close: () => handle.close(),
        };
      }),
    rename: (from: string, to: string) => step(() => rename(from, to)),
    rm: (path: string, options: { force: true }) => rm(path, options),
  } as unknown as WriteEffects;
  return { effects, calls: () => calls };
}

test('a failure at any step leaves the old bytes or the new ones, and no stray file', async () => {
  const file = join(folder, 'file.txt');
  const smooth = failingAt(-1);
  await atomicWrite(file, 'old', smooth.effects);
  expect(smooth.calls()).toBeGreaterThanOrEqual(7);
  for (let failing = 0; failing < smooth.calls(); failing++) {
    await writeFile(file, 'old');
    await expect(atomicWrite(file, 'new', failingAt(failing).effects)).rejects.toMatchObject({
      code: 'ENOSPC',
    });
    expect(['old', 'new']).toContain(await readFile(file, 'utf8'));
    expect(await readdir(folder)).toEqual(['file.txt']);
  }
});
