import type { ThemeColors } from './css-colors';
import { timeFormat, type ChartPart } from './charts/chart-face';

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
  /** Up to where the axis reaches at least (0.01): zeros alone would have no scale. */
  least?: number;
}

/** How far apart windows lie, in milliseconds. */
function stepOf([first, second]: WindowsChart['points']): number {
  return first === undefined || second === undefined ? 0 : second.time - first.time;
}

/** The number as a line that breaks at gaps; the reference shaded, the alarm line dashed, windows above it marked by shape. */
export function windowsChart(chart: WindowsChart, colors: ThemeColors): ChartPart {
  const { points, line, lineName, reference, measure, format, least = 0.01 } = chart;
  const x = {
    field: 'time',
    type: 'temporal',
    title: 'window (UTC)',
    axis: { tickCount: 5, ...timeFormat(stepOf(points)) },
  };
  const axis = { tickCount: 4, ...(format === undefined ? {} : { format }) };
  const y = {
    field: 'value',
    type: 'quantitative',
    title: measure,
    scale: { zero: true, domain: { unionWith: [0, least] } },
    axis,
  };
  const told = [
    { field: 'time', type: 'temporal', title: 'window' },
    { field: 'value', type: 'quantitative', title: measure, format: format === undefined ? '.4~g' : '.1%' },
  ];
  const shade = {
    data: { values: reference === null ? [] : [{ time: reference.start, end: reference.end }] },
    layer: [
      {
        mark: { type: 'rect', color: colors.faint, opacity: 0.22 },
        encoding: { x, x2: { field: 'end' } },
      },
      {
        mark: {
          type: 'text',
          align: 'left',
          baseline: 'middle',
          // Alarm lines lie higher, windows that look like the reference lower.
          y: { expr: 'height / 2' },
          dx: 3,
          color: colors.dim,
          fontSize: 10,
        },
        encoding: { x, text: { value: 'reference' } },
      },
    ],
  };
  const values = {
    mark: { type: 'line', color: colors.train, strokeWidth: 1.5, point: { size: 14, color: colors.train } },
    encoding: { x, y, tooltip: told },
  };
  const above = {
    transform: [{ filter: 'datum.above' }],
    mark: { type: 'point', shape: 'triangle-up', filled: true, size: 60, color: colors.bad, opacity: 1 },
    encoding: { x, y, tooltip: told },
  };
  const limit = {
    data: { values: [{ value: line, name: lineName }] },
    layer: [
      { mark: { type: 'rule', color: colors.bad, strokeDash: [4, 3] }, encoding: { y } },
      {
        mark: {
          type: 'text',
          align: 'right',
          baseline: 'bottom',
          dx: -3,
          dy: -2,
          color: colors.bad,
          fontSize: 10,
        },
        encoding: { y, x: { value: 'width' }, text: { field: 'name', type: 'nominal' } },
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
