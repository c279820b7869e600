import {
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';
import { toPlumblineError } from '../../engine/errors';
import './grid.css';
import { GridHeader } from './GridHeader';
import { GridRowView, ROW_HEIGHT } from './GridRows';
import { moveBy, rangeOf, type GridPosition, type GridSelection } from './grid-selection';
import type { Order } from './page-cache';
import { offsetForRow, visibleColumns } from './scroll-scale';
import type { ResultGridProps } from './types';
import { useColumns } from './use-columns';
import { useGridCopy } from './use-grid-copy';
import { useProfiles } from './use-profiles';
import { usePageCache, useRowCount } from './use-rows';
import { useScroll } from './use-scroll';
import { exactText } from '../../engine/database/exact-text';

const PLAIN: Order = { sort: null, filter: [] };
const HEADER = 28;
const HEADER_WITH_PROFILE = 50;
const SCROLL_BAR = 12;

/** An ARIA grid over the rows of a relation, however many rows and columns: only those on screen are in the page. */
export function ResultGrid(props: ResultGridProps) {
  const { source, cellStatus, statusColumns, firstWidths, height, label, onSelectValue } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [order, setOrder] = useState(PLAIN);
  const [selection, setSelection] = useState<GridSelection | null>(null);
  const [menu, setMenu] = useState<string | null>(null);
  const header = source.profile === undefined ? HEADER : HEADER_WITH_PROFILE;

  const cache = usePageCache(source, order);
  const counted = useRowCount(source, order);
  const rows = counted ?? 0;
  const badged = useCallback(
    (column: string) => cellStatus !== undefined && (statusColumns?.includes(column) ?? true),
    [cellStatus, statusColumns],
  );
  const layout = useColumns(source.columns, badged, firstWidths);
  const scroll = useScroll(scroller, rows, ROW_HEIGHT, header);
  const shown = visibleColumns(layout.starts, scroll.left, scroll.width, 2);
  const profiles = useProfiles(
    source,
    source.columns.slice(shown.first, shown.end).map(({ name }) => name),
    cache.hasRows,
  );
  const copy = useGridCopy(cache, source.columns);

  const { first, end } = scroll.rows;
  useEffect(() => {
    if (end > first) cache.want(first, end);
  }, [cache, first, end]);

  const select = (active: GridPosition, extend: boolean) => {
    setSelection((before) => ({ anchor: extend && before !== null ? before.anchor : active, active }));
    if (active.row >= 0) scroll.scrollTo(offsetForRow(scroll.scale, scroll.offset, active.row, ROW_HEIGHT));
    revealColumn(active.column);
  };
  const revealColumn = (column: number) => {
    const element = scroller.current!;
    const [left, right] = [layout.starts[column] ?? 0, layout.starts[column + 1] ?? 0];
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (right > element.scrollLeft + element.clientWidth)
      element.scrollLeft = Math.min(left, right - element.clientWidth);
  };
  const choose = ({ row, column }: GridPosition) => {
    const values = cache.row(row);
    const name = source.columns[column]?.name;
    if (values === undefined || name === undefined) return;
    onSelectValue?.({ row, column: name, value: values[name], values });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const mod = event.ctrlKey || event.metaKey;
    const from = selection?.active ?? { row: -1, column: 0 };
    const key = event.key.toLowerCase();
    if (mod && key === 'c' && selection !== null) void copy.copy(selection);
    else if (mod && key === 'a')
      setSelection({
        anchor: { row: 0, column: 0 },
        active: { row: rows - 1, column: source.columns.length - 1 },
      });
    else if (event.key === 'Enter' || event.key === ' ') {
      if (mod) return;
      if (from.row < 0) setMenu(source.columns[from.column]?.name ?? null);
      else choose(from);
    } else {
      if (event.altKey) return;
      const page = Math.max(1, Math.floor(scroll.scale.viewport / ROW_HEIGHT) - 1);
      const size = { rows, columns: source.columns.length, page };
      const to = moveBy({ key: event.key, mod }, from, size);
      if (to === null) return;
      select(to, event.shiftKey && to.row >= 0);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const cellUnder = (event: PointerEvent): GridPosition | null => {
    const cell = (event.target as Element).closest<HTMLElement>('[data-row]');
    return cell === null ? null : { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
  };
  const onPointerDown = (event: PointerEvent) => {
    const at = cellUnder(event);
    if (at === null || event.button !== 0) return;
    event.currentTarget.releasePointerCapture(event.pointerId);
    select(at, event.shiftKey);
    if (!event.shiftKey) choose(at);
  };
  const onPointerMove = (event: PointerEvent) => {
    if ((event.buttons & 1) === 0 || selection === null) return;
    const at = cellUnder(event);
    if (at !== null) setSelection({ ...selection, active: at });
  };
  const onFit = (column: number) => {
    const { name, type } = source.columns[column]!;
    let longest = name.length + 6;
    for (let row = first; row < end; row++)
      longest = Math.max(longest, exactText(cache.row(row)?.[name], type).slice(0, 80).length);
    layout.setWidth(column, longest * 7 + 24);
  };

  const range = selection === null || selection.active.row < 0 ? null : rangeOf(selection);
  const active = selection?.active ?? null;
  const fits = header + rows * ROW_HEIGHT + SCROLL_BAR;
  const error = cache.error === null ? null : toPlumblineError(cache.error);
  const indexes = Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);

  return (
    <div
      className="result-grid"
      data-rows-of={cache.hasRows ? source.key : undefined}
      style={{ height: Math.min(height, Math.max(fits, header + 2 * ROW_HEIGHT)) }}
    >
      <div
        ref={scroller}
        className="grid-scroller"
        role="grid"
        tabIndex={0}
        aria-label={label ?? 'Rows'}
        aria-rowcount={rows + 1}
        aria-colcount={source.columns.length}
        aria-multiselectable="true"
        aria-busy={counted === null}
        aria-activedescendant={
          active === null
            ? undefined
            : active.row < 0
              ? `${id}-h-${active.column}`
              : `${id}-${active.row}-${active.column}`
        }
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onCopy={(event) => {
          if (selection === null) return;
          event.preventDefault();
          void copy.copy(selection);
        }}
      >
        <div style={{ height: header + scroll.scale.realHeight, width: layout.total, position: 'relative' }}>
          <GridHeader
            id={id}
            columns={source.columns}
            layout={layout}
            shown={shown}
            height={header}
            active={active !== null && active.row < 0 ? active.column : null}
            order={order}
            canFilter={source.count !== undefined}
            profiles={profiles}
            onOrder={setOrder}
            menu={menu}
            onMenu={setMenu}
            onFit={onFit}
          />
          <div role="rowgroup" className="grid-rows" style={{ top: header }}>
            {indexes.map((index) => (
              <GridRowView
                key={index}
                id={id}
                index={index}
                top={scroll.topOf(index)}
                values={cache.row(index)}
                columns={source.columns}
                layout={layout}
                first={shown.first}
                end={shown.end}
                range={range !== null && index >= range.firstRow && index <= range.lastRow ? range : null}
                active={active !== null && active.row === index ? active : null}
                cellStatus={cellStatus}
              />
            ))}
          </div>
        </div>
      </div>
      {rows === 0 && counted !== null && error === null && (
        <div className="grid-message">
          {order.filter.length > 0 ? 'No row meets the condition.' : 'No rows.'}
        </div>
      )}
      {error !== null && (
        <div className="grid-message grid-error" role="alert">
          <span>{error.message}</span>
          {error.hint !== undefined && <span className="grid-hint">{error.hint}</span>}
          <button type="button" onClick={() => cache.retry()}>
            Try again
          </button>
        </div>
      )}
      <div className="grid-said" role="status">
        {copy.said ??
          (order.filter.length > 0
            ? `${rows.toLocaleString('en-US')} of ${source.rows.toLocaleString('en-US')} rows`
            : '')}
      </div>
    </div>
  );
}
