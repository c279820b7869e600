import { useEffect, useMemo, useRef, useState } from 'react';
import { Cell } from '../cells/Cell';
import { MarkdownCell } from '../cells/MarkdownCell';
import { ErrorBoundary } from '../app/ErrorBoundary';
import { takeTurn } from '../app/turns';
import { useApp, useAppStore } from '../store/context';
import { InsertBar } from './InsertBar';
import { Notices } from './Notices';

/** Blocks that are drawn at first, about what fits on a screen, and then with each turn. */
const FIRST = 6;
const MORE = 3;

/** How many of the blocks of a notebook that was just opened are drawn: all of them some frames later. */
function useDrawn(file: string | undefined, blocks: number): number {
  const [drawn, setDrawn] = useState({ file, blocks: FIRST });
  const now = drawn.file === file ? drawn.blocks : FIRST;
  useEffect(() => {
    if (now === Infinity) return;
    const more = now + MORE;
    // Once all are there, so is every block that is inserted.
    return takeTurn(() => setDrawn({ file, blocks: more < blocks ? more : Infinity }));
  }, [file, now, blocks]);
  return now;
}

/** The list of blocks. Cells are not virtualised: a window of rendered cells would lose outputs and find-in-page. */
export function Notebook() {
  const store = useAppStore();
  const document = useApp((state) => state.document.current);
  const selected = useApp((state) => state.selection.selected);
  const mode = useApp((state) => state.selection.mode);
  const reveal = useApp((state) => state.selection.reveal);
  const scroll = useRef<HTMLDivElement>(null);
  const chosen = useMemo(() => new Set(selected), [selected]);
  const focused = selected.at(-1);
  const drawn = useDrawn(document?.file, document?.blocks.length ?? 0);

  useEffect(() => {
    if (reveal === null) return;
    const element = scroll.current?.querySelector(`[data-block="${CSS.escape(reveal.id)}"]`);
    element?.scrollIntoView({ block: 'nearest' });
  }, [reveal, drawn]);

  useEffect(() => {
    // Keys of command mode are heard wherever the focus is, but it must not stay in an editor that was left.
    if (mode === 'command' && scroll.current?.contains(window.document.activeElement))
      scroll.current.focus({ preventScroll: true });
  }, [mode, focused]);

  if (document === null) return <div className="empty">Opening…</div>;
  return (
    <div ref={scroll} className="notebook-scroll" tabIndex={-1} data-testid="notebook" data-mode={mode}>
      <div className="notebook" role="list" aria-label={document.file}>
        <Notices />
        {document.blocks.length === 0 && (
          <div className="empty" data-testid="notebook-empty">
            <strong>This notebook is empty.</strong>
            <span>
              Start with a source: drag a Parquet, CSV or JSON file into the window, or insert a cell below.
              Then describe an entity and a feature view, and put them into a training set.
            </span>
          </div>
        )}
        {document.blocks.slice(0, drawn).map((block, index) => (
          <div key={block.id} role="listitem" data-block={block.id}>
            <InsertBar at={index} />
            <ErrorBoundary
              name={block.type === 'cell' ? `cell ${block.name}` : 'text'}
              resetKey={block.type === 'cell' ? block.body : block.raw}
            >
              {block.type === 'markdown' ? (
                <MarkdownCell
                  block={block}
                  selected={chosen.has(block.id)}
                  focused={block.id === focused}
                  editing={block.id === focused && mode === 'edit'}
                />
              ) : (
                <Cell
                  block={block}
                  selected={chosen.has(block.id)}
                  focused={block.id === focused}
                  editing={block.id === focused && mode === 'edit'}
                />
              )}
            </ErrorBoundary>
          </div>
        ))}
        {drawn >= document.blocks.length && <InsertBar at={document.blocks.length} always />}
        <div
          className="grow"
          onMouseDown={() => store.getState().selection.setMode('command')}
          role="presentation"
        />
      </div>
    </div>
  );
}
