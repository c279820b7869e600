import { useMemo } from 'react';
import type { Block, CellBlock } from '../../engine/notebook/document';
import { useApp, useAppStore } from '../store/context';
import type { CellState } from '../store/staleness';

const NO_BLOCKS: readonly Block[] = [];

/** Why a run failed: what, the way out, the code, and the line. */
export function CellError({ block, state }: { block: CellBlock; state: CellState }) {
  const store = useAppStore();
  const blocks = useApp((app) => app.document.current?.blocks ?? NO_BLOCKS);
  const error = state.kind === 'failed' ? state.error : null;
  const cell = error?.place?.cell ?? block.name;
  const line = error?.place?.line;
  const inCell = useMemo(() => {
    const target = blocks.find((other) => other.type === 'cell' && other.name === cell);
    return line === undefined || target?.type !== 'cell' ? null : Math.max(1, line - target.bodyLine + 1);
  }, [blocks, cell, line]);
  if (error === null) return null;
  const { code, message, hint, place } = error;
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
        {inCell !== null && (
          <button
            className="button"
            onClick={() => store.getState().selection.goTo(cell, inCell, place?.column ?? 1)}
          >
            Go to line {inCell}
          </button>
        )}
        {code.startsWith('redis.') && (
          <button className="button" onClick={() => store.getState().dialogs.show('connections')}>
            Redis connections…
          </button>
        )}
      </span>
    </div>
  );
}
