import { useEffect, useRef, useState } from 'react';
import { turn } from '../app/turns';
import { chartSpec, isComposed } from './chart-spec';
import './chart.css';
import { useThemeColors } from './css-colors';
import type { VegaChartProps } from './types';

/** Beyond this many rows a canvas draws faster than SVG elements do. */
const SVG_ROWS = 1_500;

/** A Vega-Lite chart under a strict content security policy; the width follows the container. */
export function VegaChart({ spec, data, title, height }: VegaChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const colors = useThemeColors();
  const [width, setWidth] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);

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
      const compiled = compileSpec(chartSpec({ spec, data, title, width, height, colors }), tell);
      await turn(signal);
      if (signal.aborted) return;
      const renderer = data.length > SVG_ROWS ? 'canvas' : 'svg';
      const view = makeView(compiled, { container: host.current!, renderer, onProblem: tell });
      finalize = () => view.finalize();
      setProblem(null);
      await turn(signal);
      if (!signal.aborted) await view.runAsync();
    };
    draw().catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)));
    return () => {
      end.abort();
      finalize();
    };
  }, [spec, data, title, width, height, colors]);

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
