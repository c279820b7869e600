import { memo } from 'react';
import type { ColumnInfo } from '../../engine/database/database';
import { statusBadges } from './cell-status';
import { inRange, type GridPosition, type GridRange } from './grid-selection';
import type { CellStatus, GridRow } from './types';
import { isNumber } from './type-names';
import type { GridColumns } from './use-columns';
import { showValue } from './value-format';

export const ROW_HEIGHT = 24;

export interface GridRowViewProps {
  id: string;
  index: number;
  /** Pixels from the top of the scrolled content. */
  top: number;
  /** undefined while the row is on its way. */
  values: GridRow | undefined;
  columns: readonly ColumnInfo[];
  layout: GridColumns;
  first: number;
  end: number;
  range: GridRange | null;
  active: GridPosition | null;
  cellStatus: ((row: number, column: string, values: GridRow) => CellStatus | null) | undefined;
}

/** One row of the grid, its columns on screen only. */
export const GridRowView = memo(function GridRowView(props: GridRowViewProps) {
  const { id, index, top, values, columns, layout, first, end, range, active, cellStatus } = props;
  const cells = [];
  for (let column = first; column < end; column++) {
    const { name, type } = columns[column]!;
    const selected = range !== null && inRange(range, index, column);
    const isActive = active !== null && active.column === column;
    const classes = ['grid-cell'];
    if (isNumber(type)) classes.push('grid-right');
    if (selected) classes.push('grid-selected');
    if (isActive) classes.push('grid-active');
    cells.push(
      <div
        key={name}
        id={`${id}-${index}-${column}`}
        role="gridcell"
        aria-colindex={column + 1}
        aria-selected={selected}
        data-row={index}
        data-column={column}
        className={classes.join(' ')}
        style={{ left: layout.starts[column], width: layout.widths[column] }}
      >
        {values === undefined ? (
          <span className="grid-skeleton" style={{ width: `${35 + ((index * 7 + column * 13) % 40)}%` }} />
        ) : (
          <CellContent value={values[name]} type={type} status={cellStatus?.(index, name, values) ?? null} />
        )}
      </div>,
    );
  }
  return (
    <div role="row" aria-rowindex={index + 2} className="grid-row" style={{ top, width: layout.total }}>
      {cells}
    </div>
  );
});

function CellContent({ value, type, status }: { value: unknown; type: string; status: CellStatus | null }) {
  const shown = showValue(value, type);
  const stands = status !== null && status.status !== 'present';
  const badges = status === null ? [] : statusBadges(status);
  return (
    <>
      <span
        className={`grid-value${shown.isNull ? ' grid-null' : ''}${stands ? ' grid-stand-in' : ''}`}
        title={shown.exact === shown.text && shown.text.length < 18 ? undefined : shown.exact.slice(0, 2000)}
      >
        {shown.text}
      </span>
      {badges.map(({ words, look }) => (
        <span key={words} className={`grid-badge grid-badge-${look}`} title={words}>
          {words}
        </span>
      ))}
    </>
  );
}
