import { X } from 'lucide-react';
import { formatCount } from '../app/format';
import { keyOf, type Selection } from './skew-selection';

interface Props {
  cell: string;
  selection: Selection;
  /** Rows that meet every condition; null while they are counted. */
  selected: { rows: number; mismatches: number } | null;
  onRemove(key: string): void;
  onClear(): void;
}

/** Which rows the charts and the grid show, and the way back to all. It has its place at all times, so that nothing moves. */
export function SelectionBar({ cell, selection, selected, onRemove, onClear }: Props) {
  return (
    <div className="skew-selection" role="status" data-testid={`cell-${cell}-selection`}>
      {selection.length === 0 ? (
        <span className="dim">
          Drag over a chart, or click a bar, to select rows: the other charts and the rows below follow.
        </span>
      ) : (
        <>
          <span>
            {selected === null ? (
              'Counting…'
            ) : selected.rows === 0 ? (
              <strong>No rows in the selection</strong>
            ) : (
              <>
                <strong>{formatCount(selected.rows)} rows selected</strong>,{' '}
                {formatCount(selected.mismatches)} differ
              </>
            )}
          </span>
          {selection.map((brush) => (
            <span className="chip" key={keyOf(brush)}>
              <span className="ellipsis" title={brush.words}>
                {brush.words}
              </span>
              <button aria-label={`Clear ${brush.words}`} onClick={() => onRemove(keyOf(brush))}>
                <X size={11} />
              </button>
            </span>
          ))}
          <button
            className="button quiet"
            data-testid={`cell-${cell}-clear`}
            title="Escape"
            onClick={onClear}
          >
            Clear
          </button>
        </>
      )}
    </div>
  );
}
