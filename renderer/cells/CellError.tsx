import type { CellBlock } from '../../engine/notebook/document';
import { useAppStore } from '../store/context';
import type { CellState } from '../store/staleness';

/** Why a run failed: what, the way out, the code, and the line. */
export function CellError({ block, state }: { block: CellBlock; state: CellState }) {
  const store = useAppStore();
  if (state.kind !== 'failed') return null;
  const { code, message, hint, place } = state.error;
  const cell = place?.cell ?? block.name;
  const line = place?.line;
  const goTo = () => {
    const blocks = store.getState().document.current?.blocks ?? [];
    const target = blocks.find((other) => other.type === 'cell' && other.name === cell);
    const inBody =
      line === undefined || target?.type !== 'cell' ? 1 : Math.max(1, line - target.bodyLine + 1);
    store.getState().selection.goTo(cell, inBody, place?.column ?? 1);
  };
  return (
    <div className="cell-error" role="alert" data-testid={`cell-${block.name}-error`}>
      <span className="mark failed" style={{ marginTop: 5 }} />
      <span className="message">{message}</span>
      {hint !== undefined && <span className="hint">{hint}</span>}
      <span className="code">
        {code}
        {cell === block.name ? '' : ` in ${cell}`}
      </span>
      <span className="actions">
        {line !== undefined && (
          <button className="button" onClick={goTo}>
            Go to line {line}
          </button>
        )}
      </span>
    </div>
  );
}
