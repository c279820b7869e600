import { useEffect, useRef, useState } from 'react';
import type { View } from 'vega';
import { turn } from '../app/turns';
import { chartSpec, isComposed } from './chart-spec';
import { clearSelected, onSelected, showRows, withSelection } from './chart-view';
import './chart.css';
import { useThemeColors } from './css-colors';
import type { VegaChartProps } from './types';

/** Beyond this many rows a canvas draws faster than SVG elements do. */
const SVG_ROWS = 1_500;

/** A Vega-Lite chart under a strict content security policy; the width follows the container. */
export function VegaChart(props: VegaChartProps) {
  const { spec, data, title, height, tools, cleared = 0 } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<View | null>(null);
  const drawn = useRef<typeof data | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const colors = useThemeColors();
  const [width, setWidth] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const renderer = data.length > SVG_ROWS ? 'canvas' : 'svg';

  useEffect(() => {
    const element = host.current!;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (width === 0) return;
    const end = new AbortController();
    const { signal } = end;
    let finalize = () => {};
    const tell = (message: string) => {
      if (!signal.aborted) setProblem(message);
    };
    const draw = async () => {
      const { compileSpec, makeView } = await import('./vega-runtime');
      // Each step takes tens of milliseconds.
      await turn(signal);
      if (signal.aborted) return;
      const rows = latest.current.data;
      const begun = withSelection(spec, latest.current.selected ?? null);
      const compiled = compileSpec(
        chartSpec({ spec: begun, data: rows, title, width, height, tools, colors }),
        tell,
      );
      await turn(signal);
      if (signal.aborted) return;
      const made = makeView(compiled, { container: host.current!, renderer, onProblem: tell });
      finalize = () => {
        made.finalize();
        if (view.current === made) view.current = null;
      };
      setProblem(null);
      await turn(signal);
      if (signal.aborted) return;
      await made.runAsync();
      if (signal.aborted) return;
      onSelected(made, (selection) => latest.current.onSelection?.(selection));
      view.current = made;
      drawn.current = rows;
      // Rows that came while it was drawn for the first time.
      if (latest.current.data !== rows) {
        drawn.current = latest.current.data;
        await showRows(made, latest.current.data);
      }
    };
    draw().catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)));
    return () => {
      end.abort();
      finalize();
    };
  }, [spec, title, width, height, tools, colors, renderer]);

  useEffect(() => {
    if (view.current === null || drawn.current === data) return;
    drawn.current = data;
    showRows(view.current, data).catch((error: unknown) => setProblem(String(error)));
  }, [data]);

  useEffect(() => {
    if (cleared > 0 && view.current !== null) void clearSelected(view.current);
  }, [cleared]);

  return (
    <figure
      className="chart"
      role="img"
      aria-label={title}
      data-chart={problem === null ? 'drawn' : 'failed'}
    >
      <div
        ref={host}
        className={isComposed(spec) ? 'chart-host chart-wide' : 'chart-host'}
        style={{ minHeight: height }}
      />
      {problem !== null && (
        <figcaption className="chart-problem" role="alert">
          This chart cannot be drawn: {problem}
        </figcaption>
      )}
    </figure>
  );
}
