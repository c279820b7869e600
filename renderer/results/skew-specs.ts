import type { ThemeColors } from './css-colors';
import type { SkewChartsProps } from './types';

type Json = Record<string, unknown>;
export interface ChartPart {
  spec: Json;
  data: Record<string, unknown>[];
  title: string;
}

/** The two sides' colours by name, with the legend on top; the pair stays apart for colour-blind eyes. */
function sideColor({ leftName, rightName }: SkewChartsProps, { train, serve }: ThemeColors): Json {
  return {
    field: 'side',
    type: 'nominal',
    title: null,
    scale: { domain: [leftName, rightName], range: [train, serve] },
  };
}

/** Both sides' share of rows per bin, laid over each other. */
export function distributionChart(props: SkewChartsProps, colors: ThemeColors): ChartPart {
  const { bins, leftName, rightName, feature } = props;
  const totals = { left: sum(bins.map((bin) => bin.left)), right: sum(bins.map((bin) => bin.right)) };
  const data = bins.flatMap(({ from, to, left, right }) => [
    { from, to, side: leftName, share: share(left, totals.left), rows: left },
    { from, to, side: rightName, share: share(right, totals.right), rows: right },
  ]);
  return {
    title: `${feature}: distribution`,
    data,
    spec: {
      mark: { type: 'bar', opacity: 0.45, binSpacing: 0, tooltip: true },
      encoding: {
        x: { field: 'from', type: 'quantitative', bin: { binned: true }, title: feature },
        x2: { field: 'to' },
        y: {
          field: 'share',
          type: 'quantitative',
          stack: null,
          title: 'share of rows',
          axis: { format: '%', tickCount: 4 },
        },
        color: sideColor(props, colors),
        tooltip: [{ field: 'side' }, { field: 'from' }, { field: 'to' }, { field: 'rows' }],
      },
    },
  };
}

/** Both sides' share of rows per value, side by side, most frequent first. */
export function categoryChart(props: SkewChartsProps, colors: ThemeColors): ChartPart {
  const categories = props.categories ?? [];
  const totals = {
    left: sum(categories.map((one) => one.left)),
    right: sum(categories.map((one) => one.right)),
  };
  const data = categories.flatMap(({ value, left, right }) => [
    { value, side: props.leftName, share: share(left, totals.left), rows: left },
    { value, side: props.rightName, share: share(right, totals.right), rows: right },
  ]);
  return {
    title: `${props.feature}: values`,
    data,
    spec: {
      mark: { type: 'bar', tooltip: true },
      encoding: {
        y: { field: 'value', type: 'nominal', sort: null, title: null },
        yOffset: { field: 'side', sort: null },
        x: {
          field: 'share',
          type: 'quantitative',
          title: 'share of rows',
          axis: { format: '%', tickCount: 4 },
        },
        color: sideColor(props, colors),
        tooltip: [{ field: 'side' }, { field: 'value' }, { field: 'rows' }],
      },
    },
  };
}

/** One point per compared row: where both sides agree it lies on the diagonal. */
export function scatterChart(props: SkewChartsProps, colors: ThemeColors): ChartPart {
  const { points, feature, leftName, rightName } = props;
  const values = points.flatMap(({ left, right }) => [left, right]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const data = points.map(({ left, right, differs }) => ({
    left,
    right,
    what: differs ? 'differs' : 'equal',
  }));
  const scale = { zero: false, nice: true };
  return {
    title: `${feature}: ${leftName} against ${rightName}`,
    data,
    spec: {
      layer: [
        {
          data: {
            values: [
              { left: low, right: low },
              { left: high, right: high },
            ],
          },
          mark: { type: 'line', color: colors.faint, strokeDash: [3, 3], strokeWidth: 1 },
          encoding: {
            x: { field: 'left', type: 'quantitative' },
            y: { field: 'right', type: 'quantitative' },
          },
        },
        {
          mark: { type: 'point', filled: true, size: 14, opacity: 0.6 },
          encoding: {
            x: { field: 'left', type: 'quantitative', title: leftName, scale },
            y: { field: 'right', type: 'quantitative', title: rightName, scale },
            color: {
              field: 'what',
              type: 'nominal',
              title: null,
              scale: { domain: ['equal', 'differs'], range: [colors.train, colors.serve] },
            },
            shape: {
              field: 'what',
              type: 'nominal',
              title: null,
              scale: { domain: ['equal', 'differs'], range: ['circle', 'cross'] },
            },
          },
        },
      ],
    },
  };
}

/** Share of differing rows as bars, mean difference as a line above its own axis, per period. */
export function overTimeChart(props: SkewChartsProps, colors: ThemeColors): ChartPart {
  const x = { field: 'time', type: 'temporal', title: 'event time (UTC)', axis: { tickCount: 5 } };
  const numeric = props.overTime.some(({ difference }) => difference !== null);
  const shares = {
    mark: {
      type: 'area',
      color: colors.serve,
      opacity: 0.3,
      line: { color: colors.serve, strokeWidth: 1 },
      tooltip: true,
    },
    encoding: {
      x,
      y: {
        field: 'mismatchShare',
        type: 'quantitative',
        title: 'rows that differ',
        scale: { domain: [0, 1] },
        axis: { format: '%', tickCount: 4, titleColor: colors.serve },
      },
    },
  };
  const differences = {
    mark: { type: 'line', color: colors.train, point: { size: 12, color: colors.train } },
    encoding: {
      x,
      y: {
        field: 'difference',
        type: 'quantitative',
        title: `mean ${props.rightName} - ${props.leftName}`,
        scale: { zero: true },
        axis: { orient: 'right', grid: false, tickCount: 4, titleColor: colors.train },
      },
    },
  };
  return {
    title: `${props.feature}: difference over time`,
    data: props.overTime.map((period) => ({ ...period })),
    spec: { layer: numeric ? [shares, differences] : [shares], resolve: { scale: { y: 'independent' } } },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
