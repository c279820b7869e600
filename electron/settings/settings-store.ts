import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { PlumblineError, toErrorRecord, type ErrorRecord } from '../../engine/errors';
import { settingsSchema, type Settings } from '../contract';
import { atomicWrite } from '../../engine/node/atomic-write';
import { fileError } from '../../engine/node/file-error';

const keybindingsSchema = z.record(z.string(), z.string());

export interface LoadedSettings {
  settings: Settings;
  /** A key chord per command id; overrides the built-in ones. */
  keybindings: Record<string, string>;
  /** Why a file could not be used; the defaults stand in for it, and the file is left alone. */
  problem: ErrorRecord | null;
}

export interface SettingsStore {
  load(): Promise<LoadedSettings>;
  /** Errors: `settings.invalid` while the file on disk cannot be read, `file.*`. */
  save(settings: Settings): Promise<void>;
  /** The path of keybindings.json, which is made without any binding when there is none. Errors: `file.*`. */
  keybindingsFile(): Promise<string>;
}

/** Settings and key bindings as two JSON files that people may edit by hand. */
export function createSettingsStore(files: { settings: string; keybindings: string }): SettingsStore {
  const loadSettings = () => readJson(files.settings, settingsSchema, settingsSchema.parse({}));
  return {
    load: async () => {
      const settings = await loadSettings();
      const keybindings = await readJson(files.keybindings, keybindingsSchema, {});
      return {
        settings: settings.value,
        keybindings: keybindings.value,
        problem: settings.problem ?? keybindings.problem,
      };
    },
    save: async (settings) => {
      const { problem } = await loadSettings();
      // Writing now would destroy what the user typed, mistake and all.
      if (problem) throw new PlumblineError('settings.invalid', problem.message, { hint: problem.hint });
      await atomicWrite(files.settings, JSON.stringify(settings, null, 2) + '\n').catch((thrown: unknown) => {
        throw fileError(thrown, files.settings);
      });
    },
    keybindingsFile: async () => {
      await writeFile(files.keybindings, '{}\n', { flag: 'wx' }).catch((thrown: unknown) => {
        if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError(thrown, files.keybindings);
      });
      return files.keybindings;
    },
  };
}

async function readJson<T>(
  file: string,
  schema: z.ZodType<T>,
  fallback: T,
): Promise<{ value: T; problem: ErrorRecord | null }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
    return { value: fallback, problem: missing ? null : toErrorRecord(fileError(thrown, file)) };
  }
  try {
    return { value: schema.parse(JSON.parse(text)), problem: null };
  } catch (thrown) {
    const reason = thrown instanceof z.ZodError ? z.prettifyError(thrown) : String(thrown);
    const error = new PlumblineError(
      'settings.invalid',
      `${file} cannot be used, the defaults are in force.`,
      {
        hint: `Correct it or delete it. ${reason}`.slice(0, 600),
      },
    );
    return { value: fallback, problem: toErrorRecord(error) };
  }
}
