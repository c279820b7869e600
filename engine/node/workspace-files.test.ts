import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileError } from './file-error';
import { NodeWorkspaceFiles } from './workspace-files';

let root: string;
let files: NodeWorkspaceFiles;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumbline-files-'));
  await mkdir(join(root, 'ws/data/deep'), { recursive: true });
  for (const name of ['data/b.csv', 'data/a.csv', 'data/deep/c.csv', 'data/a.parquet'])
    await writeFile(join(root, 'ws', name), name);
  await writeFile(join(root, 'secret.csv'), 'secret');
  await symlink(join(root, 'secret.csv'), join(root, 'ws/data/link.txt'));
  files = await NodeWorkspaceFiles.open(join(root, 'ws'));
});
afterAll(() => rm(root, { recursive: true }));

describe('workspace files in Node', () => {
  it.each([
    ['data/*.csv', ['data/a.csv', 'data/b.csv']],
    ['data/**/*.csv', ['data/a.csv', 'data/b.csv', 'data/deep/c.csv']],
    ['**/?.parquet', ['data/a.parquet']],
    ['data/a.csv', ['data/a.csv']],
    ['nothing/*.csv', []],
    ['absent.csv', []],
  ])('%s finds %j', async (pattern, paths) => {
    expect((await files.glob(pattern)).map((entry) => entry.path)).toEqual(paths);
  });

  it('refuses what leaves the folder, by path or by link, unless granted', async () => {
    for (const attempt of [
      () => files.read('../secret.csv'),
      () => files.read('data/link.txt'),
      () => files.glob('../*.csv'),
      () => files.write('../new.csv', new Uint8Array()),
      () => files.write('data/link.txt', new Uint8Array()),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'source.outside_workspace' });
    const granted = await NodeWorkspaceFiles.open(join(root, 'ws'), { allowOutside: true });
    expect(new TextDecoder().decode(await granted.read('../secret.csv'))).toBe('secret');
  });

  it('writes whole files and leaves nothing beside them', async () => {
    const bytes = new TextEncoder().encode('hello');
    const sha256 = createHash('sha256').update('hello').digest('hex');
    expect(await files.write('new/folder/x.bin', bytes)).toEqual({ size: 5, sha256 });
    expect(await files.sha256('new/folder/x.bin')).toBe(sha256);
    expect(await readdir(join(root, 'ws/new/folder'))).toEqual(['x.bin']);
    await expect(files.write('data', bytes)).rejects.toMatchObject({ code: 'file.failed' });
    expect((await readdir(join(root, 'ws'))).sort()).toEqual(['data', 'new']);
  });

  it('names failures', async () => {
    await expect(files.read('absent.csv')).rejects.toMatchObject({ code: 'file.not_found' });
    expect(fileError(Object.assign(new Error('x'), { code: 'ENOSPC' }), 'a.csv', 10)).toMatchObject({
      code: 'file.no_space',
      message: 'There is no space left for a.csv (10 bytes).',
    });
    expect(fileError(Object.assign(new Error('x'), { code: 'EACCES' }), 'a.csv').code).toBe('file.denied');
  });
});
