import { useMemo, useState, type PointerEvent } from 'react';
import type { ColumnInfo } from '../../engine/database/database';
import { isList, isNumber, isTimestamp } from './type-names';

const MIN_WIDTH = 48;
const MAX_WIDTH = 600;
/** Pixels per character of the grid's small type, on average. */
const CHARACTER = 6.6;

const NONE: Readonly<Record<string, number>> = {};

export interface GridColumns {
  widths: readonly number[];
  /** Left edge of each column and, last, the total. */
  starts: readonly number[];
  total: number;
  setWidth(index: number, width: number): void;
  startResize(event: PointerEvent, index: number): void;
}

/** A first width from name and type alone, so that nothing moves when rows arrive. */
export function firstWidth({ name, type }: ColumnInfo, badges: boolean): number {
  const label = isTimestamp(type) ? `${name} (UTC)` : name;
  const heading = (label.length + 5) * CHARACTER + 26;
  const value = isTimestamp(type) ? 216 : isNumber(type) ? 84 : isList(type) ? 200 : 120;
  return Math.round(Math.min(320, Math.max(heading, value + (badges ? 166 : 0))));
}

/** Column widths, kept by name while the source's columns stay. */
export function useColumns(
  columns: readonly ColumnInfo[],
  badges: (column: string) => boolean,
  given: Readonly<Record<string, number>> = NONE,
): GridColumns {
  const [chosen, setChosen] = useState<Readonly<Record<string, number>>>({});
  return useMemo(() => {
    const widths = columns.map(
      (column) => chosen[column.name] ?? given[column.name] ?? firstWidth(column, badges(column.name)),
    );
    const starts = [0];
    for (const width of widths) starts.push(starts.at(-1)! + width);
    const setWidth = (index: number, width: number) => {
      const { name } = columns[index]!;
      const fitting = Math.round(Math.max(MIN_WIDTH, Math.min(width, MAX_WIDTH)));
      setChosen((before) => ({ ...before, [name]: fitting }));
    };
    const startResize = (event: PointerEvent, index: number) => {
      event.preventDefault();
      event.stopPropagation();
      const handle = event.currentTarget;
      const from = event.clientX;
      const width = widths[index]!;
      handle.setPointerCapture(event.pointerId);
      const move = (moved: Event) => setWidth(index, width + (moved as MouseEvent).clientX - from);
      const end = () => {
        handle.removeEventListener('pointermove', move);
        handle.removeEventListener('pointerup', end);
        handle.removeEventListener('pointercancel', end);
      };
      handle.addEventListener('pointermove', move);
      handle.addEventListener('pointerup', end);
      handle.addEventListener('pointercancel', end);
    };
    return { widths, starts, total: starts.at(-1)!, setWidth, startResize };
  }, [columns, chosen, badges, given]);
}
