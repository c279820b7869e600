import { memo, useMemo } from 'react';
import type { MarkdownBlock } from '../../engine/notebook/document';
import { renderMarkdown } from '../app/markdown';
import { CellEditor } from '../editor/CellEditor';
import type { EditorCommand } from '../editor/types';
import { runCommand } from '../commands/registry';
import { useApp, useAppStore } from '../store/context';

interface Props {
  block: MarkdownBlock;
  selected: boolean;
  focused: boolean;
  editing: boolean;
}

/** Blank lines around the text belong to the file, not to what is edited. */
function split(raw: string): { before: string; text: string; after: string } {
  const text = raw.trim();
  if (text === '') return { before: '', text: '', after: raw };
  const at = raw.indexOf(text);
  return { before: raw.slice(0, at), text, after: raw.slice(at + text.length) };
}

/** Text: shown as it reads; Enter or a double click opens it as Markdown. */
export const MarkdownCell = memo(function MarkdownCell({ block, selected, focused, editing }: Props) {
  const store = useAppStore();
  const readOnly = useApp((state) => state.document.current?.readOnly ?? true);
  const { before, text, after } = useMemo(() => split(block.raw), [block.raw]);
  const html = useMemo(() => renderMarkdown(text), [text]);
  const { selection } = store.getState();
  const onCommand = (command: EditorCommand) => {
    if (command === 'escape' || command === 'run') return selection.setMode('command');
    if (command === 'leave-up' || command === 'leave-down')
      return selection.step(command === 'leave-up' ? -1 : 1);
    selection.setMode('command');
    runCommand(command === 'run-and-insert' ? 'cell.runAndInsert' : 'cell.runAndNext', store.getState());
  };
  const classes = [
    'markdown-cell',
    selected && 'selected',
    focused && 'focused',
    text === '' && 'empty-text',
  ];
  if (editing && !readOnly)
    return (
      <section className="cell focused edit" data-testid="cell-markdown" aria-label="text">
        <CellEditor
          cellId={block.id}
          name="text"
          language="markdown"
          kind="markdown"
          value={text}
          autoFocus
          onChange={(value) =>
            store.getState().document.setMarkdown(block.id, `${before}${value}${after || '\n\n'}`)
          }
          onCommand={onCommand}
        />
      </section>
    );
  return (
    <section
      className={classes.filter(Boolean).join(' ')}
      aria-label="text"
      data-testid="cell-markdown"
      onMouseDown={(event) => selection.select(block.id, { extend: event.shiftKey, mode: 'command' })}
      onDoubleClick={() => selection.select(block.id, { mode: 'edit' })}
    >
      {text === '' ? (
        <span>Empty text. Press Enter to write.</span>
      ) : (
        <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />
      )}
    </section>
  );
});
