import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { RowExplanation } from '../../engine/training/explanation';
import { countText } from '../results/numbers';
import { stepRow } from './step-row';
import { timeLine } from './time-line';
import { extentOf, movedTo, zoomedIn, zoomedOut, type TimeExtent, type TimeView } from './time-scale';
import { TimeLineDrawing } from './TimeLineDrawing';

export interface TimeLineFigureProps {
  explanation: RowExplanation;
  /** The chosen row, as a position in `explanation.candidates`; null where there is none. */
  chosen: number | null;
  onChoose(row: number): void;
}

/** The rows on a time line: arrow keys walk from row to row, `+`, `-` and `0` zoom. */
export function TimeLineFigure(props: TimeLineFigureProps) {
  const extent = useMemo(() => extentOf(props.explanation), [props.explanation]);
  return extent === null || props.explanation.candidates.length === 0 ? null : (
    <Figure {...props} extent={extent} />
  );
}

function Figure({ explanation, chosen, onChoose, extent }: TimeLineFigureProps & { extent: TimeExtent }) {
  const host = useRef<HTMLDivElement>(null);
  const hint = useId();
  const [width, setWidth] = useState(254);
  const [view, setView] = useState<TimeView | null>(null);
  useLayoutEffect(() => {
    const element = host.current!;
    const observer = new ResizeObserver(() => setWidth(Math.max(200, Math.floor(element.clientWidth))));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const line = useMemo(() => timeLine(explanation, extent, view, width), [explanation, extent, view, width]);
  const focus = (chosen === null ? null : explanation.candidates[chosen]?.at) ?? extent.t;
  const zoom = {
    in: () => setView(zoomedIn(extent, view, focus)),
    out: () => setView(zoomedOut(extent, view, focus)),
    whole: () => setView(null),
  };

  const choose = (row: number) => {
    const at = explanation.candidates[row]!.at;
    if (at !== null) setView((current) => movedTo(current, at));
    onChoose(row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = stepRow(explanation.candidates, chosen, event.key);
    if (next !== null) choose(next);
    else if (event.key === '+' || event.key === '=') zoom.in();
    else if (event.key === '-') zoom.out();
    else if (event.key === '0') zoom.whole();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <figure className="why-figure">
      <div
        ref={host}
        className="why-line"
        tabIndex={0}
        role="group"
        aria-roledescription="time line"
        aria-label={`Time line of ${countText(explanation.candidates.length)} rows`}
        aria-describedby={hint}
        data-testid="why-line"
        onKeyDown={onKeyDown}
      >
        <TimeLineDrawing line={line} extent={extent} chosen={chosen} onChoose={choose} />
      </div>
      <figcaption className="why-tools">
        <span>{view === null ? 'Margins not to scale' : ''}</span>
        <span id={hint} hidden>
          Arrow keys go from row to row, plus and minus zoom, 0 shows the whole.
        </span>
        <button type="button" className="button quiet icon" aria-label="Zoom in" onClick={zoom.in}>
          <ZoomIn size={13} />
        </button>
        <button
          type="button"
          className="button quiet icon"
          aria-label="Zoom out"
          disabled={view === null}
          onClick={zoom.out}
        >
          <ZoomOut size={13} />
        </button>
        <button
          type="button"
          className="button quiet icon"
          aria-label="Show the whole time line"
          disabled={view === null}
          onClick={zoom.whole}
        >
          <Maximize2 size={12} />
        </button>
      </figcaption>
    </figure>
  );
}
