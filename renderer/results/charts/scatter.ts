import type { BinFrame } from '../../../engine/skew/charts/histogram';
import type { SkewQuantile } from '../../../engine/skew/charts/quantiles';
import type { SkewPoint } from '../../../engine/skew/charts/scatter';
import type { ThemeColors } from '../css-colors';
import { brushParam, tooltip, type ChartFace, type Compared, type Json, type Rows } from './chart-face';

/** Both axes over the same span, whatever rows are drawn. */
function axes(sides: Compared['sides'], { from, width, count }: BinFrame): { x: Json; y: Json } {
  const scale = { domain: [from, from + width * count], zero: false, nice: true };
  return {
    x: { field: 'left', type: 'quantitative', title: sides[0], scale, axis: { tickCount: 5 } },
    y: { field: 'right', type: 'quantitative', title: sides[1], scale, axis: { tickCount: 5 } },
  };
}

function diagonal({ from, width, count }: BinFrame, colors: ThemeColors): Json {
  const to = from + width * count;
  return {
    data: {
      values: [
        { left: from, right: from },
        { left: to, right: to },
      ],
    },
    mark: { type: 'line', color: colors.faint, strokeDash: [3, 3], strokeWidth: 1 },
    encoding: {
      x: { field: 'left', type: 'quantitative' },
      y: { field: 'right', type: 'quantitative' },
    },
  };
}

/** One point per compared row: where both sides agree it lies on the diagonal. */
export function scatterFace({ feature, sides }: Compared, frame: BinFrame, colors: ThemeColors): ChartFace {
  const what = (of: 'color' | 'shape'): Json => ({
    field: 'what',
    type: 'nominal',
    title: null,
    scale: {
      domain: ['equal', 'differs'],
      range: of === 'color' ? [colors.train, colors.serve] : ['circle', 'cross'],
    },
  });
  return {
    title: `${feature}: ${sides[0]} against ${sides[1]}`,
    spec: {
      layer: [
        diagonal(frame, colors),
        {
          params: [brushParam(['x', 'y'], colors)],
          mark: { type: 'point', filled: true, size: 14, opacity: 0.6 },
          encoding: {
            ...axes(sides, frame),
            color: what('color'),
            shape: what('shape'),
            tooltip: tooltip(['left', sides[0]], ['right', sides[1]]),
          },
        },
      ],
    },
  };
}

export function scatterRows(points: readonly SkewPoint[]): Rows {
  return points.map(({ left, right, differs }) => ({ left, right, what: differs ? 'differs' : 'equal' }));
}

/** Quantiles of one side against those of the other: on the diagonal where both sides spread alike. */
export function quantileFace({ feature, sides }: Compared, frame: BinFrame, colors: ThemeColors): ChartFace {
  return {
    title: `${feature}: quantiles`,
    spec: {
      layer: [
        diagonal(frame, colors),
        {
          mark: { type: 'point', filled: true, size: 16, opacity: 0.8, color: colors.serve },
          encoding: {
            ...axes(sides, frame),
            tooltip: tooltip(
              ['share', 'rows below', { format: '.1%' }],
              ['left', sides[0]],
              ['right', sides[1]],
            ),
          },
        },
      ],
    },
  };
}

export function quantileRows(quantiles: readonly SkewQuantile[]): Rows {
  return quantiles.map((one) => ({ ...one }));
}
