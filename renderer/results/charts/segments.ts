import type { TimeFrame } from '../../../engine/skew/charts/over-time';
import type { SkewSegments } from '../../../engine/skew/charts/by-segment';
import type { ThemeColors } from '../css-colors';
import {
  barsOf,
  label,
  names,
  PERCENT,
  PICK_PARAM,
  PICKED,
  share,
  SHARES,
  timeFormat,
  timeScale,
  tooltip,
  type ChartFace,
  type Compared,
  type Rows,
} from './chart-face';

/** The share of rows that differ per value of a column, or per stretch of time that is `every` microseconds long. */
export function segmentFace(
  { feature }: Pick<Compared, 'feature'>,
  { by, every, span }: { by: string; every: bigint | null; span: TimeFrame | null },
  colors: ThemeColors,
): ChartFace {
  const isTime = every !== null;
  const title = 'rows that differ';
  const length = { field: 'share', type: 'quantitative', title, axis: PERCENT, scale: SHARES };
  const place = isTime
    ? {
        x: {
          field: 'from',
          type: 'temporal',
          title: 'event time (UTC)',
          axis: {
            tickCount: 5,
            ...timeFormat(Number(every) / 1000, span === null ? Infinity : span.last - span.first),
          },
          ...(span === null ? {} : { scale: timeScale(stretches(span, Number(every) / 1000)) }),
        },
        x2: { field: 'to' },
        y: length,
        y2: { datum: 0 },
      }
    : {
        y: { field: 'label', type: 'nominal', sort: null, title: null, axis: names(140) },
        x: length,
      };
  return {
    title: `${feature}: by ${by}`,
    spec: {
      params: [PICK_PARAM],
      mark: { ...(isTime ? { type: 'bar' } : barsOf('y')), color: colors.serve, cursor: 'pointer' },
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

/** Whole stretches that hold the span: the axis stays where it is, whatever rows are selected. */
function stretches({ first, last }: TimeFrame, every: number): [from: number, to: number] {
  return [Math.floor(first / every) * every, (Math.floor(last / every) + 1) * every];
}

/** `every`: how long a stretch is, in microseconds; null for a column. */
export function segmentRows({ segments }: SkewSegments, every: bigint | null): Rows {
  // A row without a time has no place along it.
  const placed = every === null ? segments : segments.filter(({ value }) => value !== null);
  return placed.map(({ value, rows, mismatches }) => {
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
