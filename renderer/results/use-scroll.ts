import { useEffect, useState, type RefObject } from 'react';
import {
  clampOffset,
  isScaled,
  scrollScale,
  toReal,
  toVirtual,
  visibleRows,
  type ScrollScale,
} from './scroll-scale';

interface Scrolled {
  /** Virtual pixels above the first row on screen. */
  offset: number;
  /** The element's own position; what `offset` stands for when the range is not scaled. */
  top: number;
  left: number;
  width: number;
  height: number;
}

export interface GridScroll {
  scale: ScrollScale;
  rows: { first: number; end: number };
  left: number;
  width: number;
  /** Where a row is drawn, in pixels of the scrolled element. */
  topOf(row: number): number;
  scrollTo(offset: number): void;
  offset: number;
}

const START: Scrolled = { offset: 0, top: 0, left: 0, width: 0, height: 0 };
const OVERSCAN = 6;

/**
 * Follows a scrolled element and tells which rows are on screen. Beyond what a browser can scroll, the bar is
 * scaled and the wheel is taken over, so that a notch still moves by some rows and not by thousands.
 */
export function useScroll(
  scroller: RefObject<HTMLDivElement | null>,
  rows: number,
  rowHeight: number,
  header: number,
): GridScroll {
  const [scrolled, setScrolled] = useState(START);
  const viewport = Math.max(0, scrolled.height - header);
  const scale = scrollScale(rows, rowHeight, viewport);

  useEffect(() => {
    const element = scroller.current!;
    const read = () =>
      setScrolled((before) => {
        const { scrollTop: top, scrollLeft: left, clientWidth: width, clientHeight: height } = element;
        const now = scrollScale(rows, rowHeight, Math.max(0, height - header));
        // After a step of our own the bar stands within a pixel of the exact offset, which is then kept.
        const kept = isScaled(now) && Math.abs(toReal(now, before.offset) - top) <= 1;
        return {
          offset: clampOffset(now, kept ? before.offset : toVirtual(now, top)),
          top,
          left,
          width,
          height,
        };
      });
    const wheel = (event: WheelEvent) => {
      const now = scrollScale(rows, rowHeight, Math.max(0, element.clientHeight - header));
      if (!isScaled(now) || event.deltaY === 0 || event.ctrlKey || event.shiftKey) return;
      const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * rowHeight : event.deltaY;
      setScrolled((before) => {
        const offset = clampOffset(now, before.offset + step);
        if (offset === before.offset) return before;
        element.scrollTop = toReal(now, offset);
        return { ...before, offset, top: element.scrollTop };
      });
      const atEnd =
        step > 0 ? element.scrollTop >= now.realHeight - now.viewport - 1 : element.scrollTop <= 0;
      if (!atEnd) event.preventDefault();
    };
    read();
    const resize = new ResizeObserver(read);
    resize.observe(element);
    element.addEventListener('scroll', read, { passive: true });
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      resize.disconnect();
      element.removeEventListener('scroll', read);
      element.removeEventListener('wheel', wheel);
    };
  }, [scroller, rows, rowHeight, header]);

  return {
    scale,
    rows: visibleRows(scale, scrolled.offset, rowHeight, OVERSCAN),
    left: scrolled.left,
    width: scrolled.width,
    offset: scrolled.offset,
    topOf: (row) => row * rowHeight - scrolled.offset + (isScaled(scale) ? scrolled.top : scrolled.offset),
    scrollTo(offset) {
      const element = scroller.current;
      if (element === null) return;
      const exact = clampOffset(scale, offset);
      element.scrollTo({ top: toReal(scale, exact) });
      setScrolled((before) => ({ ...before, offset: exact, top: element.scrollTop }));
    },
  };
}
