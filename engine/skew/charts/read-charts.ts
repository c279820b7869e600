import type { Database, QueryOptions } from '../../database/database';
import { isNumeric } from '../../sql/compared-value';
import { featureOf } from '../compared-feature';
import type { PairFilter, SegmentBy } from '../pair-filter';
import type { BuiltSkew } from '../skew';
import { skewBySegment, type SkewSegments } from './by-segment';
import { categoryFrame, skewCategories, type CategoryFrame, type SkewCategory } from './categories';
import { binFrame, skewHistogram, type BinFrame, type SkewBin } from './histogram';
import { skewMissing, type SkewMissing } from './missing';
import { skewOverTime, timeFrame, type SkewPeriod, type TimeFrame } from './over-time';
import { skewQuantiles, type SkewQuantile } from './quantiles';
import { skewScatter, type SkewPoint } from './scatter';
import { skewSelected } from './selected';

/** What each chart of a feature draws. */
export interface ChartData {
  distribution: SkewBin[];
  categories: SkewCategory[];
  scatter: SkewPoint[];
  quantiles: SkewQuantile[];
  time: SkewPeriod[];
  /** null: the rows of the column's side are others by now. */
  segments: SkewSegments | null;
  missing: SkewMissing[];
  /** The rows that meet every condition, and how many of them differ. */
  selected: { rows: number; mismatches: number };
}
export type ChartName = keyof ChartData;

/** Where the axes lie, over all rows: a filter moves nothing. */
export interface ChartFrames {
  bins: BinFrame | null;
  categories: CategoryFrame | null;
  time: TimeFrame | null;
}

/** Errors: `catalog.unknown_feature`. */
export async function chartFrames(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: QueryOptions = {},
): Promise<ChartFrames> {
  return {
    bins: await binFrame(db, skew, name, options),
    categories: await categoryFrame(db, skew, name, options),
    time: await timeFrame(db, skew, options),
  };
}

/** Charts that have something to show for a feature, those that answer fastest first. */
export function chartsOf(skew: BuiltSkew, name: string): ChartName[] {
  return isNumeric(featureOf(skew, name))
    ? ['selected', 'distribution', 'scatter', 'time', 'segments', 'quantiles', 'missing']
    : ['selected', 'categories', 'time', 'segments', 'missing'];
}

/** Reads one chart's marks. */
export function readChart<N extends ChartName>(
  db: Database,
  skew: BuiltSkew,
  of: { name: string; chart: N; frames: ChartFrames; by: SegmentBy; filter: PairFilter },
  options: QueryOptions = {},
): Promise<ChartData[N]> {
  const { name, frames, by } = of;
  const given = { ...options, filter: of.filter };
  const readers: { [C in ChartName]: () => Promise<ChartData[C]> } = {
    distribution: () => skewHistogram(db, skew, name, { ...given, frame: frames.bins }),
    categories: () => skewCategories(db, skew, name, given),
    scatter: () => skewScatter(db, skew, name, given),
    quantiles: () => skewQuantiles(db, skew, name, given),
    time: () => skewOverTime(db, skew, name, { ...given, frame: frames.time }),
    segments: () => skewBySegment(db, skew, name, by, given),
    missing: () => skewMissing(db, skew, given),
    selected: () => skewSelected(db, skew, name, given),
  };
  return readers[of.chart]();
}
