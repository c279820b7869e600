import { useState } from 'react';
import { settingsSchema, type Settings } from '../../electron/contract';
import { useApp, useAppStore } from '../store/context';
import { DialogFrame } from './DialogFrame';

type NumberKey = 'previewRows' | 'fontSize';
type SwitchKey = 'autosave' | 'wordWrap' | 'showCatalog' | 'showInspector';

const NUMBERS: { key: NumberKey; label: string; help: string }[] = [
  {
    key: 'previewRows',
    label: 'Spine rows of a preview',
    help: '100 to 1,000,000. Whole runs take every row.',
  },
  { key: 'fontSize', label: 'Code size', help: '10 to 24 pixels.' },
];
const SWITCHES: { key: SwitchKey; label: string; help: string }[] = [
  {
    key: 'autosave',
    label: 'Save by itself',
    help: 'A few seconds after the last change. Unsaved text is backed up either way.',
  },
  { key: 'wordWrap', label: 'Wrap long lines', help: '' },
  { key: 'showCatalog', label: 'Show the catalog', help: '' },
  { key: 'showInspector', label: 'Show the inspector', help: '' },
];

function NumberField({ field }: { field: (typeof NUMBERS)[number] }) {
  const store = useAppStore();
  const value = useApp((state) => state.settings.values[field.key]);
  const [draft, setDraft] = useState(String(value));
  const parsed = settingsSchema.shape[field.key].safeParse(Number(draft));
  return (
    <label className="field">
      {field.label}
      <input
        className="input"
        inputMode="numeric"
        data-testid={`setting-${field.key}`}
        aria-invalid={!parsed.success}
        value={draft}
        onChange={(event) => {
          setDraft(event.target.value);
          const next = settingsSchema.shape[field.key].safeParse(Number(event.target.value));
          if (next.success) void store.getState().settings.set({ [field.key]: next.data });
        }}
      />
      <span className={parsed.success ? 'help' : 'help bad'}>{field.help}</span>
    </label>
  );
}

/** Settings take effect at once and live in `settings.json` of the user's profile. */
export function SettingsDialog() {
  const store = useAppStore();
  const values = useApp((state) => state.settings.values);
  const problem = useApp((state) => state.settings.problem);
  const set = (change: Partial<Settings>) => void store.getState().settings.set(change);
  return (
    <DialogFrame title="Settings" testId="dialog-settings">
      {problem !== null && (
        <div className="notice" role="alert">
          {problem.message} {problem.hint}
        </div>
      )}
      <label className="field">
        Theme
        <select
          className="select"
          data-testid="setting-theme"
          value={values.theme}
          onChange={(event) => set({ theme: settingsSchema.shape.theme.parse(event.target.value) })}
        >
          <option value="system">as the desktop</option>
          <option value="light">light</option>
          <option value="dark">dark</option>
        </select>
      </label>
      {NUMBERS.map((field) => (
        <NumberField key={field.key} field={field} />
      ))}
      {SWITCHES.map(({ key, label, help }) => (
        <label key={key} className="field">
          {label}
          <input
            type="checkbox"
            data-testid={`setting-${key}`}
            checked={values[key]}
            style={{ justifySelf: 'start' }}
            onChange={(event) => set({ [key]: event.target.checked })}
          />
          {help !== '' && <span className="help">{help}</span>}
        </label>
      ))}
    </DialogFrame>
  );
}
