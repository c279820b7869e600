import { isoMicroseconds } from '../catalog/instant';

const DAY = 86_400_000_000n;

/** One file of a backfill: the values of one view at one instant. */
export interface Partition {
  view: string;
  /** Microseconds UTC. */
  at: bigint;
  /** Relative to the backfill's folder, hive-partitioned. */
  file: string;
}

/**
 * Where the values of a view at an instant go: `<view>/date=2025-03-16/part.parquet`, and below the day
 * `time=HHMMSS` where several instants can share one (`every` microseconds, less than a day).
 */
export function partitionFile(view: string, at: bigint, every: bigint): string {
  const text = isoMicroseconds(at);
  const date = `date=${text.slice(0, 10)}`;
  const time = every < DAY ? [`time=${text.slice(11, 19).replaceAll(':', '')}`] : [];
  return [view, date, ...time, 'part.parquet'].join('/');
}
