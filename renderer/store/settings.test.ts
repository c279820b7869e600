import { expect, test } from 'vitest';
import { settingsSchema } from '../../electron/contract';
import { fakeClock } from './fake-clock';
import { createAppStore } from './store';
import type { Host } from './state';

test('key bindings that were edited outside are taken over, and a mistake in them is said once', async () => {
  let answer: unknown = { settings: settingsSchema.parse({}), keybindings: {}, problem: null };
  const said: string[] = [];
  const store = createAppStore({
    host: { call: async () => answer, on: () => () => {}, pathForFile: () => null } as unknown as Host,
    clock: fakeClock(),
    openSession: () => Promise.reject(new Error('no engine here')),
    notify: (_kind, message) => said.push(message),
  });
  const { settings } = store.getState();
  await settings.load();
  answer = { settings: settingsSchema.parse({}), keybindings: { 'run.all': 'F8' }, problem: null };
  await settings.reloadKeybindings();
  expect(store.getState().settings.keybindings).toEqual({ 'run.all': 'F8' });
  const problem = { code: 'settings.invalid', message: 'keybindings.json cannot be used.' };
  answer = { settings: settingsSchema.parse({}), keybindings: {}, problem };
  await settings.reloadKeybindings();
  await settings.reloadKeybindings();
  expect(store.getState().settings).toMatchObject({ keybindings: {}, problem });
  expect(said).toEqual(['keybindings.json cannot be used.']);
});
