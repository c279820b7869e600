import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settingsSchema } from '../contract';
import { createSettingsStore } from './settings-store';

let folder: string;
const defaults = settingsSchema.parse({});
const files = () => ({
  settings: join(folder, 'settings.json'),
  keybindings: join(folder, 'keybindings.json'),
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('missing files give the defaults without a problem', async () => {
  expect(await createSettingsStore(files()).load()).toEqual({
    settings: defaults,
    keybindings: {},
    problem: null,
  });
});

test('what is saved is loaded', async () => {
  const store = createSettingsStore(files());
  await store.save({ ...defaults, theme: 'dark', fontSize: 15 });
  await writeFile(files().keybindings, '{"run.all":"Mod+Alt+R"}');
  expect(await store.load()).toEqual({
    settings: { ...defaults, theme: 'dark', fontSize: 15 },
    keybindings: { 'run.all': 'Mod+Alt+R' },
    problem: null,
  });
});

test.each(['{', '[]', '{"fontSize":"large"}', '{"theme":"pink"}'])(
  'a bad file (%s) gives the defaults and a problem, and is never overwritten',
  async (text) => {
    await writeFile(files().settings, text);
    const store = createSettingsStore(files());
    expect(await store.load()).toMatchObject({ settings: defaults, problem: { code: 'settings.invalid' } });
    await expect(store.save(defaults)).rejects.toMatchObject({ code: 'settings.invalid' });
    expect(await readFile(files().settings, 'utf8')).toBe(text);
  },
);

test('bad key bindings are a problem of their own', async () => {
  await writeFile(files().keybindings, '{"run.all":3}');
  expect(await createSettingsStore(files()).load()).toMatchObject({
    keybindings: {},
    problem: { code: 'settings.invalid' },
  });
});

test('the file of key bindings is made empty, and left alone once it is there', async () => {
  const store = createSettingsStore(files());
  expect(await store.keybindingsFile()).toBe(files().keybindings);
  expect(await readFile(files().keybindings, 'utf8')).toBe('{}\n');
  await writeFile(files().keybindings, '{"run.all":"F8"}');
  await store.keybindingsFile();
  expect(await store.load()).toMatchObject({ keybindings: { 'run.all': 'F8' }, problem: null });
});
