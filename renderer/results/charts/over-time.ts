import type { SkewPeriod, TimeFrame } from '../../../engine/skew/charts/over-time';
import type { ThemeColors } from '../css-colors';
import {
  brushParam,
  PERCENT,
  SHARES,
  timeFormat,
  timeScale,
  tooltip,
  type ChartFace,
  type Compared,
  type Json,
  type Rows,
} from './chart-face';

/** An instant that is marked: a definition was released, or values were written. Milliseconds since 1970, UTC. */
export interface TimeMark {
  name: string;
  time: number;
}

interface OverTime {
  frame: TimeFrame;
  /** Whether there is a mean difference to draw. */
  numeric: boolean;
  marks: readonly TimeMark[];
}

const TIME_TITLE = 'event time (UTC)';

/** Milliseconds of a period at least, so that a span of one period has a width. */
const PERIOD_MS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000 };

/** Where the axis begins and ends: whole periods. */
export function timeDomain({ unit, first, last }: TimeFrame): [from: number, to: number] {
  const step = PERIOD_MS[unit];
  return [Math.floor(first / step) * step, Math.ceil((last + 1) / step) * step];
}

/** Share of differing rows as an area, mean difference as a line above its own axis, releases as rules. */
export function overTimeFace(
  { feature, sides }: Compared,
  { frame, numeric, marks }: OverTime,
  colors: ThemeColors,
): ChartFace {
  const domain = timeDomain(frame);
  const x: Json = {
    field: 'time',
    type: 'temporal',
    title: TIME_TITLE,
    scale: timeScale(domain),
    axis: { tickCount: 5, ...timeFormat(PERIOD_MS[frame.unit], domain[1] - domain[0]) },
  };
  const shares = {
    params: [brushParam(['x'], colors)],
    mark: {
      type: 'area',
      color: colors.serve,
      opacity: 0.3,
      line: { color: colors.serve, strokeWidth: 1 },
      point: { size: 8, color: colors.serve },
    },
    encoding: {
      x,
      y: {
        field: 'mismatchShare',
        type: 'quantitative',
        title: 'rows that differ',
        stack: null,
        scale: SHARES,
        axis: { ...PERCENT, titleColor: colors.serve },
      },
      tooltip: tooltip(
        ['time', 'from'],
        ['mismatchShare', 'differ', { format: '.1%' }],
        ['rows', 'rows'],
      ).map((one) => (one['field'] === 'time' ? { ...one, type: 'temporal' } : one)),
    },
  };
  const differences = {
    mark: { type: 'line', color: colors.train, point: { size: 12, color: colors.train } },
    encoding: {
      x,
      y: {
        field: 'difference',
        type: 'quantitative',
        title: `mean ${sides[1]} - ${sides[0]}`,
        scale: { zero: true },
        axis: {
          orient: 'right',
          grid: false,
          tickCount: 4,
          format: '~g',
          titleColor: colors.train,
          titleLimit: 150,
        },
      },
    },
  };
  const shown = marks.filter(({ time }) => time >= domain[0] && time <= domain[1]);
  return {
    title: `${feature}: difference over time`,
    spec: {
      layer: [shares, ...(numeric ? [differences] : []), ...ruleLayers(shown, colors)],
      resolve: { scale: { y: 'independent' } },
    },
  };
}

function ruleLayers(marks: readonly TimeMark[], colors: ThemeColors): Json[] {
  if (marks.length === 0) return [];
  const data = { values: marks.map((mark) => ({ ...mark })) };
  const x = { field: 'time', type: 'temporal', title: TIME_TITLE };
  return [
    {
      data,
      mark: { type: 'rule', color: colors.ink, strokeDash: [4, 2], strokeWidth: 1 },
      encoding: {
        x,
        tooltip: [
          { field: 'name', title: 'mark' },
          { field: 'time', type: 'temporal', title: 'at' },
        ],
      },
    },
    {
      data,
      mark: {
        type: 'text',
        align: 'left',
        baseline: 'top',
        dx: 3,
        fontSize: 10,
        color: colors.ink,
        limit: 90,
      },
      encoding: { x, y: { value: 0 }, text: { field: 'name' } },
    },
  ];
}

export function overTimeRows(periods: readonly SkewPeriod[]): Rows {
  return periods.map((period) => ({ ...period }));
}
