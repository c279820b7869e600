import { useMemo } from 'react';
import { chordLabel } from '../commands/chord';
import type { Command } from '../commands/command';
import { COMMANDS, chordsOf } from '../commands/registry';
import { useApp, useAppStore } from '../store/context';
import { DialogFrame } from './DialogFrame';

/** Every command with a key, by group. */
export function ShortcutsDialog() {
  const store = useAppStore();
  const keybindings = useApp((state) => state.settings.keybindings);
  const problem = useApp((state) => state.settings.problem);
  const mac = useApp((state) => state.workspace.platform === 'darwin');
  const groups = useMemo(() => {
    const byGroup = new Map<string, { command: Command; chords: string[] }[]>();
    for (const command of COMMANDS) {
      const chords = chordsOf(command, keybindings);
      if (chords.length === 0) continue;
      byGroup.set(command.group, [...(byGroup.get(command.group) ?? []), { command, chords }]);
    }
    return [...byGroup];
  }, [keybindings]);
  return (
    <DialogFrame title="Keyboard shortcuts" testId="dialog-shortcuts">
      <p className="dim">
        Single letters count while a cell is selected and not edited: Esc leaves the text, Enter goes back
        into it. Every key can be changed in <code>keybindings.json</code>, by command id:{' '}
        <code>{'{ "run.all": "F8" }'}</code>. An empty text removes a key. Changes count as soon as this
        window has the focus again.
      </p>
      <p>
        <button
          className="button"
          data-testid="reveal-keybindings"
          onClick={() => void store.getState().settings.revealKeybindings()}
        >
          Show keybindings.json
        </button>
      </p>
      {problem !== null && (
        <div className="notice">
          {problem.message} {problem.hint}
        </div>
      )}
      {groups.map(([group, commands]) => (
        <table key={group} className="table">
          <thead>
            <tr>
              <th colSpan={3}>{group}</th>
            </tr>
          </thead>
          <tbody>
            {commands.map(({ command, chords }) => (
              <tr key={command.id}>
                <td style={{ width: '50%' }}>{command.title}</td>
                <td>
                  {chords.map((chord) => (
                    <kbd key={chord} className="kbd" style={{ marginRight: 4 }}>
                      {chordLabel(chord, mac)}
                    </kbd>
                  ))}
                </td>
                <td className="faint code">{command.id}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </DialogFrame>
  );
}
