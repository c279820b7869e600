import { monaco } from './monaco';
import type { EditorCommand } from './types';

const { KeyCode, KeyMod } = monaco;

/** While one of these is open, Escape and the arrow keys are its own. */
const NOTHING_OPEN = [
  '!suggestWidgetVisible',
  '!findWidgetVisible',
  '!parameterHintsVisible',
  '!markersNavigationVisible',
  '!inSnippetMode',
  '!codeActionMenuVisible',
].join(' && ');

interface Binding {
  command: EditorCommand;
  label: string;
  keys: number[];
  when?: string;
}

const BINDINGS: Binding[] = [
  {
    command: 'escape',
    label: 'Leave the cell',
    keys: [KeyCode.Escape],
    when: `${NOTHING_OPEN} && !editorHasMultipleSelections`,
  },
  { command: 'run', label: 'Run', keys: [KeyMod.CtrlCmd | KeyCode.Enter] },
  { command: 'run-and-next', label: 'Run and go on', keys: [KeyMod.Shift | KeyCode.Enter] },
  { command: 'run-and-insert', label: 'Run and insert below', keys: [KeyMod.Alt | KeyCode.Enter] },
  {
    command: 'run-selection',
    label: 'Run the selection',
    keys: [KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.Enter],
  },
  {
    command: 'leave-up',
    label: 'Cell above',
    keys: [KeyCode.UpArrow],
    when: `${NOTHING_OPEN} && plumblineFirstLine && !editorHasSelection`,
  },
  {
    command: 'leave-down',
    label: 'Cell below',
    keys: [KeyCode.DownArrow],
    when: `${NOTHING_OPEN} && plumblineLastLine && !editorHasSelection`,
  },
];

/** Binds the notebook's keys inside an editor; they go to `onCommand` instead of Monaco's own meaning. */
export function bindKeys(
  editor: monaco.editor.IStandaloneCodeEditor,
  onCommand: (command: EditorCommand, selection: string | null) => void,
): void {
  const first = editor.createContextKey<boolean>('plumblineFirstLine', true);
  const last = editor.createContextKey<boolean>('plumblineLastLine', true);
  const follow = () => {
    const line = editor.getPosition()?.lineNumber ?? 1;
    first.set(line === 1);
    last.set(line === editor.getModel()?.getLineCount());
  };
  follow();
  editor.onDidChangeCursorPosition(follow);
  editor.onDidChangeModelContent(follow);
  // Monaco binds another chord to this on Linux.
  editor.addAction({
    id: 'plumbline.format',
    label: 'Format',
    keybindings: [KeyMod.Shift | KeyMod.Alt | KeyCode.KeyF],
    run: () => editor.getAction('editor.action.formatDocument')?.run(),
  });
  for (const { command, label, keys, when } of BINDINGS) {
    editor.addAction({
      id: `plumbline.${command}`,
      label,
      keybindings: keys,
      keybindingContext: when === undefined ? 'editorTextFocus' : `editorTextFocus && ${when}`,
      run: () => onCommand(command, command === 'run-selection' ? selectedText(editor) : null),
    });
  }
}

function selectedText(editor: monaco.editor.IStandaloneCodeEditor): string | null {
  const selection = editor.getSelection();
  return selection === null || selection.isEmpty()
    ? null
    : (editor.getModel()?.getValueInRange(selection) ?? null);
}
