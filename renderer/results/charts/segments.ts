import type { SkewSegments } from '../../../engine/skew/charts/by-segment';
import type { ThemeColors } from '../css-colors';
import {
  label,
  PERCENT,
  PICK_PARAM,
  PICKED,
  share,
  tooltip,
  type ChartFace,
  type Compared,
  type Rows,
} from './chart-face';

/** The share of rows that differ per value of a column, or per stretch of time. */
export function segmentFace(
  { feature }: Pick<Compared, 'feature'>,
  { by, isTime }: { by: string; isTime: boolean },
  colors: ThemeColors,
): ChartFace {
  const title = 'rows that differ';
  const length = { field: 'share', type: 'quantitative', title, axis: PERCENT, scale: { zero: true } };
  const place = isTime
    ? {
        x: { field: 'from', type: 'temporal', title: 'event time (UTC)', axis: { tickCount: 5 } },
        x2: { field: 'to' },
        y: length,
      }
    : {
        y: { field: 'label', type: 'nominal', sort: null, title: null, axis: { labelLimit: 120 } },
        x: length,
      };
  return {
    title: `${feature}: by ${by}`,
    spec: {
      params: [PICK_PARAM],
      mark: { type: 'bar', color: colors.serve, cursor: 'pointer' },
      encoding: {
        ...place,
        opacity: PICKED,
        tooltip: tooltip(
          ['label', by],
          ['share', 'differ', { format: '.1%' }],
          ['mismatches', 'rows that differ'],
          ['rows', 'rows'],
        ),
      },
    },
  };
}

/** `every`: how long a stretch is, in microseconds; null for a column. */
export function segmentRows({ segments }: SkewSegments, every: bigint | null): Rows {
  return segments.map(({ value, rows, mismatches }) => {
    const counts = { value, rows, mismatches, share: share(mismatches, rows) };
    if (every === null || value === null) return { ...counts, label: label(value) };
    const [from, to] = [BigInt(value), BigInt(value) + every].map((time) => Number(time) / 1000) as [
      number,
      number,
    ];
    return {
      ...counts,
      from,
      to,
      label: `${new Date(from).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    };
  });
}
