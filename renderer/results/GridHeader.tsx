import { ArrowDown, ArrowUp, Filter } from 'lucide-react';
import { ColumnMenu } from './ColumnMenu';
import { MiniHistogram } from './MiniHistogram';
import type { Order } from './page-cache';
import { titleOf, type ColumnProfile, type GridColumn } from './types';
import { isNumber, isTimestamp, typeLetters } from './type-names';
import type { GridColumns } from './use-columns';

export interface GridHeaderProps {
  id: string;
  columns: readonly GridColumn[];
  layout: GridColumns;
  shown: { first: number; end: number };
  height: number;
  active: number | null;
  order: Order;
  canFilter: boolean;
  profiles: ReadonlyMap<string, ColumnProfile | null>;
  onOrder(order: Order): void;
  /** The column whose menu is open. */
  menu: string | null;
  onMenu(column: string | null): void;
  onFit(column: number): void;
}

/** `12 %` of NULL values; a share too small for a whole percent still shows. */
export function nullShare({ rows, nulls }: ColumnProfile): string | null {
  if (nulls === 0 || rows === 0) return null;
  const share = (100 * nulls) / rows;
  return share < 1 ? '<1 % null' : `${Math.round(share)} % null`;
}

export function GridHeader(props: GridHeaderProps) {
  const { columns, layout, shown, height } = props;
  const indexes = Array.from({ length: shown.end - shown.first }, (_, at) => shown.first + at);
  return (
    <div className="grid-header" role="row" aria-rowindex={1} style={{ height, width: layout.total }}>
      {indexes.map((index) => (
        <HeaderCell key={columns[index]!.name} {...props} index={index} />
      ))}
    </div>
  );
}

function HeaderCell(props: GridHeaderProps & { index: number }) {
  const { id, columns, layout, index, order, profiles, active, menu } = props;
  const { name, type } = columns[index]!;
  const title = titleOf(columns[index]!);
  const profile = profiles.get(name) ?? null;
  const sorted = order.sort?.column === name ? order.sort : null;
  const filtered = order.filter.some((filter) => filter.column === name);
  const width = layout.widths[index]!;
  const share = profile === null ? null : nullShare(profile);
  return (
    <div
      id={`${id}-h-${index}`}
      role="columnheader"
      aria-colindex={index + 1}
      aria-sort={sorted === null ? 'none' : sorted.descending ? 'descending' : 'ascending'}
      className={`grid-head${isNumber(type) ? ' grid-right' : ''}${active === index ? ' grid-active' : ''}`}
      style={{ left: layout.starts[index], width }}
      title={`${title} ${type}`}
    >
      <ColumnMenu
        column={columns[index]!}
        order={order}
        canFilter={props.canFilter}
        open={menu === name}
        onOpenChange={(open) => props.onMenu(open ? name : null)}
        onOrder={props.onOrder}
      >
        <span className="grid-type">{typeLetters(type)}</span>
        <span className="grid-name">{isTimestamp(type) ? `${title} (UTC)` : title}</span>
        {sorted !== null && (sorted.descending ? <ArrowDown size={12} /> : <ArrowUp size={12} />)}
        {filtered && <Filter size={11} aria-label="filtered" />}
      </ColumnMenu>
      <div className="grid-profile">
        {share !== null && <span className="grid-nulls">{share}</span>}
        {profile !== null && (
          <MiniHistogram
            profile={profile}
            width={Math.min(120, Math.max(24, width - (share === null ? 24 : 84)))}
            height={16}
          />
        )}
      </div>
      <div
        className="grid-resize"
        aria-hidden="true"
        onPointerDown={(event) => layout.startResize(event, index)}
        onDoubleClick={() => props.onFit(index)}
      />
    </div>
  );
}
