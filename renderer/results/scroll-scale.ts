/**
 * Browsers clamp an element's height at some 33 million pixels. Beyond MAX_HEIGHT the scroll bar therefore stands
 * for a longer, virtual range: positions along the bar are scaled, steps by wheel and keyboard are not.
 */
export const MAX_HEIGHT = 8_000_000;

export interface ScrollScale {
  /** Pixels of all rows. */
  virtualHeight: number;
  /** Pixels that the scrolled element really has. */
  realHeight: number;
  /** Pixels of rows on screen at once. */
  viewport: number;
}

export function scrollScale(rows: number, rowHeight: number, viewport: number): ScrollScale {
  const virtualHeight = rows * rowHeight;
  return { virtualHeight, realHeight: Math.min(virtualHeight, MAX_HEIGHT), viewport };
}

export function isScaled(scale: ScrollScale): boolean {
  return scale.realHeight < scale.virtualHeight;
}

function ratio({ virtualHeight, realHeight, viewport }: ScrollScale): number {
  const real = realHeight - viewport;
  return real <= 0 ? 1 : (virtualHeight - viewport) / real;
}

/** The virtual offset that the scroll bar's position stands for. Both ends meet exactly. */
export function toVirtual(scale: ScrollScale, scrollTop: number): number {
  return clampOffset(scale, isScaled(scale) ? scrollTop * ratio(scale) : scrollTop);
}

export function toReal(scale: ScrollScale, offset: number): number {
  return isScaled(scale) ? clampOffset(scale, offset) / ratio(scale) : offset;
}

export function clampOffset({ virtualHeight, viewport }: ScrollScale, offset: number): number {
  return Math.max(0, Math.min(offset, virtualHeight - viewport));
}

/** First row on screen and the row after the last, with `overscan` rows more on both sides. */
export function visibleRows(
  scale: ScrollScale,
  offset: number,
  rowHeight: number,
  overscan: number,
): { first: number; end: number } {
  const rows = Math.round(scale.virtualHeight / rowHeight);
  return {
    first: Math.max(0, Math.floor(offset / rowHeight) - overscan),
    end: Math.min(rows, Math.ceil((offset + scale.viewport) / rowHeight) + overscan),
  };
}

/** The offset nearest to the present one at which the row is fully on screen. */
export function offsetForRow(scale: ScrollScale, offset: number, row: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < offset) return clampOffset(scale, top);
  if (top + rowHeight > offset + scale.viewport) return clampOffset(scale, top + rowHeight - scale.viewport);
  return offset;
}

/** Columns on screen: `starts` holds each column's left edge and, last, the total width. */
export function visibleColumns(
  starts: readonly number[],
  left: number,
  width: number,
  overscan: number,
): { first: number; end: number } {
  const count = starts.length - 1;
  let first = 0;
  while (first < count && starts[first + 1]! <= left) first++;
  let end = first;
  while (end < count && starts[end]! < left + width) end++;
  return { first: Math.max(0, first - overscan), end: Math.min(count, end + overscan) };
}
