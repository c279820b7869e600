import type { SkewMissing } from '../../../engine/skew/charts/missing';
import type { ThemeColors } from '../css-colors';
import {
  barsOf,
  names,
  PERCENT,
  share,
  SHARES,
  sideColor,
  tooltip,
  type ChartFace,
  type Compared,
  type Rows,
} from './chart-face';

/** Lines of the chart, each with a bar per side. */
const MOST_LINES = 7;

/** NULLs and defaults of both sides. */
export function missingFace(compared: Compared, colors: ThemeColors): ChartFace {
  return {
    title: 'Missing values and defaults',
    spec: {
      mark: barsOf('yOffset'),
      // Its names leave the plot little width: the legend reaches over them.
      config: { legend: { layout: { top: { anchor: 'end' } } } },
      encoding: {
        y: { field: 'what', type: 'nominal', sort: null, title: null, axis: names(190) },
        yOffset: { field: 'side', sort: null },
        x: {
          field: 'share',
          type: 'quantitative',
          title: 'share of rows',
          axis: PERCENT,
          scale: SHARES,
        },
        color: sideColor(compared, colors),
        tooltip: tooltip(
          ['side', 'side'],
          ['what', 'what'],
          ['rows', 'rows'],
          ['share', 'share', { format: '.2%' }],
        ),
      },
    },
  };
}

/** The chosen feature's lines first, then those on which the sides differ most; what neither side has is left out. */
export function missingRows({ feature, sides }: Compared, missing: readonly SkewMissing[]): Rows {
  const lines = missing.flatMap(({ column, rows, nulls, defaults }) => [
    { column, rows, what: `NULL: ${column}`, counts: nulls },
    ...(defaults === null ? [] : [{ column, rows, what: `default: ${column}`, counts: defaults }]),
  ]);
  const apart = ({ counts: [left, right] }: { counts: [number, number] }): number => Math.abs(left - right);
  return lines
    .filter(({ counts: [left, right] }) => left + right > 0)
    .sort((a, b) => Number(b.column === feature) - Number(a.column === feature) || apart(b) - apart(a))
    .slice(0, MOST_LINES)
    .flatMap(({ what, rows, counts }) =>
      counts.map((count, at) => ({ what, side: sides[at], rows: count, share: share(count, rows) })),
    );
}
