import { Popover } from '@base-ui/react/popover';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { Order } from './page-cache';
import { isText } from './type-names';
import { FILTER_OPERATORS, titleOf, type FilterOperator, type GridColumn } from './types';

const WORDS: Record<FilterOperator, string> = {
  equals: 'is',
  differs: 'is not',
  contains: 'contains',
  at_least: 'is at least',
  at_most: 'is at most',
  is_null: 'is NULL',
  is_not_null: 'is not NULL',
};

export interface ColumnMenuProps {
  column: GridColumn;
  order: Order;
  canFilter: boolean;
  open: boolean;
  onOpenChange(open: boolean): void;
  onOrder(order: Order): void;
  children: ReactNode;
}

/** A column's heading as a button that opens its sorting and its condition. */
export function ColumnMenu(props: ColumnMenuProps) {
  const { column, order, open, onOpenChange, onOrder } = props;
  const { name } = column;
  const sortBy = (descending: boolean | null) => {
    onOrder({ ...order, sort: descending === null ? null : { column: name, descending } });
    onOpenChange(false);
  };
  const sorted = order.sort?.column === name ? order.sort.descending : null;
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger
        className="grid-heading"
        tabIndex={-1}
        aria-label={`${titleOf(column)}: sort and filter`}
      >
        {props.children}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={4} className="grid-menu-layer">
          <Popover.Popup className="grid-menu" aria-label={`${titleOf(column)}: sort and filter`}>
            <button type="button" aria-pressed={sorted === false} onClick={() => sortBy(false)}>
              Sort ascending
            </button>
            <button type="button" aria-pressed={sorted === true} onClick={() => sortBy(true)}>
              Sort descending
            </button>
            {sorted !== null && (
              <button type="button" onClick={() => sortBy(null)}>
                Original order
              </button>
            )}
            {props.canFilter && (
              <FilterForm
                column={column}
                order={order}
                onOrder={(next) => {
                  onOrder(next);
                  onOpenChange(false);
                }}
              />
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function FilterForm(props: { column: GridColumn; order: Order; onOrder(order: Order): void }) {
  const { column, order, onOrder } = props;
  const present = order.filter.find((filter) => filter.column === column.name);
  const [operator, setOperator] = useState<FilterOperator>(
    present?.operator ?? (isText(column.type) ? 'contains' : 'equals'),
  );
  const [value, setValue] = useState(present?.value ?? '');
  const others = order.filter.filter((filter) => filter.column !== column.name);
  const needsValue = operator !== 'is_null' && operator !== 'is_not_null';
  const apply = (event: FormEvent) => {
    event.preventDefault();
    onOrder({ ...order, filter: [...others, { column: column.name, operator, value }] });
  };
  return (
    <form onSubmit={apply}>
      <label>
        Rows where {titleOf(column)}
        <select value={operator} onChange={(event) => setOperator(event.target.value as FilterOperator)}>
          {FILTER_OPERATORS.map((choice) => (
            <option key={choice} value={choice}>
              {WORDS[choice]}
            </option>
          ))}
        </select>
      </label>
      {needsValue && (
        <input
          aria-label="Value"
          value={value}
          onChange={(event) => setValue(event.target.value)}
          spellCheck={false}
        />
      )}
      <div className="grid-menu-buttons">
        <button type="submit" disabled={needsValue && value === '' && operator === 'contains'}>
          Apply
        </button>
        {present !== undefined && (
          <button type="button" onClick={() => onOrder({ ...order, filter: others })}>
            Clear
          </button>
        )}
      </div>
    </form>
  );
}
