import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../files/sha256';
import { createBackups } from './backups';
import { MAX_NOTEBOOK_BYTES, readNotebook, saveNotebook } from './notebook-store';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-notebook-'));
  file = join(folder, 'a.plumb.md');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('reading', () => {
  test('gives the exact text, mark and line ends included', async () => {
    const text = '\uFEFF# Title\r\n\r\nü\n';
    await writeFile(file, text);
    expect(await readNotebook(file, 'a.plumb.md')).toEqual({ text, sha256: sha256(await readFile(file)) });
  });

  test('refuses what is no text, too large or not there', async () => {
    await writeFile(file, Buffer.from([0xff, 0xfe, 0x00]));
    await expect(readNotebook(file, 'a')).rejects.toMatchObject({ code: 'notebook.unreadable' });
    await writeFile(file, Buffer.alloc(MAX_NOTEBOOK_BYTES + 1, 'x'));
    await expect(readNotebook(file, 'a')).rejects.toMatchObject({ code: 'notebook.unreadable' });
    await expect(readNotebook(join(folder, 'none'), 'none')).rejects.toMatchObject({
      code: 'file.not_found',
    });
  });
});

describe('saving', () => {
  const read = () => readFile(file, 'utf8');

  test('replaces the text that the editor started from', async () => {
    await writeFile(file, 'old');
    const saved = await saveNotebook(file, 'a', 'new', { sha256: sha256('old'), force: false });
    expect([await read(), saved.sha256]).toEqual(['new', sha256('new')]);
  });

  test('refuses to overwrite what another program wrote, unless told to', async () => {
    await writeFile(file, 'theirs');
    const expected = { sha256: sha256('old'), force: false };
    await expect(saveNotebook(file, 'a', 'mine', expected)).rejects.toMatchObject({
      code: 'file.changed_outside',
    });
    expect(await read()).toBe('theirs');
    await saveNotebook(file, 'a', 'mine', { ...expected, force: true });
    expect(await read()).toBe('mine');
  });

  test('a new notebook must not exist; a deleted one is written again', async () => {
    await saveNotebook(file, 'a', 'one', { sha256: null, force: false });
    await expect(saveNotebook(file, 'a', 'two', { sha256: null, force: false })).rejects.toMatchObject({
      code: 'file.changed_outside',
    });
    await rm(file);
    await saveNotebook(file, 'a', 'three', { sha256: sha256('one'), force: false });
    expect(await read()).toBe('three');
  });
});

describe('backups', () => {
  test('are kept per notebook, in order, and dropped', async () => {
    let clock = 0;
    const backups = createBackups(join(folder, 'backups'), () => ++clock);
    expect(await backups.find(file)).toBeNull();
    await Promise.all(['a', 'ab', 'abc'].map((text) => backups.keep(file, text, 'base')));
    expect(await backups.find(file)).toEqual({ path: file, text: 'abc', savedAt: 3, baseSha256: 'base' });
    expect(await backups.find(`${file}2`)).toBeNull();
    await backups.drop(file);
    expect(await backups.find(file)).toBeNull();
  });

  test('a damaged backup counts as none; a failed one says so and the next works', async () => {
    const place = join(folder, 'backups');
    const backups = createBackups(place, () => 1);
    await backups.keep(file, 'text', null);
    await writeFile(join(place, `${sha256(file)}.json`), '{"path":');
    expect(await backups.find(file)).toBeNull();
    await rm(place, { recursive: true });
    await writeFile(place, 'in the way');
    await expect(backups.keep(file, 'text', null)).rejects.toMatchObject({
      code: expect.stringMatching(/^file\./) as string,
    });
    await rm(place);
    await backups.keep(file, 'again', null);
    expect((await backups.find(file))?.text).toBe('again');
  });
});
