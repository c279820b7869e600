import { mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Question } from '../consent/consent-dialogs';
import { createOutsideConsent } from '../consent/outside-consent';
import { sha256 } from '../files/sha256';
import { createBackups } from '../notebook/backups';
import { notebookArgument } from './arguments';
import { createCurrentWorkspace } from './current-workspace';
import { createInitialWorkspace } from './initial';
import { createRecentList, MAX_RECENT } from './recent';
import { createSample } from './sample';
import { createWorkspaceWatcher } from './watch';
import { displayPath, openWorkspace } from './workspace';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'plumbline-workspace-')));
  await mkdir(join(folder, 'work/data'), { recursive: true });
  await mkdir(join(folder, 'bundled/data'), { recursive: true });
  await writeFile(join(folder, 'work/a.plumb.md'), '# A\n');
  await writeFile(join(folder, 'work/b.plumb.md'), '# B\n');
  await writeFile(join(folder, 'work/data/rows.csv'), 'a\n1\n');
  await writeFile(join(folder, 'bundled/streamrec.plumb.md'), '# Sample\n');
  await writeFile(join(folder, 'bundled/generate.ts'), 'export {}');
  await writeFile(join(folder, 'bundled/data/x.csv'), 'x\n');
  await writeFile(join(folder, 'outside.csv'), 'secret\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The parts of main around a workspace, with a user that the test plays. */
function parts(yes = false) {
  const questions: Question[] = [];
  const askOutside = createOutsideConsent((question) => (questions.push(question), Promise.resolve(yes)));
  let clock = 0;
  const now = () => ++clock;
  const backups = createBackups(join(folder, 'profile/backups'), now);
  const recent = createRecentList(join(folder, 'profile/recent.json'), now);
  const sample = createSample(join(folder, 'bundled'), join(folder, 'profile/sample'), now);
  const workspace = createCurrentWorkspace({
    backups,
    recent,
    askOutside,
    sampleFolder: join(folder, 'profile/sample'),
    onOpened: () => undefined,
  });
  return { questions, askOutside, backups, recent, sample, workspace };
}

describe('files outside the workspace', () => {
  test('are refused without a yes, by path, link and glob', async () => {
    const { askOutside, questions } = parts(false);
    const { files } = await openWorkspace(join(folder, 'work'), false, askOutside);
    await symlink(join(folder, 'outside.csv'), join(folder, 'work/link.csv'));
    const refused = { code: 'source.outside_workspace' };
    for (const path of ['../outside.csv', 'link.csv', join(folder, 'outside.csv')]) {
      await expect(files.read(path)).rejects.toMatchObject(refused);
      await expect(files.sha256(path)).rejects.toMatchObject(refused);
      await expect(files.write(path, new Uint8Array([1]))).rejects.toMatchObject(refused);
    }
    await expect(files.glob('../*.csv')).rejects.toMatchObject(refused);
    expect(await readFile(join(folder, 'outside.csv'), 'utf8')).toBe('secret\n');
    expect(questions.every(({ detail }) => detail.startsWith(folder))).toBe(true);
  });

  test('are read after one yes, which does not cover writing', async () => {
    const { askOutside, questions } = parts(true);
    const { files } = await openWorkspace(join(folder, 'work'), false, askOutside);
    for (let time = 0; time < 3; time++)
      expect(new TextDecoder().decode(await files.read('../outside.csv'))).toBe('secret\n');
    expect(questions).toHaveLength(1);
    await files.write('../outside.csv', new TextEncoder().encode('new'));
    expect(questions.map(({ yes }) => yes)).toEqual(['Allow reading', 'Allow writing']);
  });
});

describe('the current workspace', () => {
  test('tells its notebooks, data and the backup of unsaved text', async () => {
    const { workspace, backups } = parts();
    await backups.keep(join(folder, 'work/a.plumb.md'), '# A, unsaved\n', sha256('# A\n'));
    const info = await workspace.open(join(folder, 'work'), 'a.plumb.md');
    expect(info).toMatchObject({
      folderName: 'work',
      isSample: false,
      notebooks: ['a.plumb.md', 'b.plumb.md'],
    });
    expect(info.dataFiles.map(({ path }) => path)).toEqual(['data/rows.csv']);
    expect(info.notebook).toMatchObject({ text: '# A\n', backup: { text: '# A, unsaved\n' } });
  });

  test('a notebook that cannot be read leaves the open one', async () => {
    const { workspace } = parts();
    expect(() => workspace.get()).toThrow(expect.objectContaining({ code: 'file.not_found' }) as Error);
    const { id } = await workspace.open(join(folder, 'work'), 'a.plumb.md');
    await expect(workspace.open(folder, 'none.plumb.md')).rejects.toMatchObject({ code: 'file.not_found' });
    expect(workspace.get().id).toBe(id);
  });

  test('only the open workspace is served', async () => {
    const { workspace } = parts();
    const first = await workspace.open(join(folder, 'work'), 'a.plumb.md');
    expect(await workspace.servedFile(first.id, 'a.plumb.md')).toBe(join(folder, 'work/a.plumb.md'));
    expect(await workspace.servedFile(first.id, '../outside.csv')).toBeNull();
    const second = await workspace.open(join(folder, 'work'), 'b.plumb.md');
    expect(await workspace.servedFile(first.id, 'a.plumb.md')).toBeNull();
    expect(await workspace.servedFile(second.id, 'a.plumb.md')).not.toBeNull();
  });
});

describe('the first page', () => {
  test('is the sample at first, then the latest notebook, then what is open', async () => {
    const first = parts();
    const openFirst = createInitialWorkspace({ ...first, takeFirst: () => null });
    expect(await openFirst()).toMatchObject({ firstStart: true, initial: { isSample: true } });
    const second = parts();
    await second.workspace.open(join(folder, 'work'), 'b.plumb.md');
    const third = parts();
    const openThird = createInitialWorkspace({ ...third, takeFirst: () => null });
    expect(await openThird()).toMatchObject({
      firstStart: false,
      initial: { notebook: { file: 'b.plumb.md' } },
    });
    await third.workspace.switchNotebook('a.plumb.md');
    expect(await openThird()).toMatchObject({ initial: { notebook: { file: 'a.plumb.md' } } });
  });

  test('is the notebook that the system names; a vanished one falls back to the sample', async () => {
    const named = parts();
    const open = createInitialWorkspace({ ...named, takeFirst: () => join(folder, 'work/b.plumb.md') });
    expect(await open()).toMatchObject({ initial: { folderName: 'work', notebook: { file: 'b.plumb.md' } } });
    await rm(join(folder, 'work'), { recursive: true });
    const later = createInitialWorkspace({ ...parts(), takeFirst: () => null });
    expect(await later()).toMatchObject({ initial: { isSample: true } });
  });
});

describe('the sample', () => {
  test('is a copy that keeps edits, without the generator', async () => {
    const { sample } = parts();
    const copy = await sample.open();
    expect((await readdir(copy)).sort()).toEqual(['data', 'streamrec.plumb.md']);
    await writeFile(join(copy, 'streamrec.plumb.md'), 'edited');
    expect(await readFile(join(await sample.open(), 'streamrec.plumb.md'), 'utf8')).toBe('edited');
    expect(await readFile(join(folder, 'bundled/streamrec.plumb.md'), 'utf8')).toBe('# Sample\n');
  });

  test('a reset gives a fresh copy and keeps the edited one', async () => {
    const { sample } = parts();
    await writeFile(join(await sample.open(), 'streamrec.plumb.md'), 'edited');
    expect(await readFile(join(await sample.reset(), 'streamrec.plumb.md'), 'utf8')).toBe('# Sample\n');
    const kept = (await readdir(join(folder, 'profile'))).find((name) => name.startsWith('sample-'))!;
    expect(await readFile(join(folder, 'profile', kept, 'streamrec.plumb.md'), 'utf8')).toBe('edited');
  });

  test('a missing bundle is an error that says so', async () => {
    const { sample } = parts();
    await rm(join(folder, 'bundled'), { recursive: true });
    await expect(sample.open()).rejects.toMatchObject({ code: 'file.not_found' });
  });
});

test('the recent list is short, newest first, without doubles, and survives damage', async () => {
  const { recent } = parts();
  for (let i = 0; i < MAX_RECENT + 5; i++) await recent.add('/folder', `${i}.plumb.md`);
  await recent.add('/folder', '10.plumb.md');
  const names = (await recent.list()).map(({ notebook }) => notebook);
  expect(names).toHaveLength(MAX_RECENT);
  expect(names.slice(0, 2)).toEqual(['10.plumb.md', `${MAX_RECENT + 4}.plumb.md`]);
  expect(new Set(names).size).toBe(MAX_RECENT);
  await writeFile(join(folder, 'profile/recent.json'), 'damaged');
  expect(await recent.list()).toEqual([]);
});

test('another program changes, creates and deletes files; the app itself is not reported', async () => {
  const seen: [string, string | null][] = [];
  let heard: () => void = () => undefined;
  const watcher = createWorkspaceWatcher((path, hash) => {
    seen.push([path, hash]);
    heard();
  });
  const until = async (count: number) => {
    while (seen.length < count) await new Promise<void>((next) => (heard = next));
  };
  const { files, root } = await openWorkspace(join(folder, 'work'), false, () => Promise.resolve(false));
  watcher.watch({
    root,
    paths: ['a.plumb.md', 'data/rows.csv'],
    isWanted: (path) => /\.(md|csv)$/.test(path),
    hash: (path) => files.sha256(path),
  });
  try {
    watcher.wrote('b.plumb.md', sha256('by the app'));
    await writeFile(join(root, 'b.plumb.md'), 'by the app');
    await writeFile(join(root, 'a.plumb.md'), 'changed');
    await until(1);
    await writeFile(join(root, 'data/new.csv'), 'n');
    await until(2);
    await rm(join(root, 'data/new.csv'));
    await until(3);
    expect(seen).toEqual([
      ['a.plumb.md', sha256('changed')],
      ['data/new.csv', sha256('n')],
      ['data/new.csv', null],
    ]);
  } finally {
    watcher.close();
  }
});

test.each([
  [['electron', '.', '--no-sandbox'], null],
  [['plumbline', 'notes/a.plumb.md'], '/home/me/notes/a.plumb.md'],
  [['plumbline', '--flag', '/data/b.md', '--other'], '/data/b.md'],
  [['plumbline', '--x=a.plumb.md'], null],
])('the command line %j names %s', (argv, expected) => {
  expect(notebookArgument(argv, '/home/me')).toBe(expected);
});

test('paths are shown with the home folder as ~', () => {
  expect(displayPath('/home/me', '/home/me')).toBe('~');
  expect(displayPath('/home/me/x', '/home/me')).toBe('~/x');
  expect(displayPath('/home/meow', '/home/me')).toBe('/home/meow');
});
