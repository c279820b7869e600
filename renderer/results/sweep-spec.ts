import type { SweepPoint } from '../../engine/results';
import { delayWords } from '../../engine/stream/words';
import type { ThemeColors } from './css-colors';
import type { ChartPart } from './charts/chart-face';

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
        // Delays lie orders of magnitude apart: each has a place of its own.
        x: {
          field: 'delay',
          type: 'ordinal',
          sort: { field: 'at' },
          title: 'watermark delay',
          axis: { labelAngle: 0 },
        },
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
