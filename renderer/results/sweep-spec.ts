import type { SweepPoint } from '../../engine/results';
import { delayWords } from '../../engine/stream/words';
import type { ThemeColors } from './css-colors';
import type { ChartPart } from './charts/chart-face';

/** Lines of the chart of differences. */
const MOST_LINES = 7;

/** Delays lie orders of magnitude apart: each has a place of its own. */
const DELAYS = {
  field: 'delay',
  type: 'ordinal',
  sort: { field: 'at' },
  title: 'watermark delay',
  axis: { labelAngle: 0 },
};

/** Share of entities that equal the batch source, and share of rows that are late, by the watermark's delay. */
export function sweepChart(sweep: readonly SweepPoint[], { train, serve }: ThemeColors): ChartPart {
  const match = 'entities equal to batch';
  const late = 'rows dropped as late';
  return {
    title: 'Match rate by watermark delay',
    data: sweep.flatMap((point, at) => {
      const delay = delayWords(point.delay_us);
      return [
        { at, delay, what: match, share: point.match_rate, count: null },
        { at, delay, what: late, share: point.late_share, count: point.late },
      ];
    }),
    spec: {
      mark: { type: 'line', point: { filled: true, size: 40 }, tooltip: true },
      encoding: {
        x: DELAYS,
        y: {
          field: 'share',
          type: 'quantitative',
          title: 'share',
          scale: { domain: [0, 1] },
          axis: { format: '%', tickCount: 4 },
        },
        color: {
          field: 'what',
          type: 'nominal',
          title: null,
          scale: { domain: [match, late], range: [train, serve] },
        },
        shape: {
          field: 'what',
          type: 'nominal',
          title: null,
          scale: { domain: [match, late], range: ['circle', 'square'] },
        },
        tooltip: [
          { field: 'delay' },
          { field: 'what' },
          { field: 'share', format: '.2%' },
          { field: 'count' },
        ],
      },
    },
  };
}

/** How far the values of each feature are off, by the watermark's delay; those that are off most, as many as tell apart. */
export function sweepDifferences(sweep: readonly SweepPoint[]): ChartPart {
  const most = new Map<string, number>();
  for (const { features } of sweep)
    for (const { ref, differing, mean_abs_diff: mean } of features)
      if (mean !== null) most.set(ref, Math.max(most.get(ref) ?? 0, differing));
  const shown = [...most].sort(([, a], [, b]) => b - a).slice(0, MOST_LINES);
  const refs = new Set(shown.map(([ref]) => ref));
  return {
    title: 'Difference, where there is one, by watermark delay',
    data: sweep.flatMap(({ delay_us: delay, features }, at) =>
      features
        .filter(({ ref }) => refs.has(ref))
        .map(({ ref, differing, mean_abs_diff: mean, max_abs_diff: max }) => ({
          at,
          delay: delayWords(delay),
          feature: ref.slice(ref.indexOf(':') + 1),
          // Nothing differs: the difference is none.
          mean: differing === 0 ? 0 : mean,
          max: differing === 0 ? 0 : max,
          differing,
        })),
    ),
    spec: {
      mark: { type: 'line', point: { filled: true, size: 40 } },
      encoding: {
        x: DELAYS,
        y: {
          field: 'mean',
          type: 'quantitative',
          title: 'mean |diff|',
          scale: { zero: true },
          axis: { tickCount: 4, format: '~g' },
        },
        color: { field: 'feature', type: 'nominal', title: null, legend: { labelLimit: 180 } },
        tooltip: [
          { field: 'delay' },
          { field: 'feature' },
          { field: 'differing', title: 'entities that differ' },
          { field: 'mean', title: 'mean difference' },
          { field: 'max', title: 'greatest' },
        ],
      },
    },
  };
}
