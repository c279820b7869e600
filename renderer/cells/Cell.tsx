import { memo, useMemo } from 'react';
import type { CellBlock } from '../../engine/notebook/document';
import { CellEditor } from '../editor/CellEditor';
import type { EditorCommand } from '../editor/types';
import { runCommand } from '../commands/registry';
import { CellHeader } from '../notebook/CellHeader';
import { useApp, useAppStore } from '../store/context';
import { cellState, isDimmed } from '../store/staleness';
import { CellError } from './CellError';
import { CellOutput } from './CellOutput';
import { editorDiagnostics } from './editor-diagnostics';
import { ReplayProgress } from './ReplayProgress';
import { SelectionOutput } from './SelectionOutput';
import { subtitleOf } from './subtitle';
import { KeptReceipt } from './WriteReceipt';

export interface CellProps {
  block: CellBlock;
  selected: boolean;
  focused: boolean;
  editing: boolean;
}

const COMMAND_IDS: Partial<Record<EditorCommand, string>> = {
  run: 'cell.run',
  'run-and-next': 'cell.runAndNext',
  'run-and-insert': 'cell.runAndInsert',
  'run-selection': 'cell.run',
};

/** A cell of any kind: header, text, error, output. Drawn anew for its own news only, not for each keystroke elsewhere. */
export const Cell = memo(function Cell({ block, selected, focused, editing }: CellProps) {
  const store = useAppStore();
  const entry = useApp((state) => state.runs.byCell[block.name]);
  const graph = useApp((state) => state.analysis.graph);
  const catalog = useApp((state) => state.analysis.shown);
  const diagnostics = useApp((state) => state.analysis.diagnostics);
  const readOnly = useApp((state) => state.document.current?.readOnly ?? true) || !block.known;
  const mode = useApp((state) => state.selection.mode);
  const state = useMemo(() => cellState(block.name, entry, graph), [block.name, entry, graph]);
  const found = useMemo(() => editorDiagnostics(block, diagnostics), [block, diagnostics]);
  const subtitle = useMemo(() => subtitleOf(block, catalog), [block, catalog]);

  const reveal = useApp((app) => app.selection.reveal);
  const caret = useMemo(
    () =>
      reveal === null || reveal.id !== block.id || reveal.line === null
        ? null
        : { line: reveal.line, column: reveal.column ?? 1 },
    [reveal, block.id],
  );

  const selectionRun = useApp((app) => app.runs.selections[block.name]);
  const onCommand = (command: EditorCommand, text: string | null) => {
    const { selection, runs } = store.getState();
    if (command === 'run-selection' && block.kind === 'query' && text !== null && text.trim() !== '')
      return void runs.runSelection(block.name, text);
    if (command === 'escape') return selection.setMode('command');
    if (command === 'leave-up' || command === 'leave-down') {
      selection.step(command === 'leave-up' ? -1 : 1);
      return;
    }
    const id = COMMAND_IDS[command];
    if (id !== undefined) runCommand(id, store.getState());
  };
  const classes = ['cell', selected && 'selected', focused && 'focused', focused && mode];
  return (
    <section
      className={classes.filter(Boolean).join(' ')}
      aria-label={`${block.kind} ${block.name}`}
      data-testid={`cell-${block.name}`}
      data-kind={block.kind}
      onMouseDown={(event) => {
        if (event.button !== 0) return;
        const inEditor = event.target instanceof Element && event.target.closest('.cell-text') !== null;
        store.getState().selection.select(block.id, {
          extend: event.shiftKey && !inEditor,
          mode: inEditor ? 'edit' : 'command',
        });
      }}
    >
      <CellHeader
        block={block}
        state={state}
        readOnly={readOnly}
        {...(subtitle === null ? {} : { subtitle })}
      />
      {!block.known && (
        <div className="cell-note" role="note">
          This version of Plumbline does not know cells of kind “{block.kind}”. The cell is kept as it is.
        </div>
      )}
      <div className="cell-text">
        <CellEditor
          cellId={block.id}
          name={block.name}
          language={block.language === 'sql' ? 'sql' : 'yaml'}
          kind={block.kind}
          value={block.body}
          onChange={(value) => store.getState().document.setBody(block.id, value)}
          onCommand={onCommand}
          diagnostics={found}
          autoFocus={editing}
          caret={editing ? caret : null}
          readOnly={readOnly}
          onFocus={() => {
            const { selection } = store.getState();
            if (selection.selected.at(-1) !== block.id || selection.mode !== 'edit')
              selection.select(block.id, { mode: 'edit' });
          }}
        />
      </div>
      <CellError block={block} state={state} />
      {selectionRun !== undefined && <SelectionOutput cell={block.name} run={selectionRun} />}
      {block.kind === 'replay' && entry?.phase === 'running' && (
        <ReplayProgress name={block.name} entry={entry} />
      )}
      {entry !== undefined && entry.run !== null && (
        <CellOutput block={block} entry={entry} run={entry.run} stale={isDimmed(block.kind, state)} />
      )}
      {block.kind === 'materialize' && (entry?.run ?? null) === null && <KeptReceipt cell={block.name} />}
    </section>
  );
});
