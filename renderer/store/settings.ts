import { settingsSchema } from '../../electron/contract';
import { toErrorRecord } from '../../engine/errors';
import type { SliceContext } from './slice';
import type { SettingsSlice } from './state';

export function createSettingsSlice({ get, put, deps }: SliceContext): SettingsSlice {
  return {
    values: settingsSchema.parse({}),
    keybindings: {},
    problem: null,
    initialize() {},
    destroy() {},
    async load() {
      const { settings, keybindings, problem } = await deps.host.call('settings.get', {});
      put('settings', { values: settings, keybindings, problem });
    },
    async reloadKeybindings() {
      const { keybindings, problem } = await deps.host.call('settings.get', {});
      const before = get().settings;
      const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
      if (same(keybindings, before.keybindings) && same(problem, before.problem)) return;
      put('settings', { keybindings, problem });
      if (problem !== null) deps.notify('error', problem.message, problem.hint);
    },
    async revealKeybindings() {
      try {
        await deps.host.call('settings.revealKeybindings', {});
      } catch (thrown) {
        const error = toErrorRecord(thrown);
        deps.notify('error', error.message, error.hint);
      }
    },
    async set(change) {
      const values = { ...get().settings.values, ...change };
      put('settings', { values });
      try {
        await deps.host.call('settings.set', { settings: values });
      } catch (thrown) {
        const error = toErrorRecord(thrown);
        put('settings', { problem: error });
        deps.notify('error', error.message, error.hint);
      }
    },
  };
}
