import type { ThemeColors } from './css-colors';
import type { ChartPart } from './charts/chart-face';

/** A number per window of time, with the line that it should not be above and the stretch that it is compared with. */
export interface WindowsChart {
  title: string;
  /** What the number is, for the axis. */
  measure: string;
  /** d3-format of the axis, such as `%`. */
  format?: string;
  /** `time` in milliseconds since 1970, UTC; null is a gap. */
  points: readonly { time: number; value: number | null; above: boolean }[];
  line: number | null;
  /** What is written on the line. */
  lineName: string;
  reference: { start: number; end: number } | null;
}

/** The number as a line that breaks at gaps; the reference shaded, the alarm line dashed, windows above it marked by shape. */
export function windowsChart(chart: WindowsChart, colors: ThemeColors): ChartPart {
  const { points, line, lineName, reference, measure, format } = chart;
  const x = { field: 'time', type: 'temporal', title: 'window (UTC)', axis: { tickCount: 5 } };
  const axis = { tickCount: 4, ...(format === undefined ? {} : { format }) };
  const y = { field: 'value', type: 'quantitative', title: measure, scale: { zero: true }, axis };
  const shade = {
    data: { values: reference === null ? [] : [{ time: reference.start, end: reference.end }] },
    mark: { type: 'rect', color: colors.faint, opacity: 0.22 },
    encoding: { x, x2: { field: 'end' } },
  };
  const values = {
    mark: { type: 'line', color: colors.train, strokeWidth: 1.5, point: { size: 14, color: colors.train } },
    encoding: { x, y },
  };
  const above = {
    transform: [{ filter: 'datum.above' }],
    mark: { type: 'point', shape: 'triangle-up', filled: true, size: 60, color: colors.bad, opacity: 1 },
    encoding: { x, y },
  };
  const limit = {
    data: { values: [{ value: line, name: lineName }] },
    layer: [
      { mark: { type: 'rule', color: colors.bad, strokeDash: [4, 3] }, encoding: { y } },
      {
        mark: {
          type: 'text',
          align: 'left',
          baseline: 'bottom',
          dx: 3,
          dy: -2,
          color: colors.bad,
          fontSize: 10,
        },
        encoding: { y, x: { value: 0 }, text: { field: 'name', type: 'nominal' } },
      },
    ],
  };
  return {
    title: chart.title,
    data: points.map((point) => ({ ...point })),
    spec: {
      layer: [...(reference === null ? [] : [shade]), values, above, ...(line === null ? [] : [limit])],
    },
  };
}
