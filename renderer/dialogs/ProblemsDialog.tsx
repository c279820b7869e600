import { useApp, useAppStore } from '../store/context';
import type { Diagnostic } from '../../engine/notebook/document';
import { DialogFrame } from './DialogFrame';

const MARKS = { error: 'failed', warning: 'edited', info: 'idle' } as const;

/** All findings in file order; choosing one goes to its line. */
export function ProblemsDialog() {
  const store = useAppStore();
  const diagnostics = useApp((state) => state.analysis.diagnostics);
  const goTo = ({ cell, line, column }: Diagnostic) => {
    const { document, dialogs, selection } = store.getState();
    const block = document.current?.blocks.find((other) => other.type === 'cell' && other.name === cell);
    dialogs.close();
    if (block?.type === 'cell') selection.goTo(block.name, Math.max(1, line - block.bodyLine + 1), column);
  };
  return (
    <DialogFrame title="Problems" testId="dialog-problems">
      {diagnostics.length === 0 && (
        <div className="dim">
          No problems: every cell reads and binds. Whether the values are right, a run tells.
        </div>
      )}
      {diagnostics.map((diagnostic, index) => (
        <button key={index} className="problem" onClick={() => goTo(diagnostic)}>
          <i className={`mark ${MARKS[diagnostic.severity]}`} title={diagnostic.severity} />
          <span className="grow">
            {diagnostic.message}
            {diagnostic.hint !== undefined && <span className="dim"> {diagnostic.hint}</span>}
            <span className="faint code" style={{ display: 'block' }}>
              {diagnostic.code}
            </span>
          </span>
          <span className="dim numbers">
            {diagnostic.cell ?? diagnostic.file} {diagnostic.line}:{diagnostic.column}
          </span>
        </button>
      ))}
    </DialogFrame>
  );
}
