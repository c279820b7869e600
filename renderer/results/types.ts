import type { ReactNode } from 'react';
import type { ColumnInfo } from '../../engine/database/database';
import type { TrainingResult, ValueStatus } from '../../engine/results';

/** One row by column name, as `decodeRows` gives it: bigint for 64-bit integers, text or bigint for decimals. */
export type GridRow = Record<string, unknown>;

export interface GridSort {
  column: string;
  descending: boolean;
}

export const FILTER_OPERATORS = [
  'equals',
  'differs',
  'contains',
  'at_least',
  'at_most',
  'is_null',
  'is_not_null',
] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** A condition on one column. `value` is the text as typed; the source casts it to the column's type. */
export interface GridFilter {
  column: string;
  operator: FilterOperator;
  value: string;
}

export interface ColumnProfile {
  column: string;
  rows: number;
  nulls: number;
  /** null when it was not counted. */
  distinct: number | null;
  /** Printed as the grid prints values; null for columns without an order, or without values. */
  min: string | null;
  max: string | null;
  median: string | null;
  /** For numbers only. */
  mean: number | null;
  /** Equal-width bins of a number or time column, lower edges first; edges of a time are microseconds UTC. */
  bins: readonly { from: number; to: number; rows: number }[];
  /** The most frequent values of the other columns, most frequent first. */
  top: readonly { value: string; rows: number }[];
}

export interface GridColumn extends ColumnInfo {
  /** What it is called on the screen and in copies, where that is not its name. */
  title?: string;
}

/** What a column is called on the screen. */
export const titleOf = ({ name, title }: GridColumn): string => title ?? name;

/** Where a grid's rows come from. `rows` and `columns` are known before the first page. */
export interface GridSource {
  /** Changes whenever the rows do: `cell id + run id`. Everything cached is dropped with it. */
  key: string;
  rows: number;
  columns: readonly GridColumn[];
  /** Rows `start` to `start + count` (exclusive) under the order and conditions. May give fewer at the end. */
  page(
    start: number,
    count: number,
    sort?: GridSort | null,
    filter?: readonly GridFilter[],
    signal?: AbortSignal,
  ): Promise<GridRow[]>;
  /** Rows that meet the conditions. Without it the grid offers no filter. */
  count?(filter: readonly GridFilter[], signal?: AbortSignal): Promise<number>;
  /** Asked for one column at a time, only for columns on screen, after the rows on screen have arrived. */
  profile?(column: string, signal?: AbortSignal): Promise<ColumnProfile>;
}

/** What a feature cell says beside its value. */
export interface CellStatus {
  status: ValueStatus;
  leaks: boolean;
  /** More exact words than the status itself: `expired 2d 4h`, `default, no events`. */
  note: string | null;
}

export interface GridSelectionValue {
  row: number;
  column: string;
  value: unknown;
  values: GridRow;
}

export interface ResultGridProps {
  source: GridSource;
  /** `row` is the position on screen (it moves with sort and filter); `values` is the row itself. */
  cellStatus?(row: number, column: string, values: GridRow): CellStatus | null;
  /** Pixels, header included. The grid shrinks to its rows when they need less. */
  height: number;
  /** For screen readers: `rows of train`. */
  label?: string;
  /** Columns that can have a status get room for its words; without it all do when `cellStatus` is given. */
  statusColumns?: readonly string[];
  /** Pixels by column, where more is known than name and type tell. */
  firstWidths?: Readonly<Record<string, number>>;
  onSelectValue?(selection: GridSelectionValue): void;
}

/** What a selection in a chart covers: per field an interval, or the picked values; null = nothing is selected. */
export type ChartSelection = Readonly<Record<string, readonly unknown[]>> | null;

export interface VegaChartProps {
  /** A Vega-Lite specification without `data`. Another object draws the chart from the start. */
  spec: Record<string, unknown>;
  /** Other rows under the same specification are drawn at once. */
  data: readonly GridRow[];
  /** The accessible name, and the heading when `spec` has none. */
  title: string;
  /** Pixels. The width follows the container. */
  height: number;
  /** Pixels that the heading leaves to what stands beside it. */
  tools?: number;
  /** Hears of the selection `brush` or `pick` of the specification while it moves. */
  onSelection?(selection: ChartSelection): void;
  /** What is selected when the chart is drawn from the start. */
  selected?: ChartSelection;
  /** Counts up whenever the selection is to be taken back. */
  cleared?: number;
}

export interface FeatureCardsProps {
  result: TrainingResult;
  /** The way from a sample to all rows, beside the words that say so. */
  whole?: ReactNode;
  /** By output column; a card draws its histogram once the profile is there. */
  profiles?: ReadonlyMap<string, ColumnProfile>;
  /** By ref `view:feature`: the policy in words, `default 0.0`, `stays NULL`. */
  policies?: ReadonlyMap<string, string>;
  /** The ref of the card that is marked as selected. */
  selected?: string | null;
  onSelect?(ref: string): void;
}
