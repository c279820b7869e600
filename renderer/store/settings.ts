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
